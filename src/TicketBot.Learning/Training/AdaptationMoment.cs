namespace TicketBot.Learning.Training;

/// <summary>What a callback sees of an adaptation between two updates.</summary>
/// <param name="Network">The network as it is now; read it, do not change it.</param>
/// <param name="Step">Updates made so far.</param>
/// <param name="PlannedSteps">Updates planned.</param>
/// <param name="TaskLoss">Mean loss of the task over the updates since the last call, in nats for cross-entropy; null before the first.</param>
/// <param name="AlignmentLoss">The same of the alignment, without its factor; null without one.</param>
/// <param name="DomainAccuracy">Mean accuracy of the discriminator over the same updates, both domains weighing alike, 0..1; null without one.</param>
public sealed record AdaptationMoment(Network Network, int Step, int PlannedSteps, double? TaskLoss, double? AlignmentLoss, double? DomainAccuracy);
