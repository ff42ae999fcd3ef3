namespace TicketBot.Learning.Training;

/// <summary>Everything a rewind restores: the weights at a step, the position in the schedule and in the data order. Optimiser moments are
/// not kept; training from a checkpoint starts them at zero, as late rewinding does (Frankle et al. 2020).</summary>
/// <param name="Step">Where it was taken.</param>
/// <param name="Weights">Copies of all parameters.</param>
/// <param name="DataOrder">The stream that epochs draw their order from.</param>
public sealed record TrainingCheckpoint(Step Step, IReadOnlyList<float[]> Weights, Rng DataOrder);
