using TicketBot.Domain;
using TicketBot.Trading.Risk;

namespace TicketBot.Research.Backtests;

/// <summary>What a calendar month brought.</summary>
/// <param name="Year">Year, UTC.</param>
/// <param name="Month">Month, 1..12.</param>
/// <param name="Return">Growth of the equity as a fraction.</param>
/// <param name="Profit">Growth of the equity in settlement coin, open positions included.</param>
/// <param name="Days">Days of the test in it.</param>
public sealed record MonthReturn(int Year, int Month, double Return, decimal Profit, int Days);

/// <summary>What candles of one regime led to.</summary>
/// <param name="Regime">Its name; empty while none is known.</param>
/// <param name="Candles">Decisions taken in it.</param>
/// <param name="Signals">Those with a signal.</param>
public sealed record RegimeCount(string Regime, int Candles, int Signals);

/// <summary>The figures of a backtest. A figure that cannot be had of these data is <c>null</c>, never zero or infinite.</summary>
public sealed record BacktestMetrics
{
    /// <summary>The UTC days of the test.</summary>
    public required IReadOnlyList<EquityDay> Days { get; init; }

    /// <summary>Equity at the end over the balance at the start, less one.</summary>
    public required double TotalReturn { get; init; }

    /// <summary>Compound growth of a year, fraction.</summary>
    public required double? AnnualReturn { get; init; }

    /// <summary>Standard deviation of daily returns, of a year.</summary>
    public required double? Volatility { get; init; }

    /// <summary>Sharpe ratio of a year.</summary>
    public required double? Sharpe { get; init; }

    /// <summary>Sortino ratio of a year.</summary>
    public required double? Sortino { get; init; }

    /// <summary>Growth of a year over the largest drawdown.</summary>
    public required double? Calmar { get; init; }

    /// <summary>Falls of the equity at every step of the market.</summary>
    public required Drawdown Drawdown { get; init; }

    /// <summary>Share of the market time with at least one open position, 0..1.</summary>
    public required double Exposure { get; init; }

    /// <summary>Notional bought and sold per day over the equity that the day began with, mean over all days.</summary>
    public required double? Turnover { get; init; }

    /// <summary>Every fee paid, open positions included.</summary>
    public required Money Fees { get; init; }

    /// <summary>Funding paid, open positions included; below zero when it was received.</summary>
    public required Money Funding { get; init; }

    /// <summary>Positions still open at the end; their profit is in the equity, not in the trades.</summary>
    public required int OpenAtEnd { get; init; }

    /// <summary>All closed positions.</summary>
    public required TradeStatistics Trades { get; init; }

    /// <summary>By the regime of the entry's decision.</summary>
    public required IReadOnlyList<TradeStatistics> ByRegime { get; init; }

    /// <summary>By ticket.</summary>
    public required IReadOnlyList<TradeStatistics> ByTicket { get; init; }

    /// <summary>Long and short.</summary>
    public required IReadOnlyList<TradeStatistics> BySide { get; init; }

    /// <summary>By contract.</summary>
    public required IReadOnlyList<TradeStatistics> BySymbol { get; init; }

    /// <summary>By calendar month.</summary>
    public required IReadOnlyList<MonthReturn> Months { get; init; }

    /// <summary>Candles and signals by regime.</summary>
    public required IReadOnlyList<RegimeCount> Regimes { get; init; }

    /// <summary>Signals, at or above the confidence threshold.</summary>
    public required int Signals { get; init; }

    /// <summary>Why candles opened nothing, the most frequent reason first; signals met while a position was open are not counted.</summary>
    public required IReadOnlyList<(DenialCode Code, int Candles, int Signals)> Denials { get; init; }

    /// <summary>Returns the figures of a backtest.</summary>
    public static BacktestMetrics Of(BacktestResult result)
    {
        var days = DailyEquity.Of(result.InitialBalance, result.Equity);
        double[] returns = [.. days.Select(d => d.Return)];
        var drawdown = Drawdown.Of(result.From, result.InitialBalance, result.Equity);
        var end = result.Equity.Count > 0 ? result.Equity[^1].Equity : result.InitialBalance;
        return new BacktestMetrics
        {
            Days = days,
            TotalReturn = (double)(end / result.InitialBalance) - 1,
            AnnualReturn = PerformanceRatios.AnnualReturn(returns),
            Volatility = PerformanceRatios.Volatility(returns),
            Sharpe = PerformanceRatios.Sharpe(returns),
            Sortino = PerformanceRatios.Sortino(returns),
            Calmar = PerformanceRatios.Calmar(returns, drawdown.Depth),
            Drawdown = drawdown,
            Exposure = ExposureOf(result),
            Turnover = TurnoverOf(result, days),
            Fees = result.Status.Fees,
            Funding = result.Status.Funding,
            OpenAtEnd = result.Status.Positions.Count,
            Trades = TradeStatistics.Of("all", result.Trades),
            ByRegime = TradeStatistics.By(result.Trades, t => t.Regime),
            ByTicket = TradeStatistics.By(result.Trades, t => t.Ticket?.Value ?? ""),
            BySide = TradeStatistics.By(result.Trades, t => t.Side == Side.Buy ? "long" : "short"),
            BySymbol = TradeStatistics.By(result.Trades, t => t.Symbol.Value),
            Months = MonthsOf(result.InitialBalance, days),
            Regimes =
            [
                .. result.Decisions.GroupBy(d => d.Regime).Select(g => new RegimeCount(g.Key, g.Count(), g.Count(d => d.Signal is not null)))
                    .OrderByDescending(r => r.Candles).ThenBy(r => r.Regime, StringComparer.Ordinal),
            ],
            Signals = result.Decisions.Count(d => d.Signal is not null),
            Denials =
            [
                .. result.Decisions.Where(d => d.Denial is not (DenialCode.None or DenialCode.PositionOpen)).GroupBy(d => d.Denial)
                    .Select(g => (Code: g.Key, Candles: g.Count(), Signals: g.Count(d => d.Signal is not null))).OrderByDescending(d => d.Candles).ThenBy(d => d.Code),
            ],
        };
    }

    // Positions of several contracts overlap: the time counts once.
    private static double ExposureOf(BacktestResult result)
    {
        var end = result.Equity.Count > 0 ? result.Equity[^1].Time : result.From;
        var length = end.Since(result.From);
        var spans = result.Trades.Select(t => (t.OpenedAt, t.ClosedAt)).Concat(result.Status.Positions.Select(p => (p.OpenedAt, ClosedAt: end))).OrderBy(s => s.OpenedAt);
        var (inside, until) = (0L, result.From);
        foreach (var (opened, closed) in spans)
        {
            var from = opened > until ? opened : until;
            inside += closed > from ? closed.Since(from) : 0;
            until = closed > until ? closed : until;
        }

        return length > 0 ? Math.Clamp((double)inside / length, 0, 1) : 0;
    }

    private static double? TurnoverOf(BacktestResult result, IReadOnlyList<EquityDay> days)
    {
        if (days.Count == 0)
        {
            return null;
        }

        var traded = result.Executions.Where(e => e.Kind == ExecutionKind.Trade).GroupBy(e => DailyEquity.DayOf(e.Time))
            .ToDictionary(g => g.Key, g => g.Sum(e => (e.Price * e.Quantity).Value));
        var (sum, before) = (0.0, result.InitialBalance);
        foreach (var day in days)
        {
            sum += before > 0 ? (double)(traded.GetValueOrDefault(day.Day) / before) : 0;
            before = day.Equity;
        }

        return sum / days.Count;
    }

    private static List<MonthReturn> MonthsOf(decimal initial, IReadOnlyList<EquityDay> days)
    {
        var months = new List<MonthReturn>();
        var before = initial;
        foreach (var month in days.GroupBy(d => d.Day.ToDateTimeOffset() is var t ? (t.Year, t.Month) : default))
        {
            var end = month.Last().Equity;
            months.Add(new MonthReturn(month.Key.Year, month.Key.Month, before > 0 ? (double)(end / before) - 1 : 0, end - before, month.Count()));
            before = end;
        }

        return months;
    }
}
