using System.IO.Compression;
using System.Text;
using TicketBot.Domain;
using TicketBot.Scenarios.Running;
using TicketBot.Testing;

namespace TicketBot.Scenarios;

/// <summary>What is wrong is named, nothing is started and nothing is lost.</summary>
[Collection(DaemonCollection.Name)]
public sealed class BadInputTests
{
    [Fact]
    public async Task Every_fault_of_a_configuration_is_named_at_once()
    {
        using var folder = new ScenarioFolder();
        var file = Path.Combine(folder.Path, "bad.json");
        await File.WriteAllTextAsync(file, """{"Trading":{"ConfidenceTreshold":0.7,"MaxPositionFraction":7,"Interval":"7m"}}""");
        var output = await RefusedAsync("run", "--config", file, "--data-folder", folder.Path, "--port", "0");
        Assert.Contains("ConfidenceTreshold", output, StringComparison.Ordinal);
        Assert.Contains("Trading:ConfidenceThreshold", output, StringComparison.Ordinal);
        Assert.Contains("MaxPositionFraction", output, StringComparison.Ordinal);
        Assert.Contains("7m", output, StringComparison.Ordinal);
        Assert.Empty(folder.FilesOf("journal.db*"));
    }

    [Fact]
    public async Task A_configuration_that_is_not_json_is_refused()
    {
        using var folder = new ScenarioFolder();
        var file = Path.Combine(folder.Path, "bad.json");
        await File.WriteAllTextAsync(file, """{"Trading": """);
        Assert.Contains("bad.json", await RefusedAsync("run", "--config", file, "--data-folder", folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_file_that_is_missing_is_refused()
    {
        using var folder = new ScenarioFolder();
        var file = Path.Combine(folder.Path, "bybit_BTCUSDT_15m.csv");
        Assert.Contains(file, await RefusedAsync("run", "--replay", file, "--data-folder", folder.Path, "--port", "0"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a word for a price", 7, "abc")]
    [InlineData("a price that is not finite", 9, "NaN")]
    public async Task A_replay_file_with_a_bad_value_is_refused_with_its_line(string what, int line, string value)
    {
        using var folder = new ScenarioFolder();
        var lines = Lines();
        var fields = lines[line].Split(',');
        fields[4] = value;
        lines[line] = string.Join(',', fields);
        var output = await RefusedReplayAsync(folder, string.Join('\n', lines) + "\n");
        Assert.True(output.Contains($"{line + 1}", StringComparison.Ordinal), $"{what}: line {line + 1} is not named in:\n{output}");
    }

    [Fact]
    public async Task A_replay_file_out_of_order_is_refused()
    {
        using var folder = new ScenarioFolder();
        var lines = Lines();
        (lines[20], lines[21]) = (lines[21], lines[20]);
        await RefusedReplayAsync(folder, string.Join('\n', lines) + "\n");
    }

    [Fact]
    public async Task A_replay_file_with_an_impossible_candle_is_refused()
    {
        using var folder = new ScenarioFolder();
        var lines = Lines();
        var fields = lines[15].Split(',');
        (fields[2], fields[3]) = (fields[3], fields[2]);
        lines[15] = string.Join(',', fields);
        await RefusedReplayAsync(folder, string.Join('\n', lines) + "\n");
    }

    [Fact]
    public async Task A_cut_gzip_file_is_refused()
    {
        using var folder = new ScenarioFolder();
        using var whole = new MemoryStream();
        await using (var gzip = new GZipStream(whole, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(string.Join('\n', Lines())));
        }

        var file = Path.Combine(folder.Path, "bybit_BTCUSDT_15m.csv.gz");
        await File.WriteAllBytesAsync(file, whole.ToArray()[..(int)(whole.Length * 2 / 3)]);
        Assert.Contains("bybit_BTCUSDT_15m.csv.gz", await RefusedAsync("run", "--replay", file, "--data-folder", folder.Path, "--port", "0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_verb_and_an_unknown_option_are_wrong_usage()
    {
        await RefusedAsync("trade");
        await RefusedAsync("run", "--sped", "0");
        await RefusedAsync("run", "--market", "planted:7");
    }

    private static async Task<string> RefusedReplayAsync(ScenarioFolder folder, string text)
    {
        var file = Path.Combine(folder.Path, "bybit_BTCUSDT_15m.csv");
        await File.WriteAllTextAsync(file, text);
        var output = await RefusedAsync("run", "--replay", file, "--data-folder", folder.Path, "--port", "0");
        Assert.Contains("bybit_BTCUSDT_15m.csv", output, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(file));
        return output;
    }

    private static async Task<string> RefusedAsync(params string[] arguments)
    {
        await using var daemon = DaemonProcess.Start(arguments);
        Assert.Equal(2, await daemon.ExitAsync(TimeSpan.FromSeconds(60)));
        Assert.DoesNotContain("   at TicketBot.", daemon.Output, StringComparison.Ordinal); // A message, not a stack.
        Assert.NotEqual("", daemon.Output.Trim());
        return daemon.Output;
    }

    private static string[] Lines() =>
    [
        "open_time_ms,open,high,low,close,volume,turnover",
        .. RandomCandles.Walk(400, 5, Interval.FifteenMinutes, price: 60_000).Select(c => FormattableString.Invariant(
            $"{c.OpenTime.UnixMilliseconds},{c.Open:F1},{Math.Max(c.High, Math.Max(c.Open, c.Close)) + 1:F1},{Math.Min(c.Low, Math.Min(c.Open, c.Close)) - 1:F1},{c.Close:F1},{c.Volume:F3},")),
    ];
}
