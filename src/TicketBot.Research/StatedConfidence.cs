using System.Globalization;
using TicketBot.Domain;
using TicketBot.Research.Gates;
using TicketBot.Research.Statistics;
using TicketBot.Tickets;

namespace TicketBot.Research;

/// <summary>Holds a live ticket to what it says: its signals since it was fitted, in their order, through a <see cref="SequentialCalibrationTest"/>. The number is the wealth of a bet against
/// the ticket, the sample its signals. However often it is asked, the chance of ever refusing a ticket that is right as often as it says is at most one in two hundred.</summary>
internal static class StatedConfidence
{
    /// <summary>Name of the judgement.</summary>
    public const string Name = "statedConfidence";

    // The daemon asks the journalled signals the same; together the two stay at one in a hundred.
    private const double Alpha = SequentialCalibrationTest.LifeAlpha / 2;

    /// <summary>Judges the signals of the evidence's rows.</summary>
    /// <param name="evidence">Rows of the ticket's regime after everything it was fitted on, ascending, with its answers.</param>
    /// <param name="testedUntil">Close time of the last candle that the rows of its admission looked at: signals whose outcome was known by then are out of sample, later ones are live.</param>
    public static GateJudgement Judge(TicketEvidence evidence, Instant testedUntil)
    {
        var (known, live) = Signals(evidence, testedUntil);
        var test = new SequentialCalibrationTest([.. known], Alpha);
        foreach (var signal in live)
        {
            test.Observe(signal.Confidence, signal.Hit);
        }

        return GateJudgement.Of(
            Name, Math.Exp(Math.Min(690, test.LogWealth)), 1 / Alpha, known.Count + live.Count, !test.IsAlarmed,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{TextOf("live", live)}, {TextOf("out-of-sample", known)}; a bet against its confidence {(test.IsAlarmed ? "has reached" : "has not reached")} {1 / Alpha:0} times its stake"));
    }

    /// <summary>Returns the signals of the rows that do not overlap, oldest first: those whose outcome was known at <paramref name="testedUntil"/>, and later ones.</summary>
    // A signal counts when the one before it has its outcome: overlapping outcomes would count one move several times.
    internal static (List<CalibratedSignal> Known, List<CalibratedSignal> Live) Signals(TicketEvidence evidence, Instant testedUntil)
    {
        var (known, live) = (new List<CalibratedSignal>(), new List<CalibratedSignal>());
        var dataset = evidence.Dataset;
        var free = int.MinValue;
        for (var i = 0; i < evidence.Rows.Count; i++)
        {
            var (row, up) = (evidence.Rows[i], evidence.ProbabilityUp[i]);
            if (RowTrades.SideOf(up, evidence.Confidence) is not { } side || dataset.Candles[row] < free)
            {
                continue;
            }

            free = dataset.Candles[row] + dataset.Horizon;
            var outcomeAt = dataset.Series.Interval.Shift(dataset.CloseOf(row), dataset.Horizon + 1);
            (outcomeAt <= testedUntil ? known : live).Add(new CalibratedSignal(Math.Max(up, 1 - up), (side == Side.Buy) == (dataset.Labels[row] == 1)));
        }

        return (known, live);
    }

    private static string TextOf(string kind, List<CalibratedSignal> signals) => signals.Count == 0
        ? $"no {kind} signal"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{signals.Count} {kind} signals right in {(double)signals.Count(s => s.Hit) / signals.Count:P1} where {signals.Average(s => s.Confidence):P1} were stated");
}
