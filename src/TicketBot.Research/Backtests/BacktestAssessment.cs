using TicketBot.Tickets;

namespace TicketBot.Research.Backtests;

/// <summary>What can be said of a backtest: figures, intervals, targets, other orders of the trades, diagnoses, and one verdict in words.</summary>
public sealed record BacktestAssessment
{
    /// <summary>The figures.</summary>
    public required BacktestMetrics Metrics { get; init; }

    /// <summary>Their intervals.</summary>
    public required BacktestIntervals Intervals { get; init; }

    /// <summary>Figures beside targets.</summary>
    public required IReadOnlyList<TargetLine> Targets { get; init; }

    /// <summary>Other orders of the trades, or <c>null</c> for fewer than two trades.</summary>
    public required MonteCarloReport? OtherOrders { get; init; }

    /// <summary>What was looked for.</summary>
    public required IReadOnlyList<Diagnosis> Diagnoses { get; init; }

    /// <summary>Active weights of the tickets in force, a network of all regimes counted once.</summary>
    public required int ActiveWeights { get; init; }

    /// <summary>The verdict: a headline and what it rests on.</summary>
    public required (string Headline, string Reason) Verdict { get; init; }

    /// <summary>Assesses a backtest. Equal arguments give equal assessments, bit for bit.</summary>
    /// <param name="result">What it did.</param>
    /// <param name="request">What was played.</param>
    /// <param name="options">Targets, draws and seed.</param>
    public static BacktestAssessment Of(BacktestResult result, BacktestRequest request, ResearchOptions options)
    {
        var metrics = BacktestMetrics.Of(result);
        var right = SignalAccuracy.Of(result.Decisions, request.Candles, request.Tickets);
        var intervals = BacktestIntervals.Of(metrics.Days, result.Trades, right, options.BootstrapDraws, options.Seed);
        var played = MonteCarlo.Of(MonteCarlo.ReturnsOf(result), options.BootstrapDraws, options.Seed);
        var weights = ActiveWeightsOf(request.Tickets);
        IReadOnlyList<Diagnosis> diagnoses =
        [
            TradeDiagnoses.EdgeBelowCost(metrics.Trades),
            TradeDiagnoses.WinRateBelowBreakEven(metrics.Trades),
            TradeDiagnoses.FewTradesEarnAll(result.Trades),
            CurveDiagnoses.OneMonthEarnsAll(metrics.Months),
            TradeDiagnoses.OneRegimeEarnsAll(metrics.ByRegime),
            TradeDiagnoses.SidesDiffer(result.Trades),
            CurveDiagnoses.TrackRecordTooShort(metrics.Days),
            TradeDiagnoses.MoreWeightsThanTrades(result.Trades.Count, weights),
            CurveDiagnoses.EndsDecide(result.InitialBalance, result.Equity),
            CurveDiagnoses.EquityFlat(metrics.Days),
            CurveDiagnoses.SignalsDenied(metrics),
            TradeDiagnoses.StopsDominate(metrics.Trades),
            CurveDiagnoses.LongDrawdown(metrics.Drawdown),
            CurveDiagnoses.OrderDrawdownOverTarget(played, options.Targets.MaxDrawdown),
            CurveDiagnoses.DayLimitReached(metrics.Days, (double)request.Trading.MaxDailyDrawdown),
        ];
        var targets = TargetLine.Of(metrics, intervals, right, options.Targets);
        return new BacktestAssessment
        {
            Metrics = metrics, Intervals = intervals, Targets = targets, OtherOrders = played, Diagnoses = diagnoses, ActiveWeights = weights,
            Verdict = VerdictOf(metrics, intervals, targets, diagnoses),
        };
    }

    /// <summary>Returns the weights and biases that are not zero.</summary>
    public static int ActiveWeightsOf(IReadOnlyList<TicketSet> tickets) =>
        tickets.Sum(set => set.Tickets.Where(t => !t.IsPooled).Concat(set.Tickets.Where(t => t.IsPooled).Take(1)).Sum(t => t.Weights.Sum(w => w.Count(v => v != 0))));

    private static (string Headline, string Reason) VerdictOf(
        BacktestMetrics metrics, BacktestIntervals intervals, IReadOnlyList<TargetLine> targets, IReadOnlyList<Diagnosis> diagnoses)
    {
        var trades = metrics.Trades;
        if (trades.Trades == 0)
        {
            var most = metrics.Denials.Count > 0 ? FormattableString.Invariant($" The most frequent reason was {metrics.Denials[0].Code}, on {metrics.Denials[0].Candles:N0} candles.") : "";
            return metrics.OpenAtEnd > 0
                ? ("Nothing can be said: no position was closed", "The test ended while its only positions were open.")
                : ("Nothing was traded", $"No position was opened, so the test says nothing about an edge.{most}");
        }

        var met = targets.Count(t => t.Verdict == TargetVerdict.Met);
        var missed = targets.Count(t => t.Verdict == TargetVerdict.NotMet);
        var rest = FormattableString.Invariant($"Targets: {met} met, {missed} not met, {targets.Count - met - missed} not decided. Diagnoses: {diagnoses.Count(d => d.Found == true)} of {diagnoses.Count} found.");
        var mean = FormattableString.Invariant($"{trades.Trades:N0} trades earned {trades.MeanNetBp:0.0} bp each after costs");
        if (intervals.ExpectancyBp is not { Low: { } low, High: { } high })
        {
            return ("Too few trades to say anything", $"{mean}; at least {BacktestIntervals.FewestTrades} are needed for an interval. {rest}");
        }

        var between = FormattableString.Invariant($"{mean} (95 % interval {low:0.0} to {high:0.0} bp).");
        return low > 0
            ? ("Earned after costs, beyond chance", $"{between} This is one test of these tickets; gates and the number of trials are judged by 'evaluate'. {rest}")
            : high < 0
                ? ("Lost after costs, beyond chance", $"{between} {rest}")
                : ("The result cannot be told from chance", $"{between} {rest}");
    }
}
