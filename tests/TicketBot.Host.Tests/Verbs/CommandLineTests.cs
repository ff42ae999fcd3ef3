using System.Text.Json;
using TicketBot.Host.Verbs;

namespace TicketBot.Host.Tests.Verbs;

public sealed class CommandLineTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ticketbot-verbs-").FullName;

    [Fact]
    public async Task An_unknown_verb_is_wrong_usage()
    {
        var (code, output, error) = await RunAsync("chekc");
        Assert.Equal(Exit.Usage, code);
        Assert.Empty(output);
        Assert.Contains("chekc", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistyped_option_is_a_configuration_fault_that_names_the_nearest()
    {
        var (code, _, error) = await RunAsync("check", "--set", "Trading:Intervall=1h");
        Assert.Equal(Exit.Usage, code);
        Assert.Contains("'Trading:Interval'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_verdict_is_refused_and_a_held_one_done()
    {
        Assert.Equal(Exit.Refused, (await RunAsync("check", "--equity", "10")).Code);
        Assert.Equal(Exit.Done, (await RunAsync("check", "--equity", "100000")).Code);
    }

    [Fact]
    public async Task With_json_a_verb_writes_one_document_and_nothing_else()
    {
        var (code, output, _) = await RunAsync("check", "--json", "--equity", "10");
        Assert.Equal(Exit.Refused, code);
        using var document = JsonDocument.Parse(output);
        Assert.Equal("failed", document.RootElement.GetProperty("verdict").GetString());
        Assert.Contains(document.RootElement.GetProperty("values").EnumerateArray(), v => v.GetProperty("key").GetString() == "Trading:ConfidenceThreshold" && v.GetProperty("default").GetString() == "0.65");
    }

    [Fact]
    public async Task With_json_configuration_faults_are_a_document_too()
    {
        var (code, output, _) = await RunAsync("check", "--json", "--set", "Trading:Interval=7m");
        Assert.Equal(Exit.Usage, code);
        using var document = JsonDocument.Parse(output);
        Assert.Equal("failed", document.RootElement.GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Without_a_daemon_a_client_verb_says_how_to_start_one()
    {
        var (code, _, error) = await RunAsync("status", "--data-folder", _folder);
        Assert.Equal(Exit.World, code);
        Assert.Contains("ticketbot run", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closing_action_needs_yes() => Assert.Equal(Exit.Usage, (await RunAsync("flatten", "--data-folder", _folder)).Code);

    [Fact]
    public async Task A_missing_replay_file_is_wrong_usage_and_leaves_no_folder_behind()
    {
        var (code, _, error) = await RunAsync("run", "--replay", "none_BTCUSDT_15m.csv", "--data-folder", Path.Combine(_folder, "new"));
        Assert.Equal(Exit.Usage, code);
        Assert.Contains("none_BTCUSDT_15m.csv", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "new")));
    }

    [Fact]
    public async Task A_replay_file_with_an_impossible_candle_names_the_line()
    {
        var path = Path.Combine(_folder, "bad_BTCUSDT_15m.csv");
        await File.WriteAllTextAsync(path, "open_time_ms,open,high,low,close,volume,turnover\n0,10,9,8,10,1,\n");
        var (code, _, error) = await RunAsync("run", "--replay", path, "--data-folder", _folder);
        Assert.Equal(Exit.Usage, code);
        Assert.Contains("high and low must bound open and close", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replays_of_different_intervals_are_refused()
    {
        var (code, _, error) = await RunAsync("run", "--replay", "a_BTCUSDT_15m.csv", "--replay", "a_ETHUSDT_1h.csv", "--data-folder", _folder);
        Assert.Equal(Exit.Usage, code);
        Assert.Contains("15m and 1h", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_verb_is_interrupted()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        Assert.Equal(Exit.Interrupted, (await RunAsync(cancelled.Token, "check", "--online")).Code);
    }

    [Fact]
    public async Task Init_writes_a_configuration_that_check_accepts_and_never_replaces_one_unasked()
    {
        var path = Path.Combine(_folder, "mine.json");
        Assert.Equal(Exit.Done, (await RunAsync("init", path, "--set", "Trading:Interval=1h")).Code);
        Assert.Equal(Exit.Usage, (await RunAsync("init", path)).Code);
        Assert.Contains("1h", (await RunAsync("check", "--config", path)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_is_restored_into_an_empty_folder_only()
    {
        var data = Path.Combine(_folder, "data");
        Directory.CreateDirectory(Path.Combine(data, "simulator", "planted"));
        await File.WriteAllTextAsync(Path.Combine(data, "simulator", "planted", "journal.db"), "kept");
        var zip = Path.Combine(_folder, "backup.zip");
        Assert.Equal(Exit.Done, (await RunAsync("backup", zip, "--data-folder", data)).Code);
        Assert.Equal(Exit.Usage, (await RunAsync("restore", zip, "--data-folder", data)).Code);
        var other = Path.Combine(_folder, "other");
        Assert.Equal(Exit.Done, (await RunAsync("restore", zip, "--data-folder", other)).Code);
        Assert.Equal("kept", await File.ReadAllTextAsync(Path.Combine(other, "simulator", "planted", "journal.db")));
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("0.5h", 1800)]
    [InlineData("00:01:30", 90)]
    public void A_duration_has_several_forms(string text, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), RunVerb.DurationOf(text));

    [Theory]
    [InlineData("90")]
    [InlineData("-5s")]
    [InlineData("soon")]
    public void A_text_that_is_no_duration_is_refused(string text) => Assert.Throws<UsageException>(() => RunVerb.DurationOf(text));

    private static Task<(int Code, string Output, string Error)> RunAsync(params string[] words) => RunAsync(CancellationToken.None, words);

    private static async Task<(int Code, string Output, string Error)> RunAsync(CancellationToken cancellationToken, params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(words, output, error, cancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
