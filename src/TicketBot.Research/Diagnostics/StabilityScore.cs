namespace TicketBot.Research.Diagnostics;

/// <summary>How much masks of two halves of the rows have in common, beside what that number is worth.</summary>
/// <param name="Value">The overlap of the two halves.</param>
/// <param name="NullMean">The same with labels shuffled inside each half, on average: what first weights and inputs give without labels.</param>
/// <param name="NullHigh">95 % point of that; with fewer than 40 draws the largest.</param>
/// <param name="Ceiling">The overlap of masks of one half under two data orders: what the training's own chance leaves.</param>
/// <param name="Untrained">The overlap of a half's mask with that of the untrained magnitudes.</param>
/// <param name="PValue">(1 + draws at least as large) / (1 + draws), 0..1.</param>
public sealed record StabilityScore(double Value, double NullMean, double NullHigh, double Ceiling, double Untrained, double PValue)
{
    /// <summary>(value - nullHigh) / (ceiling - nullHigh): 0 = as stable as without meaning, 1 = as stable as on the same rows; <c>null</c> where the ceiling does not
    /// exceed the null. Shown, never judged by.</summary>
    public double? Corrected => Ceiling > NullHigh ? (Value - NullHigh) / (Ceiling - NullHigh) : null;
}
