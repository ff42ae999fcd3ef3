using TicketBot.Domain;
using TicketBot.Research.Backtests;
using TicketBot.Research.Stages;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;

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
