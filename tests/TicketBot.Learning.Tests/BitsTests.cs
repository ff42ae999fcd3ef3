using System.Diagnostics;

namespace TicketBot.Learning.Tests;

/// <summary>The bits of training and prediction do not depend on the processor's vectors, the number of threads, or the run.</summary>
public class BitsTests
{
    [Theory]
    [InlineData("1", "", "")]
    [InlineData("2", "", "")]
    [InlineData("7", "", "")]
    [InlineData("1", "DOTNET_EnableAVX512", "0")]
    [InlineData("1", "DOTNET_EnableAVX2", "0")]
    [InlineData("1", "DOTNET_EnableHWIntrinsic", "0")]
    [InlineData("2", "DOTNET_PreferredVectorBitWidth", "512")]
    [InlineData("1", "DOTNET_TieredCompilation", "0")]
    public void A_process_of_other_settings_prints_the_same_bits(string threads, string variable, string value)
    {
        (string settings, string bits) = Run(threads, variable, value);
        Assert.Equal(Plain.Value.Bits, bits);
        Assert.Equal(10, bits.Split(' ').Distinct().Count());

        // A switch that switches nothing off would prove nothing.
        if (variable is "DOTNET_EnableAVX2" or "DOTNET_EnableHWIntrinsic")
        {
            Assert.Contains("vector256=False", settings, StringComparison.Ordinal);
        }

        if (variable.Length > 0 && value == "0" && variable != "DOTNET_TieredCompilation")
        {
            Assert.Contains("avx512=False", settings, StringComparison.Ordinal);
        }
    }

    private static readonly Lazy<(string Settings, string Bits)> Plain = new(() => Run("1", "", ""));

    private static (string Settings, string Bits) Run(string threads, string variable, string value)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(BitsProgram).Assembly.Location, threads]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (variable.Length > 0)
        {
            start.Environment[variable] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 && lines.Length == 2, $"exit {process.ExitCode}: {errors.GetAwaiter().GetResult()}");
        return (lines[0], lines[1]);
    }
}
