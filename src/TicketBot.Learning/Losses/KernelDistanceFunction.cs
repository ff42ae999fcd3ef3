using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Losses;

/// <summary>Maximum mean discrepancy with five Gaussian kernels. Keeps the matrix of all pairs, samples squared.</summary>
internal sealed unsafe class KernelDistanceFunction : FeatureDistanceFunction
{
    /// <summary>Mean squared distances below this count as equal samples; their inverse would leave the range of float.</summary>
    private const float SmallestBandwidth = 1e-30f;

    private readonly PackedFeatures _samples = new();
    private readonly int[] _histogram = new int[4096];
    private TileBuffer _pairs = new(0);
    private TileBuffer _slopes = new(0);

    public override double Run(Flow features, int source, in Pass pass, double weight)
    {
        int target = pass.Count - source;
        RequireSamples(1, source, target);
        _samples.Fill(features, 0, pass.Count);
        (double same, double other, double cross) = Fill(features.Shape.Rows, source, pass.Form);
        double distance = same / ((double)source * source) + other / ((double)target * target) - 2.0 * (cross / ((double)source * target));
        if (distance is double.NaN || !features.WantsGradient)
        {
            return distance;
        }

        // Every pair counts twice, and each kernel's slope by x_i is -2 (x_i - x_j) times itself over its bandwidth.
        ScaleBlocks(source, (float)(-4.0 * weight / ((double)source * source)), (float)(4.0 * weight / ((double)source * target)), (float)(-4.0 * weight / ((double)target * target)));
        int rows = features.Shape.Rows;
        if (_slopes.Length < rows * _samples.Stride)
        {
            _slopes = new TileBuffer(rows * _samples.Stride);
        }

        PairKernels.WeightedDifferences(_samples.Pointer, rows, _pairs.Pointer, _samples.Stride, pass.Count, _slopes.Pointer, _samples.Lanes, pass.Form);
        for (int c = 0; c < rows; c++)
        {
            _samples.AddRow(_slopes.Pointer + c * _samples.Stride, features, c, 0, 1f);
        }

        return distance;
    }

    public override double Report(ReadOnlySpan<float> source, ReadOnlySpan<float> target, int features, KernelForm form)
    {
        int n = source.Length / features;
        int m = target.Length / features;
        RequireSamples(2, n, m);
        _samples.Reserve(features, n + m);
        _samples.Put(source, features, 0);
        _samples.Put(target, features, n);
        (double same, double other, double cross) = Fill(features, n, form);

        // A sample's kernel with itself is exactly 1.
        return (same - n) / ((double)n * (n - 1)) + (other - m) / ((double)m * (m - 1)) - 2.0 * (cross / ((double)n * m));
    }

    /// <summary>Returns the sums of kernels within the first set, within the second, and across; leaves the slopes of the kernels in the pairs.</summary>
    private (double Same, double Other, double Cross) Fill(int features, int source, KernelForm form)
    {
        int count = _samples.Count;
        int stride = _samples.Stride;
        if (_pairs.Length < (long)count * stride)
        {
            _pairs = new TileBuffer(checked(count * stride));
        }

        for (int i = 0; i < count; i++)
        {
            PairKernels.SquaredDistances(_samples.Pointer, features, stride, i, _pairs.Pointer + (long)i * stride, _samples.Lanes, form);
        }

        double same = 0.0;
        double other = 0.0;
        double cross = 0.0;
        float bandwidth = Bandwidth();
        for (int i = 0; i < count; i++)
        {
            float* pairs = _pairs.Pointer + (long)i * stride;
            if (bandwidth < SmallestBandwidth)
            {
                // All samples are equal as far as float can tell: every kernel is 1 and has no slope.
                _samples.RowSpan.Fill(1f);
                new Span<float>(pairs, _samples.Lanes).Clear();
            }
            else
            {
                PairKernels.Gaussians(pairs, bandwidth, _samples.Row, pairs, _samples.Lanes, form);
            }

            // The sums over both sets run alike, so a set at distance 0 from itself says 0.
            double first = Sum(_samples.Row, source);
            double second = Sum(_samples.Row + source, count - source);
            same += i < source ? first : 0.0;
            cross += i < source ? second : 0.0;
            other += i < source ? 0.0 : second;
        }

        return (same, other, cross);
    }

    private static double Sum(float* values, int count)
    {
        double sum = 0.0;
        for (int i = 0; i < count; i++)
        {
            sum += values[i];
        }

        return sum;
    }

    private void ScaleBlocks(int source, float same, float cross, float other)
    {
        for (int j = 0; j < _samples.Count; j++)
        {
            float* row = _pairs.Pointer + (long)j * _samples.Stride;
            for (int i = 0; i < _samples.Count; i++)
            {
                row[i] *= j < source ? (i < source ? same : cross) : (i < source ? cross : other);
            }
        }
    }

    /// <summary>The lower median of the squared distances of all pairs; where half the pairs are equal, their mean.</summary>
    private float Bandwidth()
    {
        int count = _samples.Count;
        long rank = ((long)count * (count - 1) / 2 - 1) / 2;

        // The bits of floats that are not negative rise with them, so the median is found digit by digit; NaN lies above all numbers.
        uint prefix = 0;
        for (int digit = 0; digit < 3; digit++)
        {
            int shift = 20 - 10 * digit;
            uint above = digit == 0 ? 0u : uint.MaxValue << (shift + 10);
            uint mask = digit == 0 ? 4095u : 1023u;
            Array.Clear(_histogram);
            for (int i = 0; i < count; i++)
            {
                uint* row = (uint*)(_pairs.Pointer + (long)i * _samples.Stride);
                for (int j = i + 1; j < count; j++)
                {
                    if ((row[j] & above) == prefix)
                    {
                        _histogram[(row[j] >> shift) & mask]++;
                    }
                }
            }

            uint value = 0;
            while (value < mask && rank >= _histogram[value])
            {
                rank -= _histogram[value++];
            }

            prefix |= value << shift;
        }

        float median = BitConverter.UInt32BitsToSingle(prefix);
        if (!(median < SmallestBandwidth))
        {
            return float.IsFinite(median) ? median : float.NaN;
        }

        double sum = 0.0;
        for (int i = 0; i < count; i++)
        {
            sum += Sum(_pairs.Pointer + (long)i * _samples.Stride + i + 1, count - i - 1);
        }

        return (float)(sum / ((double)count * (count - 1) / 2));
    }
}
