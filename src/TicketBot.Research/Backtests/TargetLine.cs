namespace TicketBot.Research.Backtests;

/// <summary>How a figure stands to its target.</summary>
public enum TargetVerdict
{
    /// <summary>The whole interval lies on the wanted side.</summary>
    Met = 1,

    /// <summary>The whole interval lies on the other side.</summary>
    NotMet = 2,

    /// <summary>The interval holds the target, or there is none: so many observations cannot tell.</summary>
    NotDecided = 3,
}

/// <summary>A figure beside its target. Targets are shown; nothing is judged by them.</summary>
/// <param name="Name">Name in documents.</param>
/// <param name="Title">Name in words.</param>
/// <param name="Value">What was measured, or <c>null</c> when these data have no such figure.</param>
/// <param name="Target">The target.</param>
/// <param name="AtMost">Whether the target is an upper bound.</param>
/// <param name="Interval">Where the true value is believed to lie, 95 %, or <c>null</c>.</param>
/// <param name="Observations">How many observations stand behind it.</param>
/// <param name="Unit">What an observation is, in the plural.</param>
public sealed record TargetLine(string Name, string Title, double? Value, double Target, bool AtMost, MetricInterval? Interval, int Observations, string Unit)
{
    /// <summary>How it stands to the target.</summary>
    public TargetVerdict Verdict
    {
        get
        {
            if (Value is null || Interval is not { } known)
            {
                return TargetVerdict.NotDecided;
            }

            var (worse, better) = AtMost ? (-known.High, -known.Low) : (known.Low, known.High);
            var wanted = AtMost ? -Target : Target;
            return worse >= wanted ? TargetVerdict.Met : better < wanted ? TargetVerdict.NotMet : TargetVerdict.NotDecided;
        }
    }

    /// <summary>The same in words.</summary>
    public string Words => Verdict switch
    {
        TargetVerdict.Met => "met",
        TargetVerdict.NotMet => "not met",
        _ => $"not decided by {(Observations == 1 ? "1 observation" : FormattableString.Invariant($"{Observations:N0} {Unit}"))}",
    };

    /// <summary>Returns the lines of a backtest: what it has; what only a transfer or a training has is left out.</summary>
    public static IReadOnlyList<TargetLine> Of(BacktestMetrics metrics, BacktestIntervals intervals, IReadOnlyList<bool> rightSignals, TargetOptions targets)
    {
        var (days, trades) = (metrics.Days.Count, metrics.Trades.Trades);
        TargetLine Day(string name, string title, double? value, double target, MetricInterval? interval, bool atMost = false) =>
            new(name, title, value, target, atMost, value is null ? null : interval, days, "days");
        TargetLine Trade(string name, string title, double? value, double target, MetricInterval? interval) =>
            new(name, title, value, target, false, value is null ? null : interval, trades, "trades");
        return
        [
            Day("sharpe", "Sharpe ratio a year", metrics.Sharpe, targets.Sharpe, intervals.Sharpe),
            Day("sortino", "Sortino ratio a year", metrics.Sortino, targets.Sortino, intervals.Sortino),
            // Without a trade there was nothing to draw down, and nothing was met by that.
            Day("maxDrawdown", "largest drawdown", trades + metrics.OpenAtEnd == 0 ? null : metrics.Drawdown.Depth, targets.MaxDrawdown, intervals.MaxDrawdown, atMost: true),
            Trade("winRate", "win rate", metrics.Trades.WinRate, targets.WinRate, intervals.WinRate),
            Trade("profitFactor", "profit factor", metrics.Trades.ProfitFactor, targets.ProfitFactor, intervals.ProfitFactor),
            Day("calmar", "Calmar ratio", metrics.Calmar, targets.Calmar, intervals.Calmar),
            .. rightSignals.Count == 0
                ? Array.Empty<TargetLine>()
                : [new TargetLine("accuracy", "signal accuracy", rightSignals.Count(r => r) / (double)rightSignals.Count, targets.Accuracy, false, intervals.Accuracy, rightSignals.Count, "signals")],
        ];
    }
}
