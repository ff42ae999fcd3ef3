namespace TicketBot.Learning.Tests.Reference;

/// <summary>Twin of layer normalisation: y = scale (x - mean) / sqrt(variance + 1e-5) + shift over the channels of each step of each sample.</summary>
public sealed class TwinLayerNorm(int channels) : TwinLayer([new double[channels], new double[channels]])
{
    private double[] _x = [];

    public override double[] Forward(double[] x, int samples)
    {
        _x = (double[])x.Clone();
        double[] y = new double[x.Length];
        for (int p = 0; p < x.Length; p += channels)
        {
            (double mean, double deviation) = MomentsOf(p);
            for (int c = 0; c < channels; c++)
            {
                y[p + c] = Parameters[0][c] * (x[p + c] - mean) / deviation + Parameters[1][c];
            }
        }

        return y;
    }

    public override double[] Backward(double[] dy)
    {
        Array.Clear(Gradients[0]);
        Array.Clear(Gradients[1]);
        double[] dx = new double[_x.Length];
        for (int p = 0; p < dy.Length; p += channels)
        {
            (double mean, double deviation) = MomentsOf(p);
            double sum = 0.0;
            double product = 0.0;
            for (int c = 0; c < channels; c++)
            {
                double h = (_x[p + c] - mean) / deviation;
                Gradients[0][c] += dy[p + c] * h;
                Gradients[1][c] += dy[p + c];
                sum += dy[p + c] * Parameters[0][c];
                product += dy[p + c] * Parameters[0][c] * h;
            }

            for (int c = 0; c < channels; c++)
            {
                double h = (_x[p + c] - mean) / deviation;
                dx[p + c] = (dy[p + c] * Parameters[0][c] - sum / channels - h * product / channels) / deviation;
            }
        }

        return dx;
    }

    private (double Mean, double Deviation) MomentsOf(int position)
    {
        ReadOnlySpan<double> values = _x.AsSpan(position, channels);
        double mean = 0.0;
        foreach (double value in values)
        {
            mean += value / channels;
        }

        double variance = 0.0;
        foreach (double value in values)
        {
            variance += (value - mean) * (value - mean) / channels;
        }

        return (mean, Math.Sqrt(variance + 1e-5));
    }
}
