using TicketBot.Domain;
using TicketBot.Research.Backtests;
using TicketBot.Testing;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Risk;

namespace TicketBot.Research.Tests.Backtests;

public sealed class BacktestAssessmentTests
{
    [Fact]
    public void A_test_without_trades_has_no_figure_that_is_no_number_and_says_why_nothing_traded()
    {
        IReadOnlyList<(Instant, decimal)> flat = [.. Enumerable.Range(1, 1_000).Select(i => (Backtest.From.Plus(i * 3_600_000L), 10_000m))];
        var found = BacktestAssessment.Of(Backtest.Result(flat, decisions: [Backtest.Decision(1, null, DenialCode.NoTicketForRegime)]), Backtest.Request(), new ResearchOptions());
        Assert.Equal("Nothing was traded", found.Verdict.Headline);
        Assert.Contains("NoTicketForRegime", found.Verdict.Reason, StringComparison.Ordinal);
        Assert.Null(found.Metrics.Sharpe);
        Assert.Null(found.Metrics.Calmar);
        Assert.Null(found.OtherOrders);
        Assert.All(found.Targets, t => Assert.Equal(TargetVerdict.NotDecided, t.Verdict));
        Assert.All(found.Diagnoses, d => Assert.True(d.Value is null || double.IsFinite(d.Value.Value), d.Name));
    }

    [Fact]
    public void A_test_without_a_single_step_is_assessed_too()
    {
        var found = BacktestAssessment.Of(Backtest.Result([]), Backtest.Request(), new ResearchOptions());
        Assert.Equal(0, found.Metrics.TotalReturn);
        Assert.Empty(found.Metrics.Days);
        Assert.True(found.Diagnoses.Count >= 10);
    }

    [Theory]
    [InlineData(1.0, "Earned after costs, beyond chance")]
    [InlineData(0.1, "The result cannot be told from chance")]
    [InlineData(-1.0, "Lost after costs, beyond chance")]
    public void The_verdict_follows_from_the_interval_of_the_mean(double mean, string headline)
    {
        var trades = Enumerable.Range(0, 200).Select(i => Backtest.Trade(mean + (i % 2 == 0 ? 1 : -1), 2 * i)).ToList();
        Assert.Equal(headline, BacktestAssessment.Of(Backtest.Result(Curve(trades), trades), Backtest.Request(), new ResearchOptions()).Verdict.Headline);
    }

    [Fact]
    public void A_handful_of_trades_decides_nothing()
    {
        var trades = Backtest.Trades(1, 1, 1);
        var found = BacktestAssessment.Of(Backtest.Result(Curve(trades), trades), Backtest.Request(), new ResearchOptions());
        Assert.Equal("Too few trades to say anything", found.Verdict.Headline);
        Assert.Equal("not decided by 3 trades", found.Targets.Single(t => t.Name == "winRate").Words);
    }

    [Theory]
    [InlineData(false, 1.6, 2.0, TargetVerdict.Met)]
    [InlineData(false, 1.0, 1.4, TargetVerdict.NotMet)]
    [InlineData(false, 1.0, 2.0, TargetVerdict.NotDecided)]
    [InlineData(true, 1.0, 1.4, TargetVerdict.Met)]
    [InlineData(true, 1.6, 2.0, TargetVerdict.NotMet)]
    [InlineData(true, 1.0, 2.0, TargetVerdict.NotDecided)]
    public void A_target_is_met_when_the_whole_interval_is_on_its_side(bool atMost, double low, double high, TargetVerdict expected) =>
        Assert.Equal(expected, new TargetLine("x", "x", 1.5, 1.5, atMost, new MetricInterval(low, high), 100, "days").Verdict);

    [Fact]
    public void A_profit_factor_without_an_upper_end_can_still_be_met()
    {
        Assert.Equal(TargetVerdict.Met, new TargetLine("x", "x", 9, 1.3, false, new MetricInterval(2, null), 100, "trades").Verdict);
        Assert.Equal(TargetVerdict.NotDecided, new TargetLine("x", "x", 9, 1.3, false, new MetricInterval(1, null), 100, "trades").Verdict);
    }

    [Fact]
    public void Ten_wins_of_ten_trades_are_not_certain()
    {
        var trades = Backtest.Trades([.. Enumerable.Repeat(1.0, 10)]);
        var interval = BacktestIntervals.Of([], trades, [], 500, 1).WinRate!.Value;
        Assert.InRange(interval.Low!.Value, 0.5, 0.85); // Wilson's lower end of ten of ten is 0.722.
        Assert.Equal(1, interval.High);
    }

    [Fact]
    public void Equal_seeds_give_equal_bits_and_others_do_not()
    {
        var trades = Backtest.Trades([.. Enumerable.Range(0, 50).Select(i => Math.Sin(i * 37) + 0.2)]);
        var result = Backtest.Result(Curve(trades), trades);
        BacktestAssessment With(ulong seed) => BacktestAssessment.Of(result, Backtest.Request(), new ResearchOptions { Seed = seed });
        Assert.Equal(With(1).Intervals, With(1).Intervals);
        Assert.Equal(With(1).OtherOrders, With(1).OtherOrders);
        Assert.NotEqual(With(1).Intervals, With(2).Intervals);
        Assert.NotEqual(With(1).OtherOrders, With(2).OtherOrders);
    }

    [Fact]
    public void Signals_are_right_when_the_close_a_horizon_later_lies_on_their_side()
    {
        var ticket = TestTickets.Direction() with { HorizonCandles = 2 };
        double[] closes = [100, 101, 103, 102, 99];
        var candles = closes.Select((c, i) => new Candle(Backtest.From.Plus((i - 1) * 3_600_000L), c, c, c, c, 1, c)).ToList();
        var right = SignalAccuracy.Of(
            [
                Backtest.Decision(0, Side.Buy, DenialCode.None, ticket.Id), Backtest.Decision(1, Side.Sell, DenialCode.None, ticket.Id), Backtest.Decision(2, Side.Sell, DenialCode.None, ticket.Id),
                Backtest.Decision(3, Side.Buy, DenialCode.None, ticket.Id), Backtest.Decision(2, null, DenialCode.BelowConfidence, ticket.Id),
            ],
            new Dictionary<SeriesKey, IReadOnlyList<Candle>> { [Backtest.Series] = candles },
            [new TicketSet(Backtest.Series.Symbol, Backtest.Series.Interval, TestTickets.Regimes(), [ticket])]);
        Assert.Equal([true, false, true], right); // 100 to 103; 101 to 102; 103 to 99; the last reaches beyond the candles.
    }

    [Fact]
    public void Targets_are_no_part_of_the_settings_that_a_ticket_keeps()
    {
        var text = FactorySettings.TextOf(new ResearchOptions { Targets = new TargetOptions { Sharpe = 7 } }, new TicketBot.Market.MarketOptions(), new TicketBot.Trading.TradingOptions());
        Assert.Equal(FactorySettings.TextOf(new ResearchOptions(), new TicketBot.Market.MarketOptions(), new TicketBot.Trading.TradingOptions()), text);
        Assert.Equal(1.5, FactorySettings.Parse(text).Research.Targets.Sharpe);
    }

    private static List<(Instant Time, decimal Equity)> Curve(IReadOnlyList<BacktestTrade> trades)
    {
        var equity = 10_000m;
        return [.. trades.Select(t => (t.ClosedAt, equity += t.Net.Value))];
    }
}
