namespace TicketBot.Learning.Tests.Reference;

/// <summary>Double-precision twins of the distances between two sets of rows <c>[sample][feature]</c>; the first <paramref name="source"/> rows are one set, the rest the other.</summary>
public sealed class TwinDistances(int source, int features)
{
    private static readonly double[] Factors = [0.25, 0.5, 1.0, 2.0, 4.0];

    /// <summary>Lower median of the squared distances of all pairs.</summary>
    public double MedianOf(double[] x)
    {
        int count = x.Length / features;
        var all = new List<double>();
        for (int i = 0; i < count; i++)
        {
            for (int j = i + 1; j < count; j++)
            {
                all.Add(Squared(x, i, j));
            }
        }

        all.Sort();
        return all[(all.Count - 1) / 2];
    }

    public double Mmd(double[] x, double bandwidth, bool biased)
    {
        int n = source;
        int m = x.Length / features - n;
        double same = Mean(0, n, 0, n);
        double other = Mean(n, n + m, n, n + m);
        return same + other - 2.0 * Mean(0, n, n, n + m);

        double Mean(int firstI, int endI, int firstJ, int endJ)
        {
            double sum = 0.0;
            int pairs = 0;
            for (int i = firstI; i < endI; i++)
            {
                for (int j = firstJ; j < endJ; j++)
                {
                    if (biased || i != j)
                    {
                        sum += Factors.Average(f => Math.Exp(-Squared(x, i, j) / (f * bandwidth)));
                        pairs++;
                    }
                }
            }

            return sum / pairs;
        }
    }

    public double[] MmdGradient(double[] x, double bandwidth)
    {
        int count = x.Length / features;
        double Share(int i) => i < source ? 1.0 / source : -1.0 / (count - source);
        double[] gradient = new double[x.Length];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                double slope = Factors.Average(f => Math.Exp(-Squared(x, i, j) / (f * bandwidth)) * -2.0 / (f * bandwidth));
                for (int c = 0; c < features; c++)
                {
                    gradient[i * features + c] += 2.0 * Share(i) * Share(j) * slope * (x[i * features + c] - x[j * features + c]);
                }
            }
        }

        return gradient;
    }

    public double Coral(double[] x)
    {
        double sum = 0.0;
        foreach (double g in Difference(x))
        {
            sum += g * g;
        }

        return sum / (4.0 * features * features);
    }

    public double[] CoralGradient(double[] x)
    {
        int count = x.Length / features;
        double[,] g = Difference(x);
        double[] gradient = new double[x.Length];
        for (int i = 0; i < count; i++)
        {
            double share = i < source ? 1.0 / (source - 1) : -1.0 / (count - source - 1);
            for (int r = 0; r < features; r++)
            {
                for (int c = 0; c < features; c++)
                {
                    gradient[i * features + r] += share / (features * features) * g[r, c] * (x[i * features + c] - MeanOf(x, i < source, c));
                }
            }
        }

        return gradient;
    }

    private double[,] Difference(double[] x)
    {
        int count = x.Length / features;
        double[,] g = new double[features, features];
        for (int i = 0; i < count; i++)
        {
            double share = i < source ? 1.0 / (source - 1) : -1.0 / (count - source - 1);
            for (int r = 0; r < features; r++)
            {
                for (int c = 0; c < features; c++)
                {
                    g[r, c] += share * (x[i * features + r] - MeanOf(x, i < source, r)) * (x[i * features + c] - MeanOf(x, i < source, c));
                }
            }
        }

        return g;
    }

    private double MeanOf(double[] x, bool first, int feature)
    {
        int count = x.Length / features;
        double sum = 0.0;
        for (int i = first ? 0 : source; i < (first ? source : count); i++)
        {
            sum += x[i * features + feature];
        }

        return sum / (first ? source : count - source);
    }

    private double Squared(double[] x, int i, int j)
    {
        double sum = 0.0;
        for (int c = 0; c < features; c++)
        {
            sum += Math.Pow(x[i * features + c] - x[j * features + c], 2);
        }

        return sum;
    }
}
