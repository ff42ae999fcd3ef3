namespace TicketBot.Learning.Pruning;

/// <summary>A network on the straight line between two others.</summary>
/// <param name="Alpha">Share of the second network in the weights, 0..1.</param>
/// <param name="Loss">Weighted mean log-loss over the rows, in nats.</param>
/// <param name="Error">Weighted share of rows whose most probable class is wrong, 0..1.</param>
public readonly record struct LinearConnectivityPoint(double Alpha, double Loss, double Error);
