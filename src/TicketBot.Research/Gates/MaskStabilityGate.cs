using TicketBot.Tickets;

namespace TicketBot.Research.Gates;

/// <summary>Do the masks of two halves of the training rows keep subnetworks that say the same, more than halves whose labels were shuffled? The number is the p-value of that
/// permutation test; the sample is the number of draws. The corrected score is shown beside it.</summary>
public sealed class MaskStabilityGate : Gate
{
    /// <summary>The p-value that must not be reached.</summary>
    public const double Level = 0.05;

    /// <inheritdoc/>
    public override string Name => "maskStability";

    /// <inheritdoc/>
    public override double Threshold(TicketEvidence evidence) => Level;

    /// <inheritdoc/>
    public override GateJudgement Judge(TicketEvidence evidence)
    {
        var found = evidence.Stability ?? throw new InvalidOperationException("Invariant: the stability gate needs drawn masks");
        var answers = found.Answers;
        return GateJudgement.Of(
            Name, answers.PValue, Level, found.Draws, answers.PValue < Level,
            $"p = {answers.PValue:0.000}: beyond what they say whatever the labels, the subnetworks of two halves of {found.HalfRows} training rows agree on the same rows by "
            + $"{1e3 * answers.Value:0.000} (thousandths of a squared logit), with shuffled labels {1e3 * answers.NullMean:0.000} (highest {1e3 * answers.NullHigh:0.000} of {found.Draws}), "
            + $"with the same labels in another order {1e3 * answers.Ceiling:0.000}; corrected score {(answers.Corrected is { } score ? $"{score:0.00}" : "none")}; by inputs read "
            + $"{found.Inputs.Value:0.000} against {found.Inputs.NullMean:0.000}, by single weights {found.Weights.Value:0.000} against {found.Weights.NullMean:0.000}");
    }
}
