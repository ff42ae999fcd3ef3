namespace TicketBot.Learning.Training;

/// <summary>One measurement of the validation loss.</summary>
/// <param name="Step">Where it was measured.</param>
/// <param name="Loss">The training loss over the validation set; in nats for cross-entropy.</param>
public readonly record struct ValidationPoint(Step Step, double Loss);
