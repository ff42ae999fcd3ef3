namespace TicketBot.Research.Diagnostics;

/// <summary>Whether two halves of the rows draw the same mask, in four resolutions.</summary>
/// <param name="Draws">Draws with shuffled labels.</param>
/// <param name="Starts">First weights that every number is a mean over.</param>
/// <param name="HalfRows">Rows of a half.</param>
/// <param name="Answers">By what the surviving subnetworks say of the same rows, beyond what they say whatever the labels, in squared logits. What the gate judges.</param>
/// <param name="Inputs">By inputs: how much more survivors of both masks read the same inputs than they do whatever the labels, in units of chance.</param>
/// <param name="Weights">By single weights: intersection over union of the masks.</param>
/// <param name="Movement">By single weights, of the masks of the longest ways from the first weights.</param>
/// <param name="InputShares">Share of each input in the surviving weight, the mean over both halves and all starts.</param>
/// <param name="PairShares">The same of each pair of inputs that meets in a neuron, pairs in the order (0, 1), (0, 2), ...; empty above 256 inputs.</param>
/// <param name="NullInputMaxima">Per draw with shuffled labels the largest of such input shares.</param>
/// <param name="NullPairMaxima">Per draw the largest of such pair shares; empty above 256 inputs.</param>
public sealed record MaskStabilityReport(
    int Draws, int Starts, int HalfRows, StabilityScore Answers, StabilityScore Inputs, StabilityScore Weights, StabilityScore Movement, IReadOnlyList<double> InputShares,
    IReadOnlyList<double> PairShares, IReadOnlyList<double> NullInputMaxima, IReadOnlyList<double> NullPairMaxima);
