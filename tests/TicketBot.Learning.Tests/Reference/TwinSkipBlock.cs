namespace TicketBot.Learning.Tests.Reference;

/// <summary>Twin of a block with a skip connection: y = main(source(x)) + P source(x), of whose steps the last are used. P is empty where there is none.</summary>
public sealed class TwinSkipBlock(TwinLayer source, TwinLayer[] main, double[] projection, int sourceSteps, int sourceChannels, int mainSteps, int mainChannels)
    : TwinLayer([.. source.Parameters, .. main.SelectMany(layer => layer.Parameters), .. projection.Length > 0 ? new[] { projection } : []])
{
    private double[] _s = [];

    public override double[] Forward(double[] x, int samples)
    {
        _s = source.Forward(x, samples);
        double[] y = _s;
        foreach (TwinLayer layer in main)
        {
            y = layer.Forward(y, samples);
        }

        y = (double[])y.Clone();
        for (int i = 0; i < y.Length; i++)
        {
            int from = SourceOf(i);
            if (projection.Length == 0)
            {
                y[i] += _s[from + i % mainChannels];
                continue;
            }

            for (int c = 0; c < sourceChannels; c++)
            {
                y[i] += projection[i % mainChannels * sourceChannels + c] * _s[from + c];
            }
        }

        return y;
    }

    public override double[] Backward(double[] dy)
    {
        double[] ds = dy;
        foreach (TwinLayer layer in main.Reverse())
        {
            ds = layer.Backward(ds);
        }

        ds = (double[])ds.Clone();
        double[] dp = new double[projection.Length];
        for (int i = 0; i < dy.Length; i++)
        {
            int from = SourceOf(i);
            if (projection.Length == 0)
            {
                ds[from + i % mainChannels] += dy[i];
                continue;
            }

            for (int c = 0; c < sourceChannels; c++)
            {
                dp[i % mainChannels * sourceChannels + c] += dy[i] * _s[from + c];
                ds[from + c] += dy[i] * projection[i % mainChannels * sourceChannels + c];
            }
        }

        double[] dx = source.Backward(ds);
        double[][] gradients = [.. source.Gradients, .. main.SelectMany(layer => layer.Gradients), .. projection.Length > 0 ? new[] { dp } : []];
        gradients.CopyTo(Gradients, 0);
        return dx;
    }

    // Where the source's step of an output's step begins.
    private int SourceOf(int output)
    {
        int position = output / mainChannels;
        int step = position % mainSteps + sourceSteps - mainSteps;
        return (position / mainSteps * sourceSteps + step) * sourceChannels;
    }
}
