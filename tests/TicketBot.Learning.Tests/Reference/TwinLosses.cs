namespace TicketBot.Learning.Tests.Reference;

/// <summary>The plain double-precision twin of a loss: outputs of a batch are one array <c>[sample][output]</c>.</summary>
public abstract class TwinLoss
{
    public abstract double Of(double[] z);

    public abstract double[] GradientOf(double[] z);
}

/// <summary>Twin of a loss that is a weighted mean over samples of a mean over terms; a term says its value and its slopes.</summary>
public sealed class TwinMeanLoss(int outputs, double[] weights, Func<int, double[], (double Value, double[] Slopes)> ofSample) : TwinLoss
{
    public override double Of(double[] z) => Enumerable.Range(0, weights.Length).Sum(i => weights[i] * Sample(z, i).Value) / weights.Sum();

    public override double[] GradientOf(double[] z) =>
        [.. Enumerable.Range(0, weights.Length).SelectMany(i => Sample(z, i).Slopes.Select(slope => slope * weights[i] / weights.Sum()))];

    private (double Value, double[] Slopes) Sample(double[] z, int i) => ofSample(i, z[(i * outputs)..((i + 1) * outputs)]);
}

/// <summary>The twins of the losses with one number per sample.</summary>
public static class TwinLosses
{
    public static TwinLoss CrossEntropy(int classes, int[] labels, double[] weights) => new TwinMeanLoss(classes, weights, (i, z) =>
    {
        double top = z.Max();
        double[] e = [.. z.Select(v => Math.Exp(v - top))];
        return (Math.Log(e.Sum()) + top - z[labels[i]], [.. e.Select((v, c) => v / e.Sum() - (c == labels[i] ? 1.0 : 0.0))]);
    });

    public static TwinLoss Binary(int outputs, double[] targets, double[] weights) => new TwinMeanLoss(outputs, weights, (i, z) =>
    {
        double[] p = [.. z.Select(v => 1.0 / (1.0 + Math.Exp(-v)))];
        double[] t = targets[(i * outputs)..((i + 1) * outputs)];
        return (p.Select((q, o) => -t[o] * Math.Log(q) - (1.0 - t[o]) * Math.Log(1.0 - q)).Average(), [.. p.Select((q, o) => (q - t[o]) / outputs)]);
    });

    public static TwinLoss MeanSquared(int outputs, double[] targets, double[] weights) => new TwinMeanLoss(outputs, weights, (i, z) =>
        (z.Select((v, o) => Math.Pow(v - targets[i * outputs + o], 2)).Average(), [.. z.Select((v, o) => 2.0 * (v - targets[i * outputs + o]) / outputs)]));

    public static TwinLoss Huber(int outputs, double[] targets, double[] weights, double delta) => new TwinMeanLoss(outputs, weights, (i, z) =>
    {
        double[] d = [.. z.Select((v, o) => v - targets[i * outputs + o])];
        return (d.Average(v => Math.Abs(v) <= delta ? v * v / 2.0 : delta * (Math.Abs(v) - delta / 2.0)),
            [.. d.Select(v => (Math.Abs(v) <= delta ? v : delta * Math.Sign(v)) / outputs)]);
    });

    public static TwinLoss Gaussian(int outputs, bool predictsMean, double[] targets, double[] weights) => new TwinMeanLoss(outputs, weights, (i, z) =>
    {
        int k = predictsMean ? outputs / 2 : outputs;
        double value = 0.0;
        double[] slopes = new double[outputs];
        for (int t = 0; t < k; t++)
        {
            double mean = predictsMean ? z[t] : 0.0;
            double deviation = Math.Exp(z[outputs - k + t] / 2.0);
            double q = (targets[i * k + t] - mean) / deviation;
            value -= Math.Log(Math.Exp(-q * q / 2.0) / (deviation * Math.Sqrt(2.0 * Math.PI))) / k;
            slopes[outputs - k + t] = (1.0 - q * q) / 2.0 / k;
            if (predictsMean)
            {
                slopes[t] = -q / deviation / k;
            }
        }

        return (value, slopes);
    });
}

/// <summary>Twin of the negative Sharpe ratio, by the Jacobian of the softmax.</summary>
public sealed class TwinSharpe(int assets, double leverage, double floor, double[] targets, double[] weights) : TwinLoss
{
    private double ShortPart => (leverage - 1.0) / 2.0;

    private int Outputs => ShortPart > 0.0 ? 2 * assets : assets;

    public override double Of(double[] z)
    {
        (double mean, double deviation, _) = Moments(z);
        return -mean / deviation;
    }

    public override double[] GradientOf(double[] z)
    {
        (double mean, double deviation, double[] returns) = Moments(z);
        double[] gradient = new double[z.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            double share = weights[i] / weights.Sum();
            double slope = -(share / deviation - mean * share * (returns[i] - mean) / Math.Pow(deviation, 3));
            for (int half = 0; half < Outputs / assets; half++)
            {
                double[] p = Softmax(z, i, half);
                double factor = half == 0 ? 1.0 + ShortPart : -ShortPart;
                for (int a = 0; a < assets; a++)
                {
                    for (int b = 0; b < assets; b++)
                    {
                        double jacobian = p[b] * ((a == b ? 1.0 : 0.0) - p[a]);
                        gradient[i * Outputs + half * assets + a] += slope * factor * jacobian * targets[i * assets + b];
                    }
                }
            }
        }

        return gradient;
    }

    private (double Mean, double Deviation, double[] Returns) Moments(double[] z)
    {
        double[] returns = new double[weights.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            double[] p = Softmax(z, i, 0);
            double[] q = ShortPart > 0.0 ? Softmax(z, i, 1) : new double[assets];
            for (int a = 0; a < assets; a++)
            {
                returns[i] += ((1.0 + ShortPart) * p[a] - ShortPart * q[a]) * targets[i * assets + a];
            }
        }

        double mean = returns.Select((r, i) => weights[i] * r).Sum() / weights.Sum();
        double variance = returns.Select((r, i) => weights[i] * (r - mean) * (r - mean)).Sum() / weights.Sum();
        return (mean, Math.Sqrt(variance + floor * floor), returns);
    }

    private double[] Softmax(double[] z, int sample, int half)
    {
        double[] e = [.. z.Skip(sample * Outputs + half * assets).Take(assets).Select(Math.Exp)];
        return [.. e.Select(v => v / e.Sum())];
    }
}
