using TicketBot.Domain;
using TicketBot.Research.Backtests;
using TicketBot.Trading.Risk;

namespace TicketBot.Research.Tests.Backtests;

/// <summary>Each diagnosis with a case that shows it, one that does not, and one that cannot tell.</summary>
public sealed class DiagnosesTests
{
    [Fact]
    public void Two_trades_that_earn_half_of_everything_are_found()
    {
        Shows(TradeDiagnoses.FewTradesEarnAll(Backtest.Trades(5, 4, 0.3, 0.3, -0.2)), 8.8 / 8.9);
        Clear(TradeDiagnoses.FewTradesEarnAll(Backtest.Trades(1, 1, 1, 1, 1, 1)), 1 / 3.0);
        CannotTell(TradeDiagnoses.FewTradesEarnAll(Backtest.Trades(-5, 4, -1)));
    }

    [Fact]
    public void An_edge_below_its_cost_is_found()
    {
        Shows(TradeDiagnoses.EdgeBelowCost(TradeStatistics.Of("", Backtest.Trades(0.05, 0.1, 0))), 5);
        Clear(TradeDiagnoses.EdgeBelowCost(TradeStatistics.Of("", Backtest.Trades(0.5, -0.1, 0.5))), 30);
        CannotTell(TradeDiagnoses.EdgeBelowCost(TradeStatistics.Of("", [])));
    }

    [Fact]
    public void More_weights_than_trades_are_found()
    {
        Shows(TradeDiagnoses.MoreWeightsThanTrades(100, 150), 1.5);
        Clear(TradeDiagnoses.MoreWeightsThanTrades(300, 150), 0.5);
        CannotTell(TradeDiagnoses.MoreWeightsThanTrades(0, 150));
    }

    [Fact]
    public void A_regime_that_earns_everything_is_found()
    {
        IReadOnlyList<TradeStatistics> By(double other) => TradeStatistics.By([Backtest.Trade(2.1), Backtest.Trade(2.1), Backtest.Trade(other, regime: "wild")], t => t.Regime);
        Shows(TradeDiagnoses.OneRegimeEarnsAll(By(0.2)), 4 / 4.1);
        Clear(TradeDiagnoses.OneRegimeEarnsAll(By(2.1)), 4 / 6.0);
        CannotTell(TradeDiagnoses.OneRegimeEarnsAll(TradeStatistics.By(Backtest.Trades(1, 1), t => t.Regime)));
    }

    [Fact]
    public void Sides_that_earn_differently_are_found()
    {
        IReadOnlyList<BacktestTrade> Both(double shorts) => [.. Enumerable.Range(0, 12).SelectMany(i => new[] { Backtest.Trade(1 + (0.01 * i)), Backtest.Trade(shorts + (0.01 * i), side: Side.Sell) })];
        Shows(TradeDiagnoses.SidesDiffer(Both(-1)));
        Clear(TradeDiagnoses.SidesDiffer(Both(1)), 0);
        CannotTell(TradeDiagnoses.SidesDiffer(Backtest.Trades(1, 2, 3)));
    }

    [Fact]
    public void Stops_that_close_most_trades_are_found()
    {
        TradeStatistics With(int stopped) => TradeStatistics.Of("", [.. Enumerable.Range(0, 20).Select(i => Backtest.Trade(1, i, stopped: i < stopped))]);
        Shows(TradeDiagnoses.StopsDominate(With(11)), 0.55);
        Clear(TradeDiagnoses.StopsDominate(With(10)), 0.5);
        CannotTell(TradeDiagnoses.StopsDominate(TradeStatistics.Of("", Backtest.Trades(1))));
    }

    [Fact]
    public void A_win_rate_below_break_even_is_found()
    {
        Shows(TradeDiagnoses.WinRateBelowBreakEven(TradeStatistics.Of("", Backtest.Trades(0.3, 0.3, -1))), 2 / 3.0);
        Clear(TradeDiagnoses.WinRateBelowBreakEven(TradeStatistics.Of("", Backtest.Trades(2, -0.1, -0.1))), 1 / 3.0);
        CannotTell(TradeDiagnoses.WinRateBelowBreakEven(TradeStatistics.Of("", Backtest.Trades(2, 2))));
    }

    [Fact]
    public void A_month_that_earns_everything_is_found()
    {
        IReadOnlyList<MonthReturn> Of(params decimal[] profits) => [.. profits.Select((p, i) => new MonthReturn(2025, i + 1, 0, p, 30))];
        Shows(CurveDiagnoses.OneMonthEarnsAll(Of(10, 90, -5)), 90 / 95.0);
        Clear(CurveDiagnoses.OneMonthEarnsAll(Of(30, 30, 40)), 0.4);
        CannotTell(CurveDiagnoses.OneMonthEarnsAll(Of(-10, -30, 5)));
    }

    [Fact]
    public void A_curve_that_stands_still_is_found()
    {
        IReadOnlyList<EquityDay> With(int still) => [.. Enumerable.Range(0, 40).Select(i => Backtest.Day(i, i < still ? 0 : 0.001))];
        Shows(CurveDiagnoses.EquityFlat(With(10)), 0.25);
        Clear(CurveDiagnoses.EquityFlat(With(9)), 9 / 40.0);
        CannotTell(CurveDiagnoses.EquityFlat([Backtest.Day(0, 0)]));
    }

    [Fact]
    public void A_test_too_short_for_its_Sharpe_ratio_is_found()
    {
        IReadOnlyList<EquityDay> Days(int count) => [.. Enumerable.Range(0, count).Select(i => Backtest.Day(i, i % 2 == 0 ? 0.012 : -0.01))];
        Shows(CurveDiagnoses.TrackRecordTooShort(Days(60)), 60);
        Clear(CurveDiagnoses.TrackRecordTooShort(Days(1_000)), 1_000);
        CannotTell(CurveDiagnoses.TrackRecordTooShort([.. Days(60).Select(d => d with { Return = -d.Return })]));
    }

    [Fact]
    public void A_result_made_by_the_first_and_last_candle_is_found()
    {
        IReadOnlyList<(Instant, decimal)> Curve(decimal first, decimal last) =>
            [.. Enumerable.Range(0, 20).Select(i => (Backtest.From.Plus((i + 1) * 3_600_000L), 10_000 + first + i + (i == 19 ? last - 1 : 0)))];
        Shows(CurveDiagnoses.EndsDecide(10_000, Curve(0, 100)), 100 / 118.0);
        Shows(CurveDiagnoses.EndsDecide(10_000, Curve(50, 1)), 51 / 69.0);
        Clear(CurveDiagnoses.EndsDecide(10_000, Curve(0, 1)), 1 / 19.0);
        CannotTell(CurveDiagnoses.EndsDecide(10_000, []));
    }

    [Fact]
    public void Signals_that_risk_denies_are_found_with_the_most_frequent_reason()
    {
        BacktestMetrics Of(int denied) => BacktestMetrics.Of(Backtest.Result([], decisions:
            [.. Enumerable.Range(0, 10).Select(i => Backtest.Decision(i, Side.Buy, i < denied ? i == 0 ? DenialCode.Paused : DenialCode.SimilarityTooLow : DenialCode.None)), Backtest.Decision(10, Side.Buy, DenialCode.PositionOpen)]));
        var found = CurveDiagnoses.SignalsDenied(Of(6));
        Shows(found, 6 / 11.0);
        Assert.Contains("SimilarityTooLow (5)", found.Words, StringComparison.Ordinal);
        Clear(CurveDiagnoses.SignalsDenied(Of(5)), 5 / 11.0);
        CannotTell(CurveDiagnoses.SignalsDenied(BacktestMetrics.Of(Backtest.Result([], decisions: [Backtest.Decision(0, null, DenialCode.BelowConfidence)]))));
    }

    [Fact]
    public void A_drawdown_of_more_than_a_month_is_found()
    {
        Drawdown Below(int days) => Drawdown.Of(Backtest.From, 10_000, [.. Enumerable.Range(1, days).Select(i => (Backtest.From.Plus(i * Instant.MillisecondsPerDay), 9_900m))]);
        Shows(CurveDiagnoses.LongDrawdown(Below(31)), 31);
        Clear(CurveDiagnoses.LongDrawdown(Below(30)), 30);
    }

    [Fact]
    public void Orders_that_fall_below_the_target_are_found()
    {
        var played = MonteCarlo.Of([.. Enumerable.Range(0, 50).Select(i => i % 2 == 0 ? 0.03 : -0.03)], 500, 1)!;
        Shows(CurveDiagnoses.OrderDrawdownOverTarget(played, 0.05));
        Clear(CurveDiagnoses.OrderDrawdownOverTarget(played, 0.9));
        CannotTell(CurveDiagnoses.OrderDrawdownOverTarget(null, 0.15));
    }

    [Fact]
    public void A_day_that_reaches_the_limit_is_found()
    {
        Shows(CurveDiagnoses.DayLimitReached([Backtest.Day(0, 0.01), Backtest.Day(1, 0, 0.031)], 0.03), 0.031);
        Clear(CurveDiagnoses.DayLimitReached([Backtest.Day(0, 0.01), Backtest.Day(1, 0, 0.029)], 0.03), 0.029);
    }

    private static void Shows(Diagnosis diagnosis, double? value = null)
    {
        Assert.True(diagnosis.Found, diagnosis.Words);
        Assert.NotEmpty(diagnosis.Remedy);
        Is(diagnosis, value);
    }

    private static void Clear(Diagnosis diagnosis, double? value = null)
    {
        Assert.False(diagnosis.Found, diagnosis.Words);
        Assert.Empty(diagnosis.Remedy);
        Is(diagnosis, value);
    }

    private static void CannotTell(Diagnosis diagnosis)
    {
        Assert.Null(diagnosis.Found);
        Assert.Null(diagnosis.Value);
        Assert.NotEmpty(diagnosis.Words);
    }

    private static void Is(Diagnosis diagnosis, double? value)
    {
        if (value is { } wanted)
        {
            Assert.Equal(wanted, diagnosis.Value!.Value, 1e-9);
        }
    }
}
