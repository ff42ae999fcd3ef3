using TicketBot.Research.Gates;
using TicketBot.Research.Statistics;

namespace TicketBot.Research;

/// <summary>Is a ticket right as often as it says, on the out-of-sample rows that judge it? Shown, no gate looks at it.</summary>
/// <param name="Rows">Out-of-sample rows, whatever the confidence.</param>
/// <param name="ExpectedError">Expected calibration error of the confidence in the likelier side, over ten bins of equal width from 0.5 to 1.</param>
/// <param name="ExpectedErrorOfEqualMass">The same over ten bins that hold equally many rows.</param>
/// <param name="Brier">Brier score of the probability of a rise, with its parts.</param>
/// <param name="Curve">The reliability curve of the ten bins of equal width; empty ones are left out.</param>
public sealed record TicketCalibration(int Rows, double ExpectedError, double ExpectedErrorOfEqualMass, BrierScore Brier, IReadOnlyList<ReliabilityBin> Curve)
{
    private const int Bins = 10;

    /// <summary>How often the adaptive conformal interval around the probability of a rise held what happened.</summary>
    public ConformalCoverage? Conformal { get; init; }

    /// <summary>Returns it, or <c>null</c> where there is no out-of-sample row.</summary>
    internal static TicketCalibration? Of(TicketEvidence evidence)
    {
        var rows = evidence.Rows.Count;
        if (rows == 0)
        {
            return null;
        }

        var (up, rose, confidence, right) = (new double[rows], new bool[rows], new double[rows], new bool[rows]);
        for (var i = 0; i < rows; i++)
        {
            up[i] = evidence.ProbabilityUp[i];
            rose[i] = evidence.Dataset.Labels[evidence.Rows[i]] == 1;
            confidence[i] = Math.Max(up[i], 1 - up[i]);
            right[i] = (up[i] >= 0.5) == rose[i];
        }

        var curve = ReliabilityCurve.OfEqualWidth(confidence, right, Bins, 0.5);
        return new TicketCalibration(rows, curve.ExpectedError, ReliabilityCurve.OfEqualMass(confidence, right, Bins).ExpectedError, BrierScore.Of(up, rose), curve.Bins)
        {
            Conformal = ConformalCoverage.Of(up, rose),
        };
    }
}
