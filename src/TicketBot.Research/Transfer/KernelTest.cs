using TicketBot.Learning;

namespace TicketBot.Research.Transfer;

/// <summary>The kernel two-sample test (Gretton et al. 2012): unbiased squared maximum mean discrepancy, held against permutations of whole blocks of rows.</summary>
/// <remarks>The kernel is that of <see cref="Learning.Losses.FeatureDistance.Mmd"/>: five Gaussians around the median squared distance of all pairs. Blocks, not rows, change sides,
/// because neighbouring rows of a series are alike; both samples are cut to whole blocks from their old ends.</remarks>
/// <param name="Distance">Unbiased squared discrepancy: around 0 for equal distributions, at most 2.</param>
/// <param name="PValue">Share of permutations at least as far apart, the sample itself counted, 0..1.</param>
/// <param name="NullHigh">95 % point of the distances of permutations.</param>
/// <param name="First">Rows of the first sample used.</param>
/// <param name="Second">Rows of the second sample used.</param>
public sealed record KernelTest(double Distance, double PValue, double NullHigh, int First, int Second)
{
    private const int Kernels = 5;

    /// <summary>Runs it.</summary>
    /// <param name="first">Rows in the order of time, <c>[rows, features]</c> row-major, finite.</param>
    /// <param name="second">The same of the other sample.</param>
    /// <param name="features">Features of a row, at least 1.</param>
    /// <param name="block">Rows that change sides together, at least 1; both samples need at least two blocks.</param>
    /// <param name="permutations">Permutations, at least 19.</param>
    /// <param name="rng">Chance.</param>
    /// <exception cref="ArgumentException">A sample has no whole number of rows, or fewer than two blocks.</exception>
    public static KernelTest Of(ReadOnlySpan<float> first, ReadOnlySpan<float> second, int features, int block, int permutations, Rng rng)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(block, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 19);
        var (n, m) = (first.Length / features / block, second.Length / features / block);
        if (first.Length % features != 0 || second.Length % features != 0 || n < 2 || m < 2)
        {
            throw new ArgumentException($"expected whole rows of {features} features, at least two blocks of {block} in each sample, were {first.Length} and {second.Length} values", nameof(first));
        }

        float[] rows = [.. first[(first.Length - (n * block * features))..], .. second[(second.Length - (m * block * features))..]];
        var sums = BlockSums(rows, features, block, n + m);
        var sides = new bool[n + m];
        Array.Fill(sides, true, 0, n);
        var distance = Statistic(sums, sides, n, m, block);
        var drawn = new double[permutations];
        var atLeast = 1;
        for (var i = 0; i < permutations; i++)
        {
            rng.Shuffle(sides.AsSpan());
            drawn[i] = Statistic(sums, sides, n, m, block);
            atLeast += drawn[i] >= distance ? 1 : 0;
        }

        Array.Sort(drawn);
        return new KernelTest(distance, atLeast / (permutations + 1.0), drawn[(int)Math.Ceiling(0.95 * permutations) - 1], n * block, m * block);
    }

    /// <summary>Returns the unbiased squared discrepancy alone; see <see cref="Of"/>.</summary>
    internal static double DistanceOf(ReadOnlySpan<float> first, ReadOnlySpan<float> second, int features)
    {
        var (n, m) = (first.Length / features, second.Length / features);
        float[] rows = [.. first, .. second];
        var sides = new bool[n + m];
        Array.Fill(sides, true, 0, n);
        return Statistic(BlockSums(rows, features, 1, n + m), sides, n, m, 1);
    }

    // A row's kernel with itself is left out, so a block's sum with itself has block (block - 1) terms.
    private static double Statistic(double[] sums, bool[] sides, int n, int m, int block)
    {
        double same = 0, other = 0, cross = 0;
        var blocks = sides.Length;
        for (var i = 0; i < blocks; i++)
        {
            double toFirst = 0, toSecond = 0;
            for (var j = 0; j < blocks; j++)
            {
                if (sides[j])
                {
                    toFirst += sums[(i * blocks) + j];
                }
                else
                {
                    toSecond += sums[(i * blocks) + j];
                }
            }

            (same, cross) = sides[i] ? (same + toFirst, cross + toSecond) : (same, cross);
            other += sides[i] ? 0 : toSecond;
        }

        var (a, b) = ((double)n * block, (double)m * block);
        return (same / (a * (a - 1))) + (other / (b * (b - 1))) - (2 * cross / (a * b));
    }

    private static double[] BlockSums(float[] rows, int features, int block, int blocks)
    {
        var count = blocks * block;
        var squares = new float[(long)count * (count - 1) / 2];
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            var row = rows.AsSpan(i * features, features);
            for (var j = 0; j < i; j++)
            {
                squares[at++] = Squared(row, rows.AsSpan(j * features, features));
            }
        }

        var bandwidth = Bandwidth(squares);
        var sums = new double[blocks * blocks];
        at = 0;
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < i; j++, at++)
            {
                var kernel = bandwidth > 0 ? Kernel(squares[at] / bandwidth) : 1;
                var (p, q) = (i / block, j / block);
                sums[(p * blocks) + q] += kernel;
                sums[(q * blocks) + p] += kernel;
            }
        }

        return sums;
    }

    // One exponential for all five: each kernel is the square of the wider one.
    private static double Kernel(double ratio)
    {
        var kernel = Math.Exp(-ratio / 4);
        var sum = kernel;
        for (var k = 1; k < Kernels; k++)
        {
            kernel *= kernel;
            sum += kernel;
        }

        return sum / Kernels;
    }

    private static double Bandwidth(float[] squares)
    {
        var sorted = (float[])squares.Clone();
        Array.Sort(sorted);
        double median = sorted[(sorted.Length - 1) / 2];
        return median > 0 ? median : squares.Average(s => (double)s);
    }

    private static float Squared(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0f;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = a[i] - b[i];
            sum += difference * difference;
        }

        return sum;
    }
}
