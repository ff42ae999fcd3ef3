using TicketBot.Domain;
using TicketBot.Research.Backtests;
using TicketBot.Research.Stages;
using TicketBot.Testing;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Research.Tests.Backtests;

public sealed class BacktestRunnerTests
{
    [Fact]
    public async Task Trader_and_venue_agree_to_the_last_digit_and_runs_repeat()
    {
        var input = Markets.Input("planted:0.8", 1, 10_000);
        var found = await Markets.Factory(Markets.Options()).IdentifyAsync(input, new MemoryRunStore(), new MemoryTrialLedger(), null, default);
        var request = new BacktestRequest
        {
            Candles = new Dictionary<SeriesKey, IReadOnlyList<Candle>> { [new SeriesKey(Markets.Symbol, Markets.Interval)] = input.Candles },
            LiveFrom = Markets.Interval.CloseOf(input.Candles[7_999].OpenTime),
            Tickets = [new TicketSet(Markets.Symbol, Markets.Interval, found.Regimes, [.. found.Tickets.Where(t => t.Gates.Passed)])],
            Trading = Markets.Trading(),
            Balance = 1_000_000m,
        };
        var first = await BacktestRunner.RunAsync(request, null, null, default);
        var second = await BacktestRunner.RunAsync(request, null, null, default);

        Assert.Equal(first.VenueWallet, first.Wallet);
        Assert.Equal(2_000, first.Candles);
        Assert.Equal(2_000, first.Decisions.Count);
        Assert.NotEmpty(first.Trades);
        Assert.Equal(first.Executions, second.Executions);

        // A journal that keeps the text of every fact, as the daemon's does, changes nothing.
        var journal = new MemoryJournal { FolderIdentity = "0000000000000000" };
        var written = await BacktestRunner.RunAsync(request, journal, null, default);
        Assert.Equal(first.Executions, written.Executions);
        Assert.Equal(first.Decisions, written.Decisions);
        Assert.Equal(first.Trades, written.Trades);
        Assert.Equal(first.Decisions.Count, journal.Committed.Count(r => r.Entry.Kind == FactJson.DecisionKind));

        // Features and regimes made ahead change nothing; neither do those made of other candles, which are not taken.
        var ahead = request.Prepare();
        var other = (request with { Candles = request.Candles.ToDictionary(c => c.Key, c => (IReadOnlyList<Candle>)[.. c.Value.Select(x => x with { Volume = x.Volume + 1 })]) }).Prepare();
        foreach (var prepared in new[] { ahead, request with { Prepared = other.Prepared } })
        {
            var again = await BacktestRunner.RunAsync(prepared, null, null, default);
            Assert.Equal(first.Decisions, again.Decisions);
            Assert.Equal(first.Executions, again.Executions);
            Assert.Equal(first.Equity, again.Equity);
        }

        // Every trade knows the regime of its entry: that of the decision whose order opened it.
        Assert.All(first.Trades, t => Assert.Contains(first.Decisions, d => d.Regime == t.Regime && d.Ticket == t.Ticket && d.Order is not null && d.Time <= t.OpenedAt));
        if (first.Status.Positions.Count == 0)
        {
            Assert.Equal(first.Trades.Sum(t => t.Net.Value), first.Wallet - first.InitialBalance);
        }
    }

    [Fact]
    public async Task Without_tickets_nothing_trades()
    {
        var input = Markets.Input("random", 1, 1_000);
        var result = await BacktestRunner.RunAsync(
            new BacktestRequest
            {
                Candles = new Dictionary<SeriesKey, IReadOnlyList<Candle>> { [new SeriesKey(Markets.Symbol, Markets.Interval)] = input.Candles },
                LiveFrom = Markets.Interval.CloseOf(input.Candles[499].OpenTime),
                Tickets = [],
                Trading = Markets.Trading(),
            },
            null, null, default);

        Assert.Equal(500, result.Decisions.Count);
        Assert.Empty(result.Executions);
        Assert.Equal(result.InitialBalance, result.Wallet);
    }
}
