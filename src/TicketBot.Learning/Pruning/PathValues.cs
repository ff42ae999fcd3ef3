namespace TicketBot.Learning.Pruning;

/// <summary>Values <c>[steps][channels]</c> between two operations of a <see cref="PathFlow"/>, and the derivative of the whole flow by them.</summary>
internal sealed class PathValues
{
    public PathValues(int steps, int channels)
        : this(steps, channels, new double[steps * channels], new double[steps * channels])
    {
    }

    private PathValues(int steps, int channels, double[] values, double[] gradient)
    {
        Steps = steps;
        Channels = channels;
        Values = values;
        Gradient = gradient;
    }

    public int Steps { get; }

    public int Channels { get; }

    public double[] Values { get; }

    public double[] Gradient { get; }

    /// <summary>Returns the same values in another shape of equal size.</summary>
    public PathValues As(int steps, int channels) => new(steps, channels, Values, Gradient);
}
