namespace TicketBot.Research.Diagnostics;

/// <summary>Loss and error on the straight line between two networks.</summary>
/// <param name="Name">What the line joins.</param>
/// <param name="LossBarrier">Largest loss on the line minus the mean of its ends, in nats.</param>
/// <param name="ErrorBarrier">The same of the error, a difference of shares; below 0.02 two networks count as connected (Frankle et al., ICML 2020).</param>
/// <param name="Points">The line, both ends included.</param>
public sealed record BarrierCurve(string Name, double LossBarrier, double ErrorBarrier, IReadOnlyList<BarrierPoint> Points);

/// <summary>A point of such a line.</summary>
/// <param name="Alpha">Share of the second network, 0..1.</param>
/// <param name="Loss">Log-loss on validation rows in nats.</param>
/// <param name="Error">Share of validation rows whose class is missed, 0..1.</param>
public sealed record BarrierPoint(double Alpha, double Loss, double Error);
