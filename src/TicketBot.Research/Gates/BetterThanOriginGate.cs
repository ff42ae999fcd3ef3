using TicketBot.Learning;
using TicketBot.Research.Statistics;
using TicketBot.Tickets;

namespace TicketBot.Research.Gates;

/// <summary>Does a ticket that came of another one say more of the out-of-sample rows than what would be there without it: the live ticket it was trained on from (fine-tuning), or a dense
/// network trained from drawn weights on the same rows (a ticket of another market)? The number is the bootstrap lower bound of the paired difference of log-loss per row in thousandths of a
/// nat; neither side has seen these rows.</summary>
/// <param name="name">Name, camelCase.</param>
/// <param name="origin">What it is compared with, in plain words.</param>
/// <param name="meanBlock">Mean block length in rows.</param>
/// <param name="draws">Bootstrap draws.</param>
public sealed class BetterThanOriginGate(string name, string origin, int meanBlock, int draws) : Gate
{
    /// <summary>Name of the gate against the live ticket.</summary>
    public const string Parent = "betterThanParent";

    /// <summary>Name of the gate against drawn weights.</summary>
    public const string Scratch = "betterThanScratch";

    private const double LeastProbability = 1e-6;

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override double Threshold(TicketEvidence evidence) => 0;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The evidence holds no answers to compare with.</exception>
    public override GateJudgement Judge(TicketEvidence evidence)
    {
        var other = evidence.OriginProbabilityUp ?? throw new InvalidOperationException($"Invariant: a ticket asked for {name} has something to be compared with");
        var lead = new double[evidence.Rows.Count];
        for (var i = 0; i < lead.Length; i++)
        {
            var label = evidence.Dataset.Labels[evidence.Rows[i]];
            lead[i] = 1_000 * (LossOf(other[i], label) - LossOf(evidence.ProbabilityUp[i], label));
        }

        var bound = StationaryBootstrap.OfMean(lead, evidence.Level, meanBlock, draws, new Rng(evidence.Seed + 6));
        return GateJudgement.Of(
            Name, bound.Lower, 0, lead.Length, bound.Lower > 0,
            FormattableString.Invariant($"{bound.Mean:+0.00;-0.00} thousandths of a nat less log-loss per row than {origin}, lower bound {bound.Lower:+0.00;-0.00} at level {evidence.LevelText}"));
    }

    private static double LossOf(double up, int label) => -PortableMath.Log(Math.Clamp(label == 1 ? up : 1 - up, LeastProbability, 1));
}
