using TicketBot.Domain;

namespace TicketBot.Research.Backtests;

/// <summary>Diagnoses that look at the equity curve, the days and the decisions of a backtest. Pure functions; none of them admits or refuses anything.</summary>
public static class CurveDiagnoses
{
    /// <summary>Days below which the shape of the curve is not judged.</summary>
    public const int FewestDays = 20;

    /// <summary>Days of a drawdown beyond which it is called long.</summary>
    public const int LongDrawdownDays = 30;

    private const double Confidence = 0.95;

    /// <summary>Whether one calendar month earned nearly everything.</summary>
    public static Diagnosis OneMonthEarnsAll(IReadOnlyList<MonthReturn> months)
    {
        const string Name = "oneMonthEarnsAll";
        const double Threshold = 0.75;
        var net = months.Sum(m => m.Profit);
        if (months.Count < 3 || net <= 0)
        {
            return Diagnosis.Untold(Name, Threshold, $"There is no profit of at least three calendar months to be shared out ({months.Count} months, {net:0.##}).");
        }

        var best = months.MaxBy(m => m.Profit)!;
        var share = (double)(best.Profit / net);
        return Diagnosis.Of(
            Name, share, Threshold, share >= Threshold, $"{best.Year}-{best.Month:00} earned {best.Profit:0.##} of {net:0.##} ({100 * share:0.#} %) in {months.Count} months.",
            "Look at what the market did in that month. An edge that shows once is an event; test other years and other contracts.");
    }

    /// <summary>Whether the equity stood still for a quarter of the test or more.</summary>
    public static Diagnosis EquityFlat(IReadOnlyList<EquityDay> days)
    {
        const string Name = "equityFlat";
        const double Threshold = 0.25;
        if (days.Count < FewestDays)
        {
            return Diagnosis.Untold(Name, Threshold, $"{days.Count} days are too few ({FewestDays} are needed).");
        }

        var (longest, current) = (0, 0);
        foreach (var day in days)
        {
            // A day on which nothing was held leaves the equity where it was, to the last digit.
            current = day is { Low: 1, High: 1, Return: 0 } ? current + 1 : 0;
            longest = Math.Max(longest, current);
        }

        var share = (double)longest / days.Count;
        return Diagnosis.Of(
            Name, share, Threshold, share >= Threshold, $"The longest time without any change of the equity is {longest} of {days.Count} days ({100 * share:0.#} %).",
            "Look why nothing was traded then: an expired ticket, a regime without one, a threshold never reached, a gap in the candles. Figures per year thin out what happens in little time.");
    }

    /// <summary>Whether the test is shorter than a Sharpe ratio like this one needs to be told from zero.</summary>
    public static Diagnosis TrackRecordTooShort(IReadOnlyList<EquityDay> days)
    {
        const string Name = "trackRecordTooShort";
        double[] returns = [.. days.Select(d => d.Return)];
        if (PerformanceRatios.MinimumTrackRecord(returns, 0, Confidence) is not { } needed)
        {
            return Diagnosis.Untold(Name, days.Count, $"The Sharpe ratio is not above zero, so no length of the test would show it to be.");
        }

        return Diagnosis.Of(
            Name, days.Count, needed, days.Count < needed, $"The test has {days.Count} days; a Sharpe ratio of {PerformanceRatios.Sharpe(returns):0.00} a year with this skewness and these tails needs {needed:0} days to be told from zero at 95 %.",
            "Do not quote the Sharpe ratio: it means nothing yet. Test a longer period.");
    }

    /// <summary>Whether the first and the last step of the test made a quarter of the profit or more.</summary>
    public static Diagnosis EndsDecide(decimal initial, IReadOnlyList<(Instant Time, decimal Equity)> equity)
    {
        const string Name = "endsDecide";
        const double Threshold = 0.25;
        var total = equity.Count > 0 ? equity[^1].Equity - initial : 0;
        if (equity.Count < 10 || total == 0)
        {
            return Diagnosis.Untold(Name, Threshold, $"The equity did not move, or the test has fewer than ten steps ({equity.Count}).");
        }

        var ends = equity[0].Equity - initial + (equity[^1].Equity - equity[^2].Equity);
        var share = (double)(ends / total);
        return Diagnosis.Of(
            Name, share, Threshold, Math.Abs(share) >= Threshold, $"The first and the last candle made {ends:0.##} of the {total:0.##} that the equity changed by ({100 * share:0.#} %).",
            "Move --from and --to by a day and look again: a result that hangs on where the test begins or ends is none.");
    }

    /// <summary>Whether more than half of the signals were denied.</summary>
    public static Diagnosis SignalsDenied(BacktestMetrics metrics)
    {
        const string Name = "signalsDenied";
        const double Threshold = 0.5;
        var denied = metrics.Denials.Where(d => d.Signals > 0).OrderByDescending(d => d.Signals).ToList();
        var count = denied.Sum(d => d.Signals);
        if (metrics.Signals == 0)
        {
            var most = metrics.Denials.Count > 0 ? FormattableString.Invariant($" The most frequent reason: {metrics.Denials[0].Code} on {metrics.Denials[0].Candles} candles.") : "";
            return Diagnosis.Untold(Name, Threshold, $"There was no signal.{most}");
        }

        var share = (double)count / metrics.Signals;
        return denied.Count == 0
            ? Diagnosis.Of(Name, 0, Threshold, false, $"None of {metrics.Signals} signals was denied.", "")
            : Diagnosis.Of(
                Name, share, Threshold, share > Threshold, $"{count} of {metrics.Signals} signals ({100 * share:0.#} %) were denied, most often for {denied[0].Code} ({denied[0].Signals}).",
                "The figures speak of the few signals that passed. 'ticketbot why' and the column riskVerdict of --decisions tell each case; see the limits of the section Trading.");
    }

    /// <summary>Whether the equity lay below a peak for longer than <see cref="LongDrawdownDays"/> days.</summary>
    public static Diagnosis LongDrawdown(Drawdown drawdown) => Diagnosis.Of(
        "longDrawdown", drawdown.LongestDays, LongDrawdownDays, drawdown.LongestDays > LongDrawdownDays,
        $"The longest time below an earlier peak is {drawdown.LongestDays:0.0} days; the deepest fall is {100 * drawdown.Depth:0.00} %{(drawdown.AtEnd > 0 ? FormattableString.Invariant($", and the test ends {100 * drawdown.AtEnd:0.00} % below its peak") : "")}.",
        "Decide beforehand how long such a time may last before the tickets are retired; few operators bear twice what a test shows.");

    /// <summary>Whether one random order of the same trades in twenty falls further than the drawdown shown as the target.</summary>
    /// <param name="played">The orders, or <c>null</c> when there are too few trades.</param>
    /// <param name="target">Largest drawdown shown as the target, 0..1.</param>
    public static Diagnosis OrderDrawdownOverTarget(MonteCarloReport? played, double target) => played is null
        ? Diagnosis.Untold("orderDrawdownOverTarget", target, $"Fewer than two trades have no other order.")
        : Diagnosis.Of(
            "orderDrawdownOverTarget", played.OrderDrawdown.P95, target, played.OrderDrawdown.P95 > target,
            $"In 95 % of {played.Draws} random orders the same trades fall by at most {100 * played.OrderDrawdown.P95:0.00} %; the order that happened fell by {100 * played.Found:0.00} %, the target is {100 * target:0.##} %.",
            "The shallow drawdown was luck of the order. Make positions smaller (Trading:MaxPositionFraction) until the 95 % point lies below what you bear.");

    /// <summary>Whether a day lost as much as the limit that halts trading.</summary>
    /// <param name="days">Days of the test.</param>
    /// <param name="limit">Loss from the day's peak that halts trading, 0..1.</param>
    public static Diagnosis DayLimitReached(IReadOnlyList<EquityDay> days, double limit)
    {
        var worst = days.Count == 0 ? 0 : days.Max(d => d.Drawdown);
        var count = days.Count(d => d.Drawdown >= limit);
        return Diagnosis.Of(
            "dayLimitReached", worst, limit, count > 0, $"The worst day fell by {100 * worst:0.00} % from its peak; {count} of {days.Count} days reached the limit of {100 * limit:0.##} % that halts trading.",
            "Positions are large for this limit: each such day ends in a forced flat account. Lower Trading:MaxPositionFraction or Trading:MaxGrossFraction.");
    }
}
