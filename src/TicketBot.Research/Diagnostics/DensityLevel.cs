namespace TicketBot.Research.Diagnostics;

/// <summary>A density that the search tried: the ticket beside random masks of the same counts, all on validation rows.</summary>
/// <param name="Remaining">Surviving share of the prunable weights, 0..1; 1 is the dense network.</param>
/// <param name="Ticket">The ticket (or the dense network).</param>
/// <param name="Random">Mean over random masks; <c>null</c> for the dense network.</param>
public sealed record DensityLevel(double Remaining, LevelOutcome Ticket, LevelOutcome? Random);

/// <summary>How a training went.</summary>
/// <param name="EarlyStopStep">Updates made at the lowest validation loss.</param>
/// <param name="Accuracy">Share of validation rows whose class is named, 0..1, at that step.</param>
/// <param name="Loss">Log-loss on validation rows after temperature scaling, in nats.</param>
public sealed record LevelOutcome(double EarlyStopStep, double Accuracy, double Loss);
