namespace TicketBot.Learning.Training;

/// <summary>The state of an optimiser between two updates.</summary>
/// <param name="FirstMoments">One array per parameter, in order; empty where the parameter is not trained.</param>
/// <param name="SecondMoments">The same for the second moments; empty throughout for plain descent.</param>
/// <param name="Beta1Power">Decay of the first moment to the power of the updates made.</param>
/// <param name="Beta2Power">Decay of the second moment to the power of the updates made.</param>
public sealed record OptimizerSnapshot(IReadOnlyList<float[]> FirstMoments, IReadOnlyList<float[]> SecondMoments, double Beta1Power, double Beta2Power);
