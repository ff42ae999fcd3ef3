using System.Diagnostics;

namespace TicketBot.Scenarios.Clients;

/// <summary>A fact that needs npm and, unless the packages lie there already, its registry; it is skipped, with the reason, where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NpmFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Reason = new(Ask);

    /// <summary>Marks a fact.</summary>
    public NpmFactAttribute() => Skip = Reason.Value;

    /// <summary>Where the scripts and their package list lie.</summary>
    internal static string Folder { get; } = Path.Combine(Repository.Root, "tests", "TicketBot.Scenarios", "Clients");

    /// <summary>Whether the packages of the lock file are installed.</summary>
    internal static bool IsInstalled
    {
        get
        {
            var installed = new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json"));
            return installed.Exists && installed.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json"));
        }
    }

    /// <summary>Runs a program in the folder of the scripts; returns its exit code, or <c>null</c> when there is no such program or it takes too long, and what it said.</summary>
    internal static async Task<(int? Code, string Output)> RunAsync(TimeSpan patience, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Folder };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            return (null, $"{program} cannot be started: {fault.Message}");
        }

        using (process)
        {
            using var limit = new CancellationTokenSource(patience);
            var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return (null, $"{program} took longer than {patience}: {string.Join('\n', await said)}");
            }

            return (process.ExitCode, string.Join('\n', await said));
        }
    }

    private static string? Ask()
    {
        // Discovery is not asynchronous.
        static (int? Code, string Output) Run(params string[] arguments) =>
            Task.Run(() => RunAsync(TimeSpan.FromSeconds(15), OperatingSystem.IsWindows() ? "npm.cmd" : "npm", arguments)).GetAwaiter().GetResult();

        return Run("--version").Code != 0 ? "npm is not installed"
            : IsInstalled || Run("ping").Code == 0 ? null
            : "the npm registry does not answer";
    }
}
