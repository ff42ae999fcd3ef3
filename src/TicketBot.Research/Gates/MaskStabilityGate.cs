using TicketBot.Tickets;

namespace TicketBot.Research.Gates;

/// <summary>Do the two halves of the training rows agree on what a mask keeps, more than halves whose labels were shuffled? The number is the p-value of that permutation
/// test; the sample is the number of draws. The corrected score is shown beside it.</summary>
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
        var inputs = found.Inputs;
        return GateJudgement.Of(
            Name, inputs.PValue, Level, found.Draws, inputs.PValue < Level,
            $"p = {inputs.PValue:0.000}: beyond what they read whatever the labels, masks of two halves of {found.HalfRows} training rows share {inputs.Value:0.000} (in units of "
            + $"chance) of the inputs they read, with shuffled labels {inputs.NullMean:0.000} (highest {inputs.NullHigh:0.000} of {found.Draws}), on the same rows {inputs.Ceiling:0.000}; "
            + $"corrected score {(inputs.Corrected is { } score ? $"{score:0.00}" : "none")}; by single weights {found.Weights.Value:0.000} against {found.Weights.NullMean:0.000}");
    }
}
