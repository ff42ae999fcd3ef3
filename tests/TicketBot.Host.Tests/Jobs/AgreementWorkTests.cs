using TicketBot.Domain;
using TicketBot.Host.Configuration;
using TicketBot.Host.Jobs;
using TicketBot.Host.Tests.Verbs;
using TicketBot.Storage;
using TicketBot.Testing;
using TicketBot.Trading.Journal;

namespace TicketBot.Host.Tests.Jobs;

public sealed class AgreementWorkTests
{
    [Fact]
    public async Task A_journal_that_is_decided_the_same_again_agrees_and_its_candles_are_the_stored_ones()
    {
        using var folder = await JournalledAsync();
        var (agrees, outcome) = await Work(folder).RunAsync(CancellationToken.None);
        Assert.True(agrees, outcome);
        Assert.Contains("bit for bit; 301 candles as stored", outcome, StringComparison.Ordinal);
        var (code, output, _) = await folder.RunAsync("job", "run", "agreement", "--config", folder.Data.EffectiveConfiguration);
        Assert.Equal((0, outcome), (code, output.Trim()));
    }

    [Fact]
    public async Task A_decision_that_comes_out_otherwise_is_named_with_what_to_do()
    {
        using var folder = await JournalledAsync();
        var (agrees, outcome) = await Work(folder, ("Trading:ConfidenceThreshold", "0.95")).RunAsync(CancellationToken.None);
        Assert.False(agrees);
        Assert.StartsWith(AgreementWork.Disagreement, outcome, StringComparison.Ordinal);
        Assert.Contains("ticketbot pause", outcome, StringComparison.Ordinal);
        Assert.Contains(folder.Data.Path, outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Candles_that_the_venue_corrected_or_the_disk_lost_are_counted_and_change_no_verdict()
    {
        using var folder = await JournalledAsync();
        var candles = RandomCandles.Walk(700, 1);
        using (var store = SqliteCandleStore.Open(folder.Data.MarketDatabase))
        {
            await store.WriteAsync(TestTickets.Symbol, Interval.FifteenMinutes, [candles[600] with { Close = candles[600].Open }], CancellationToken.None);
        }

        var (agrees, outcome) = await Work(folder).RunAsync(CancellationToken.None);
        Assert.True(agrees, outcome);
        Assert.Contains("of 301 candles 1 are stored with other values", outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_journal_there_is_nothing_to_do()
    {
        using var folder = new VerbFolder();
        Assert.Equal((true, "skipped: nothing is journalled yet"), await Work(folder).RunAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData("a,a,a,a", 2, 1)] // Days 0, 1, 2 and 3: the start that lies two days back.
    [InlineData("a,a,a,a", 9, 0)]
    [InlineData("a,b,a,a", 9, 2)] // Other code or options decided before.
    [InlineData("a,a,a,b", 9, 3)]
    [InlineData("a,,a,a", 9, 2)] // A start that nothing is known of.
    [InlineData("a,a,a,", 9, 3)]
    public void It_begins_at_the_newest_start_that_covers_the_days_but_at_none_before_a_change(string deciders, int days, int expected)
    {
        var journal = new MemoryJournal();
        List<long> starts = [];
        foreach (var (decider, day) in deciders.Split(',').Select((d, i) => (d, i)))
        {
            var time = new Instant(day * Instant.MillisecondsPerDay);
            starts.Add(journal.Append(new JournalEntry(time, "start", "", "{}", null)));
            if (decider.Length > 0)
            {
                journal.Append(new JournalEntry(time, RunNote.Kind, "", HostJson.Line(new RunNote("1.0.0", decider)), null));
            }
        }

        journal.Commit();
        Assert.Equal(starts[expected], AgreementWork.BeginOf(journal, days)!.Value.Sequence);
    }

    [Fact]
    public void What_decides_changes_with_the_options_that_decide_and_with_no_other()
    {
        RunNote Of(params (string Key, string? Value)[] more) => RunNote.Of(Configured(more));
        Assert.Equal(Of(), Of(("Host:ProgressLimitSeconds", "61")));
        Assert.NotEqual(Of(), Of(("Trading:MinSimilarity", "0.3")));
        Assert.NotEqual(Of(), Of(("Market:ReferenceSymbol", "ETHUSDT")));
    }

    private static async Task<VerbFolder> JournalledAsync()
    {
        var folder = await BacktestVerbTests.TradingFolderAsync();
        await ReplayVerbTests.JournalAsync(folder);
        return folder;
    }

    private static AgreementWork Work(VerbFolder folder, params (string Key, string? Value)[] more) => new(Configured(more), folder.Data);

    private static Settings Configured((string Key, string? Value)[] more)
    {
        var values = new Dictionary<string, string?> { ["Trading:Symbols:0"] = "BTCUSDT" };
        foreach (var (key, value) in more)
        {
            values[key] = value;
        }

        return Settings.Of([new Layer("test", values)]);
    }
}
