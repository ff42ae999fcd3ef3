namespace TicketBot.Learning.Training;

/// <summary>One measurement of the validation log-loss.</summary>
/// <param name="Step">Where it was measured.</param>
/// <param name="Loss">Weighted mean log-loss in nats.</param>
public readonly record struct ValidationPoint(Step Step, double Loss);
