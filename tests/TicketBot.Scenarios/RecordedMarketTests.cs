using TicketBot.Domain;
using TicketBot.Scenarios.Running;
using TicketBot.Testing;
using TicketBot.Trading.Journal;

namespace TicketBot.Scenarios;

[Collection(DaemonCollection.Name)]
public sealed class RecordedMarketTests
{
    private const string Candles = "bybit_WIFUSDT_1h.csv.gz";
    private const string Funding = "bybit_WIFUSDT_funding.csv.gz";

    [DataFact(Candles, Funding)]
    public async Task A_recorded_market_is_played_to_its_end_and_both_accounts_agree()
    {
        using var folder = new ScenarioFolder();
        await using var daemon = DaemonProcess.Start(
            "run", "--replay", RecordedData.PathOf(Candles), "--funding", RecordedData.PathOf(Funding), "--speed", "0", "--port", "0", "--data-folder", folder.Path);

        // The exit code is not zero when simulator and journal disagree.
        Assert.Equal(0, await daemon.ExitAsync(TimeSpan.FromMinutes(4)));
        Assert.Contains("agree    wallet", daemon.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("DISAGREE", daemon.Output, StringComparison.Ordinal);

        var journal = await JournalFile.ReadAsync(folder);
        var opened = journal.Facts.Select(f => f.Fact).OfType<Fact.CandleClosed>().Select(c => c.Candle.OpenTime).ToList();
        Assert.True(opened.Count > 1_000, $"only {opened.Count} candles were played");
        Assert.All(opened.Zip(opened.Skip(1)), pair => Assert.Equal(Interval.OneHour.CloseOf(pair.First), pair.Second));
    }
}
