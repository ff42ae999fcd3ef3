namespace TicketBot.Learning.Tests.Reference;

/// <summary>Twin of batch normalisation: y = scale (x - mean) / sqrt(variance + 1e-5) + shift per channel over all samples and steps. Its running statistics have
/// gradients too where they are used, so that central differences hold for every array.</summary>
public sealed class TwinBatchNorm(int channels, bool frozen) : TwinLayer([new double[channels], new double[channels], new double[channels], new double[channels]])
{
    private double[] _x = [];
    private double[] _mean = [];
    private double[] _variance = [];

    private bool UsesBatch => Training && !frozen;

    public override double[] Forward(double[] x, int samples)
    {
        _x = (double[])x.Clone();
        int positions = x.Length / channels;
        _mean = (double[])Parameters[2].Clone();
        _variance = (double[])Parameters[3].Clone();
        double[] y = new double[x.Length];
        for (int c = 0; c < channels; c++)
        {
            if (UsesBatch)
            {
                double[] values = [.. Enumerable.Range(0, positions).Select(p => x[p * channels + c])];
                _mean[c] = values.Average();
                _variance[c] = values.Select(value => (value - _mean[c]) * (value - _mean[c])).Average();
                Parameters[2][c] += 0.1 * (_mean[c] - Parameters[2][c]);
                if (positions > 1)
                {
                    Parameters[3][c] += 0.1 * (_variance[c] * positions / (positions - 1) - Parameters[3][c]);
                }
            }

            for (int p = 0; p < positions; p++)
            {
                y[p * channels + c] = Parameters[0][c] * (x[p * channels + c] - _mean[c]) / Math.Sqrt(_variance[c] + 1e-5) + Parameters[1][c];
            }
        }

        return y;
    }

    public override double[] Backward(double[] dy)
    {
        int positions = _x.Length / channels;
        double[] dx = new double[_x.Length];
        for (int c = 0; c < channels; c++)
        {
            double deviation = Math.Sqrt(_variance[c] + 1e-5);
            double sum = 0.0;
            double product = 0.0;
            for (int p = 0; p < positions; p++)
            {
                sum += dy[p * channels + c];
                product += dy[p * channels + c] * (_x[p * channels + c] - _mean[c]) / deviation;
            }

            Gradients[0][c] = product;
            Gradients[1][c] = sum;
            Gradients[2][c] = UsesBatch ? 0.0 : -Parameters[0][c] / deviation * sum;
            Gradients[3][c] = UsesBatch ? 0.0 : -Parameters[0][c] * product / (2 * deviation * deviation);
            for (int p = 0; p < positions; p++)
            {
                double h = (_x[p * channels + c] - _mean[c]) / deviation;
                double g = UsesBatch ? dy[p * channels + c] - sum / positions - h * product / positions : dy[p * channels + c];
                dx[p * channels + c] = Parameters[0][c] / deviation * g;
            }
        }

        return dx;
    }
}
