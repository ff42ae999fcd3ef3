using TicketBot.Scenarios.Running;

namespace TicketBot.Scenarios;

[Collection(DaemonCollection.Name)]
public sealed class StartAndTradeTests(PreparedTickets prepared)
{
    [Fact]
    public void Finds_tickets_and_trades_them_on_the_demonstration_market()
    {
        var trading = prepared.FirstTrades.Trading();
        Assert.True(prepared.FirstTrades.Fills() >= 6);
        Assert.True(prepared.FirstTrades.Count("orders") >= prepared.FirstTrades.Fills() / 2);
        Assert.NotEmpty(trading.GetProperty("series").EnumerateArray().First().GetProperty("ticketsByRegime").EnumerateObject());
        Assert.Contains("demonstration", prepared.FirstTrades.GetProperty("market").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("demonstration", prepared.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Stops_cleanly_within_ten_seconds_of_a_sigterm()
    {
        Assert.Equal(0, prepared.Stop.Code);
        Assert.InRange(prepared.Stop.Seconds, 0, 10);
    }

    [Fact]
    public async Task Serves_page_health_metrics_and_guards_its_commands()
    {
        using var folder = prepared.NewFolder();
        await using var daemon = DaemonProcess.Start(
            [.. PreparedTickets.Market, "--data-folder", folder.Path, "--speed", "5000", "--set", "Host:Jobs:Enabled=false"]);
        await daemon.ReadyAsync(PreparedTickets.StartLimit);
        await daemon.UntilAsync(s => s.Count("decisions") >= 3, TimeSpan.FromSeconds(60), "three decisions");
        foreach (var (path, expected) in new[] { ("/", "<!doctype html"), ("/healthz", "ok"), ("/readyz", "ready"), ("/metrics", "# TYPE") })
        {
            var (code, text) = await daemon.AskAsync(path);
            Assert.Equal(200, code);
            Assert.Contains(expected, text, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(401, await daemon.PostAsync("/api/pause", null));
        Assert.Equal(401, await daemon.PostAsync("/api/pause", "guessed"));
        var file = folder.FileOf("daemon.json");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.Equal(200, await daemon.PostAsync("/api/pause", folder.Token));
        await daemon.UntilAsync(s => s.Trading().GetProperty("state").GetString() == "paused", TimeSpan.FromSeconds(20), "paused");
        Assert.Equal(0, (await daemon.TerminateAsync(TimeSpan.FromSeconds(10))).Code);
        Assert.False(File.Exists(file), "the address and token file outlived a clean stop");
    }

    [Fact]
    public async Task Goes_on_from_its_journal_after_a_clean_stop()
    {
        using var folder = prepared.NewFolder();
        string[] arguments = [.. PreparedTickets.Market, "--data-folder", folder.Path, "--speed", "0", "--set", "Host:Jobs:Enabled=false"];
        long fills;
        await using (var first = DaemonProcess.Start(arguments))
        {
            await first.ReadyAsync(PreparedTickets.StartLimit);
            await first.UntilAsync(s => s.Fills() >= 10, TimeSpan.FromSeconds(60), "ten fills");
            Assert.Equal(0, (await first.TerminateAsync(TimeSpan.FromSeconds(10))).Code);
            fills = (await JournalFile.ReadAsync(folder)).Fills.Count;
        }

        await using var second = DaemonProcess.Start(arguments);
        await second.ReadyAsync(PreparedTickets.StartLimit);
        var status = await second.UntilAsync(s => s.Fills() >= fills + 4, TimeSpan.FromSeconds(60), "more fills");
        Assert.Equal(0, (await second.TerminateAsync(TimeSpan.FromSeconds(10))).Code);
        var journal = await JournalFile.ReadAsync(folder);
        Assert.Equal(journal.Executions.Count, journal.Executions.Select(e => e.Id).Distinct().Count());
        Assert.Equal(journal.Intents.Count, journal.Intents.Select(i => i.Request.Id).Distinct().Count());
        Assert.True(journal.Facts.Zip(journal.Facts.Skip(1)).All(p => p.First.Time <= p.Second.Time || p.Second.Fact is not Trading.Journal.Fact.CandleClosed));
        Assert.True(status.Fills() > fills);
    }
}
