using TicketBot.Learning;

namespace TicketBot.Research.Transfer;

/// <summary>The kernel two-sample test (Gretton et al. 2012): unbiased squared maximum mean discrepancy, held against permutations of whole blocks of rows.</summary>
/// <remarks>The kernel is that of <see cref="Learning.Losses.FeatureDistance.Mmd"/>: five Gaussians around the median squared distance of all pairs. Blocks, not rows, change sides, because
/// neighbouring rows of a series are alike. Where rows remember, the ends of neighbouring blocks would still be alike, and equal domains would be told apart too often; so as many rows are
/// left out between two blocks as the memory is long: twice the lag after which five autocorrelations in a row are insignificant (Politis and White 2004, section 3.2), measured in the
/// kernel's own space, where it is the memory of the mean that the test compares. Blocks become at least twice as long as what is left out. Memory beyond a sixteenth of the smaller sample is
/// not taken out whole. Both samples are cut to whole blocks from their old ends.</remarks>
/// <param name="Distance">Unbiased squared discrepancy of the rows used: around 0 for equal distributions, at most 2.</param>
/// <param name="PValue">Share of permutations at least as far apart, the sample itself counted, 0..1.</param>
/// <param name="NullHigh">95 % point of the distances of permutations.</param>
/// <param name="First">Rows of the first sample used.</param>
/// <param name="Second">Rows of the second sample used.</param>
public sealed record KernelTest(double Distance, double PValue, double NullHigh, int First, int Second)
{
    private const int Kernels = 5;
    private const int InsignificantLags = 5;
    private const int LongestGapPart = 16;

    /// <summary>Runs it.</summary>
    /// <param name="first">Rows in the order of time, <c>[rows, features]</c> row-major, finite.</param>
    /// <param name="second">The same of the other sample.</param>
    /// <param name="features">Features of a row, at least 1.</param>
    /// <param name="block">Rows that change sides together at least, from 1; both samples need at least two blocks.</param>
    /// <param name="permutations">Permutations, at least 19.</param>
    /// <param name="rng">Chance.</param>
    /// <exception cref="ArgumentException">A sample has no whole number of rows, or fewer than two blocks.</exception>
    public static KernelTest Of(ReadOnlySpan<float> first, ReadOnlySpan<float> second, int features, int block, int permutations, Rng rng)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(block, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 19);
        var (rows, others) = (first.Length / features, second.Length / features);
        if (first.Length % features != 0 || second.Length % features != 0 || rows / block < 2 || others / block < 2)
        {
            throw new ArgumentException($"expected whole rows of {features} features, at least two blocks of {block} in each sample, were {first.Length} and {second.Length} values", nameof(first));
        }

        var kernels = KernelsOf([.. first, .. second], features, rows + others);
        var gap = Math.Min(2 * Math.Max(MemoryOf(kernels, 0, rows), MemoryOf(kernels, rows, others)), Math.Min(rows, others) / LongestGapPart);
        gap = (Math.Min(rows, others) + gap) / (Math.Max(block, 2 * gap) + gap) < 2 ? 0 : gap;
        block = Math.Max(block, 2 * gap);
        var (n, m) = ((rows + gap) / (block + gap), (others + gap) / (block + gap));
        var blockOf = new int[rows + others];
        Array.Fill(blockOf, -1);
        Assign(blockOf.AsSpan(0, rows), n, block, gap, 0);
        Assign(blockOf.AsSpan(rows), m, block, gap, n);
        var sums = BlockSums(kernels, blockOf, n + m);
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
        var sides = new bool[n + m];
        Array.Fill(sides, true, 0, n);
        return Statistic(BlockSums(KernelsOf([.. first, .. second], features, n + m), [.. Enumerable.Range(0, n + m)], n + m), sides, n, m, 1);
    }

    /// <summary>Returns the lag after which autocorrelations of the rows in the kernel's space are insignificant: 0 where none is significant.</summary>
    internal static int MemoryOf(ReadOnlySpan<float> rows, int features)
    {
        var count = rows.Length / features;
        return MemoryOf(KernelsOf([.. rows], features, count), 0, count);
    }

    private static void Assign(Span<int> blockOf, int blocks, int block, int gap, int first)
    {
        var start = blockOf.Length - (blocks * block) - ((blocks - 1) * gap);
        for (var i = 0; i < blocks; i++)
        {
            blockOf.Slice(start + (i * (block + gap)), block).Fill(first + i);
        }
    }

    // The autocorrelation of the embedded rows: mean of centred kernels k(x_t, x_t+lag) over that at lag 0.
    private static int MemoryOf(double[] kernels, int start, int count)
    {
        var means = new double[count];
        for (var i = 0; i < count; i++)
        {
            means[i] += 1;
            for (var j = 0; j < i; j++)
            {
                var kernel = kernels[PairOf(start + i, start + j)];
                (means[i], means[j]) = (means[i] + kernel, means[j] + kernel);
            }
        }

        double all = 0;
        for (var i = 0; i < count; i++)
        {
            means[i] /= count;
            all += means[i] / count;
        }

        var variance = 1 - all;
        if (variance <= 0)
        {
            return 0;
        }

        var bound = 2 * Math.Sqrt(Math.Log10(count) / count);
        var (quiet, lag) = (0, 0);
        for (lag = 1; lag <= count / 4 && quiet < InsignificantLags; lag++)
        {
            double sum = 0;
            for (var i = lag; i < count; i++)
            {
                sum += kernels[PairOf(start + i, start + i - lag)] - means[i] - means[i - lag] + all;
            }

            quiet = Math.Abs(sum / count / variance) < bound ? quiet + 1 : 0;
        }

        return lag - 1 - quiet;
    }

    private static long PairOf(long later, long earlier) => (later * (later - 1) / 2) + earlier;

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

    private static double[] BlockSums(double[] kernels, int[] blockOf, int blocks)
    {
        var sums = new double[blocks * blocks];
        long at = 0;
        for (var i = 0; i < blockOf.Length; i++)
        {
            for (var j = 0; j < i; j++, at++)
            {
                var (p, q) = (blockOf[i], blockOf[j]);
                if (p >= 0 && q >= 0)
                {
                    sums[(p * blocks) + q] += kernels[at];
                    sums[(q * blocks) + p] += kernels[at];
                }
            }
        }

        return sums;
    }

    // The kernel of every pair of rows, the later row first.
    private static double[] KernelsOf(float[] rows, int features, int count)
    {
        var squares = new float[(long)count * (count - 1) / 2];
        long at = 0;
        for (var i = 0; i < count; i++)
        {
            var row = rows.AsSpan(i * features, features);
            for (var j = 0; j < i; j++)
            {
                squares[at++] = Squared(row, rows.AsSpan(j * features, features));
            }
        }

        var bandwidth = Bandwidth(squares);
        return Array.ConvertAll(squares, square => bandwidth > 0 ? Kernel(square / bandwidth) : 1);
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
