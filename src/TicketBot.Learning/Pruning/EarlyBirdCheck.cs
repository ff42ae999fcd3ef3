using TicketBot.Learning.Training;

namespace TicketBot.Learning.Pruning;

/// <summary>What one check of the mask saw.</summary>
/// <param name="Step">Where.</param>
/// <param name="Distance">Largest normalised distance of the newest mask to the others in the window; null until the window is full.</param>
/// <param name="Movement">Normalised distance to the mask of the untrained magnitudes.</param>
/// <param name="Emerged">True from the check on at which the mask counts as found.</param>
public readonly record struct EarlyBirdCheck(Step Step, double? Distance, double Movement, bool Emerged);
