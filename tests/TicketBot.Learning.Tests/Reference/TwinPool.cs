namespace TicketBot.Learning.Tests.Reference;

/// <summary>Twin of pooling over time, <c>[steps][channels]</c> to one step.</summary>
public sealed class TwinPool(int steps, int channels, Pooling pooling) : TwinLayer([])
{
    private double[] _x = [];

    public override double[] Forward(double[] x, int samples)
    {
        _x = (double[])x.Clone();
        double[] y = new double[samples * channels];
        ClosestKink = double.PositiveInfinity;
        for (int i = 0; i < y.Length; i++)
        {
            double[] values = ValuesOf(i);
            y[i] = pooling switch
            {
                Pooling.Last => values[^1],
                Pooling.Mean => values.Average(),
                _ => values.Max(),
            };
            if (pooling == Pooling.Max && steps > 1)
            {
                double[] sorted = [.. values.Order()];
                ClosestKink = Math.Min(ClosestKink, sorted[^1] - sorted[^2]);
            }
        }

        return y;
    }

    public override double[] Backward(double[] dy)
    {
        double[] dx = new double[_x.Length];
        for (int i = 0; i < dy.Length; i++)
        {
            double[] values = ValuesOf(i);
            for (int t = 0; t < steps; t++)
            {
                dx[IndexOf(i, t)] = pooling switch
                {
                    Pooling.Last => t == steps - 1 ? dy[i] : 0.0,
                    Pooling.Mean => dy[i] / steps,
                    _ => t == Array.IndexOf(values, values.Max()) ? dy[i] : 0.0,
                };
            }
        }

        return dx;
    }

    private double[] ValuesOf(int output) => [.. Enumerable.Range(0, steps).Select(t => _x[IndexOf(output, t)])];

    private int IndexOf(int output, int step) => (output / channels * steps + step) * channels + output % channels;
}
