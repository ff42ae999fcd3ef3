namespace TicketBot.Learning.Pruning;

/// <summary>What lies on the straight line between two networks. A barrier is the largest value on the line minus the mean of its two ends (Frankle et al., Linear Mode
/// Connectivity and the Lottery Ticket Hypothesis, ICML 2020); they call two networks connected when the barrier in error is below 0.02. With two classes near even
/// odds the error says little, so the loss has a barrier of its own.</summary>
/// <param name="Points">From the first network to the second in even steps, both ends included.</param>
public sealed record LinearConnectivityCurve(IReadOnlyList<LinearConnectivityPoint> Points)
{
    /// <summary>Barrier in log-loss, in nats, at least 0.</summary>
    public double LossBarrier => Barrier(point => point.Loss);

    /// <summary>Barrier in error, a difference of shares, 0..1.</summary>
    public double ErrorBarrier => Barrier(point => point.Error);

    private double Barrier(Func<LinearConnectivityPoint, double> value) =>
        Points.Max(value) - ((value(Points[0]) + value(Points[^1])) / 2.0);
}
