using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Research.Backtests;
using TicketBot.Research.Datasets;
using TicketBot.Research.Gates;
using TicketBot.Simulator.Matching;
using TicketBot.Testing;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Research.Tests.Gates;

public sealed class TradeCostsTests
{
    private static readonly Candle[] Candles = RandomCandles.Walk(400, 3, price: 50_000);

    private static readonly Dataset Data = Dataset.Of(
        CandleSeries.Of(TestTickets.Symbol, Interval.FifteenMinutes, Candles), null, FeatureSchema.Default(), 2, 0.015, Interval.FifteenMinutes.CloseOf(Candles[^1].OpenTime));

    [Fact]
    public void A_trade_pays_the_impact_of_its_size_at_both_ends_against_the_candles_closed_by_then()
    {
        var costs = new CostOptions { ImpactCoefficient = 0.8, ImpactFreeNotional = 0 };
        var (free, sized) = (new TradeCosts(costs, 0), new TradeCosts(costs, 5_000));
        foreach (var row in new[] { 0, 57, Data.Rows - 1 })
        {
            var impact = Expected(Data.Candles[row]) + Expected(Data.Candles[row] + 2);
            Assert.Equal(impact, free.NetBp(Data, row, Side.Buy) - sized.NetBp(Data, row, Side.Buy), 1e-9);
            Assert.Equal(impact, free.NetBp(Data, row, Side.Sell) - sized.NetBp(Data, row, Side.Sell), 1e-9);
            Assert.True(impact > 0.5);
        }

        int[] rows = [0, 57];
        Assert.Equal(13 + rows.Average(r => Expected(Data.Candles[r]) + Expected(Data.Candles[r] + 2)), sized.MeanRoundTripBp(Data, rows), 1e-9);
        Assert.Equal(13, sized.MeanRoundTripBp(Data, []), 1e-9);
        Assert.Equal(TradeCosts.GrossBp(Data, 5, Side.Buy) - 13, new TradeCosts(new CostOptions { FundingBp = 0 }, 0).NetBp(Data, 5, Side.Buy), 1e-9);

        static double Expected(int candle)
        {
            var window = Candles[(candle - 23)..(candle + 1)];
            var variance = window.Average(c => Math.Pow((c.High - c.Low) / ((c.High + c.Low) / 2), 2)) / (4 * Math.Log(2));
            return 0.8 * 10_000 * Math.Sqrt(variance * 5_000 / window.Average(c => c.Turnover));
        }
    }

    [Fact]
    public void The_gates_judge_at_the_position_cap_of_the_stated_equity_whatever_the_replays_balance()
    {
        var research = new ResearchOptions { JudgedEquity = 50_000 };
        Assert.Equal(1_500, TradeCosts.Of(new TradingOptions { MaxPositionFraction = 0.03m }, research).Notional);
        Assert.Equal(0.05m, research.ReplayImpactShare);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TradeCosts(new CostOptions(), -1));
    }

    [Fact]
    public async Task A_replay_with_a_large_balance_pays_what_the_account_it_stands_for_would_pay()
    {
        var set = ConstantTickets.Set(0.7, new Instant(2_000_000_000_000));
        async Task<double> NetAsync(decimal balance, decimal share, double coefficient)
        {
            var result = await BacktestRunner.RunAsync(
                new BacktestRequest
                {
                    Candles = new Dictionary<SeriesKey, IReadOnlyList<Candle>> { [new SeriesKey(TestTickets.Symbol, Interval.FifteenMinutes)] = Candles },
                    LiveFrom = Interval.FifteenMinutes.CloseOf(Candles[299].OpenTime),
                    Tickets = [set],
                    Trading = new TradingOptions { Symbols = [TestTickets.Symbol.Value], MinSimilarity = 0 },
                    Venue = new VenueSettings { Costs = new CostOptions { ImpactCoefficient = coefficient, ImpactFreeNotional = 0 }, ImpactShare = share },
                    Balance = balance,
                },
                null, null, CancellationToken.None);
            Assert.True(result.Trades.Count > 20);
            return result.Trades.Average(t => t.NetBp);
        }

        // Lots of 0.001 coins are coarse for the small account: its orders differ by up to a few percent, their impact by half of that.
        var stated = await NetAsync(100_000, 1, 1);
        Assert.Equal(stated, await NetAsync(1_000_000, 0.1m, 1), 0.3);
        Assert.True(await NetAsync(1_000_000, 1, 1) < stated - 2);
        Assert.True(stated < await NetAsync(100_000, 1, 0) - 1);
    }
}
