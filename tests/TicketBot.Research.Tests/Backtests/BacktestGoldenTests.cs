using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Research.Backtests;

namespace TicketBot.Research.Tests.Backtests;

/// <summary>Every figure against numpy: Golden/make_backtest_golden.py wrote what is compared with.</summary>
public sealed class BacktestGoldenTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Backtests", "Golden");
    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "backtest.json"))).RootElement;
    private static readonly JsonElement Curve = Golden.GetProperty("expected");
    private static readonly JsonElement Group = Golden.GetProperty("expectedTrades");

    private static BacktestResult Result => Backtest.Result(Equity, initial: Golden.GetProperty("initial").GetDecimal(), from: new Instant(Golden.GetProperty("from").GetInt64()));

    private static IReadOnlyList<(Instant Time, decimal Equity)> Equity =>
    [
        .. Golden.GetProperty("times").EnumerateArray().Zip(Golden.GetProperty("equity").EnumerateArray(), (t, e) => (new Instant(t.GetInt64()), e.GetDecimal())),
    ];

    private static IReadOnlyList<BacktestTrade> Trades =>
    [
        .. Golden.GetProperty("trades").EnumerateArray().Select(t => new BacktestTrade(
            new Symbol(t.GetProperty("symbol").GetString()!), null, Enum.Parse<Side>(t.GetProperty("side").GetString()!), new Quantity(t.GetProperty("quantity").GetDecimal()),
            new Instant(t.GetProperty("openedAt").GetInt64()), t.GetProperty("entry").GetDecimal(), new Instant(t.GetProperty("closedAt").GetInt64()),
            new Money(t.GetProperty("gross").GetDecimal()), new Money(t.GetProperty("fees").GetDecimal()), new Money(t.GetProperty("funding").GetDecimal()), 2)
        {
            Regime = t.GetProperty("regime").GetString()!, WasStopped = t.GetProperty("stopped").GetBoolean(),
        }),
    ];

    [Fact]
    public void The_golden_file_is_the_one_that_was_written()
    {
        var metadata = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "metadata.json"))).RootElement;
        Assert.Equal(
            metadata.GetProperty("files")[0].GetProperty("sha256").GetString(),
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder, "backtest.json")))));
    }

    [Fact]
    public void Days_are_cut_at_midnight_and_missing_ones_repeat_the_equity()
    {
        var days = DailyEquity.Of(Result.InitialBalance, Equity);
        var expected = Curve.GetProperty("returns").EnumerateArray().Select(r => r.GetDouble()).ToList();
        Assert.Equal(expected.Count, days.Count);
        Assert.All(days.Zip(expected), pair => Assert.Equal(pair.Second, pair.First.Return, 1e-12));
        Assert.All(days.Zip(days.Skip(1)), pair => Assert.Equal(Instant.MillisecondsPerDay, pair.Second.Day.Since(pair.First.Day)));
    }

    [Fact]
    public void Figures_of_the_curve_equal_those_of_numpy()
    {
        var metrics = BacktestMetrics.Of(Result);
        Assert.Equal(Number(Curve, "sharpe"), metrics.Sharpe!.Value, 1e-9);
        Assert.Equal(Number(Curve, "sortino"), metrics.Sortino!.Value, 1e-9);
        Assert.Equal(Number(Curve, "volatility"), metrics.Volatility!.Value, 1e-9);
        Assert.Equal(Number(Curve, "annualReturn"), metrics.AnnualReturn!.Value, 1e-9);
        Assert.Equal(Number(Curve, "calmar"), metrics.Calmar!.Value, 1e-9);
        Assert.Equal(Number(Curve, "depth"), metrics.Drawdown.Depth, 1e-12);
        Assert.Equal(Number(Curve, "depth"), Result.MaxDrawdown, 1e-12);
        Assert.Equal(Number(Curve, "atEnd"), metrics.Drawdown.AtEnd, 1e-12);
        Assert.Equal(Number(Curve, "longestDays"), metrics.Drawdown.LongestDays, 1e-9);
        double[] returns = [.. metrics.Days.Select(d => d.Return)];
        Assert.Equal(Number(Curve, "trackRecord"), PerformanceRatios.MinimumTrackRecord(returns, 0, 0.95)!.Value, 1e-6);
    }

    [Fact]
    public void Days_in_their_own_order_fall_as_far_as_the_steps_do() =>
        Assert.Equal(Number(Curve, "depth"), Drawdown.DepthOf(DailyEquity.Of(Result.InitialBalance, Equity), [.. Enumerable.Range(0, BacktestMetrics.Of(Result).Days.Count)]), 1e-9);

    [Fact]
    public void Months_grow_as_numpy_says()
    {
        var months = BacktestMetrics.Of(Result).Months;
        var expected = Curve.GetProperty("months").EnumerateArray().ToList();
        Assert.Equal(expected.Count, months.Count);
        foreach (var (month, golden) in months.Zip(expected))
        {
            Assert.Equal(golden.GetProperty("month").GetString(), string.Create(CultureInfo.InvariantCulture, $"{month.Year}-{month.Month:00}"));
            Assert.Equal(Number(golden, "return"), month.Return, 1e-12);
            Assert.Equal(golden.GetProperty("days").GetInt32(), month.Days);
        }
    }

    [Fact]
    public void Figures_of_trades_equal_those_of_numpy()
    {
        var all = TradeStatistics.Of("all", Trades);
        Assert.Equal(Number(Group, "winRate"), all.WinRate!.Value, 1e-12);
        Assert.Equal(Number(Group, "profitFactor"), all.ProfitFactor!.Value, 1e-9);
        Assert.Equal(Number(Group, "meanNetBp"), all.MeanNetBp!.Value, 1e-9);
        Assert.Equal(Number(Group, "medianNetBp"), all.MedianNetBp!.Value, 1e-9);
        Assert.Equal(Number(Group, "meanGrossBp"), all.MeanGrossBp!.Value, 1e-9);
        Assert.Equal(Number(Group, "meanWinBp"), all.MeanWinBp!.Value, 1e-9);
        Assert.Equal(Number(Group, "meanLossBp"), all.MeanLossBp!.Value, 1e-9);
        Assert.Equal(Number(Group, "breakEven"), all.BreakEvenWinRate!.Value, 1e-9);
        Assert.Equal(Number(Group, "meanHours"), all.MeanHours!.Value, 1e-9);
        Assert.Equal(Number(Group, "medianHours"), all.MedianHours!.Value, 1e-9);
        Assert.All(TradeStatistics.By(Trades, t => t.Regime), g => Assert.Equal(Number(Group.GetProperty("netByRegime"), g.Name), (double)g.Net.Value, 1e-9));
        Assert.Equal(Number(Group, "welch"), TradeDiagnoses.SidesDiffer(Trades).Value!.Value, 1e-9);
    }

    [Fact]
    public void Exposure_counts_overlapping_positions_once_and_turnover_counts_both_ways()
    {
        IReadOnlyList<(Instant, decimal)> flat = [.. Equity.Select(e => (e.Time, 10_000m))];
        List<Execution> executions = [];
        foreach (var trade in Trades)
        {
            executions.Add(Fill(trade, trade.OpenedAt));
            executions.Add(Fill(trade, trade.ClosedAt));
        }

        var metrics = BacktestMetrics.Of(Backtest.Result(flat, Trades, executions: executions, from: Result.From));
        Assert.Equal(Number(Group, "exposure"), metrics.Exposure, 1e-6);
        Assert.Equal(Number(Group, "turnover"), metrics.Turnover!.Value, 1e-9);
    }

    [Fact]
    public void Intervals_agree_with_a_bootstrap_by_numpy()
    {
        var intervals = BacktestIntervals.Of(DailyEquity.Of(Result.InitialBalance, Equity), Trades, [], 20_000, 7);
        Assert.Equal(Number(Curve, "sharpeLow"), intervals.Sharpe!.Value.Low!.Value, 0.15);
        Assert.Equal(Number(Curve, "sharpeHigh"), intervals.Sharpe!.Value.High!.Value, 0.15);
        Assert.Equal(Number(Group, "factorLow"), intervals.ProfitFactor!.Value.Low!.Value, 0.03);
        Assert.Equal(Number(Group, "factorHigh"), intervals.ProfitFactor!.Value.High!.Value, 0.06);
        Assert.True(intervals.WinRate!.Value.Low <= Number(Group, "wilsonLow") + 1e-12);
        Assert.True(intervals.WinRate!.Value.High >= Number(Group, "wilsonHigh") - 1e-12);
        Assert.InRange(BacktestMetrics.Of(Result).Calmar!.Value, intervals.Calmar!.Value.Low!.Value, intervals.Calmar!.Value.High!.Value);
    }

    [Fact]
    public void Random_orders_fall_as_all_orders_do()
    {
        double[] few = [.. Golden.GetProperty("few").EnumerateArray().Select(f => f.GetDouble())];
        var expected = Golden.GetProperty("expectedFew");
        var played = MonteCarlo.Of(few, 20_000, 3)!;
        Assert.Equal(Number(expected, "found"), played.Found, 1e-12);
        Assert.Equal(Number(expected, "p50"), played.OrderDrawdown.P50, 0.002);
        Assert.Equal(Number(expected, "p95"), played.OrderDrawdown.P95, 0.002);
        Assert.Equal(Number(expected, "deeper"), played.Deeper, 0.015);
        Assert.InRange(Number(expected, "final"), played.DrawnFinal.P5, played.DrawnFinal.P95);
    }

    private static Execution Fill(BacktestTrade trade, Instant time) => new()
    {
        Id = new ExecutionId($"{trade.Symbol}{time.UnixMilliseconds}"), Symbol = trade.Symbol, Kind = ExecutionKind.Trade, OrderId = new VenueOrderId("1"), Side = trade.Side,
        Price = new Price(trade.EntryPrice), Quantity = trade.Quantity, Fee = Money.Zero, Time = time,
    };

    private static double Number(JsonElement of, string name) => of.GetProperty(name).GetDouble();
}
