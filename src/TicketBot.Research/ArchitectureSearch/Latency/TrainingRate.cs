namespace TicketBot.Research.ArchitectureSearch.Latency;

/// <summary>What training a layer costs.</summary>
/// <param name="Kind">The layer, for example <c>lstm</c>.</param>
/// <param name="Nanoseconds">Per product of the forward pass of one row: forward, both gradients and the update together.</param>
public sealed record TrainingRate(string Kind, double Nanoseconds);
