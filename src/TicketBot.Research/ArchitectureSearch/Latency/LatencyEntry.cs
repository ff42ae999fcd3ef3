namespace TicketBot.Research.ArchitectureSearch.Latency;

/// <summary>What one piece of a network costs in a prediction, by itself.</summary>
/// <param name="Kind">What it is, for example <c>dense</c> or <c>attention-last</c>.</param>
/// <param name="Inputs">Channels it reads (of a convolution, times its kernel).</param>
/// <param name="Outputs">Channels it writes.</param>
/// <param name="Steps">Steps it computes.</param>
/// <param name="Microseconds">Least time of a prediction, above 0.</param>
public sealed record LatencyEntry(string Kind, int Inputs, int Outputs, int Steps, double Microseconds);
