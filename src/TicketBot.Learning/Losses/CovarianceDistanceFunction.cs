using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Losses;

/// <summary>Squared Frobenius norm of the difference G of two covariances over 4 d^2. Its slope by a sample x of the first set is G (x - mean) / (d^2 (n - 1)), by one
/// of the second the opposite with its own count.</summary>
internal sealed unsafe class CovarianceDistanceFunction : FeatureDistanceFunction
{
    private readonly PackedFeatures _source = new();
    private readonly PackedFeatures _target = new();
    private TileBuffer _difference = new(0);

    public override double Run(Flow features, int source, in Pass pass, double weight)
    {
        int target = pass.Count - source;
        RequireSamples(2, source, target);
        int d = features.Shape.Rows;
        _source.Fill(features, 0, source);
        _target.Fill(features, source, target);
        double distance = Difference(d, pass.Form);
        if (distance is double.NaN || !features.WantsGradient)
        {
            return distance;
        }

        double share = weight / ((double)d * d);
        Spread(_source, features, 0, (float)(share / (source - 1)), pass.Form);
        Spread(_target, features, source, (float)(-share / (target - 1)), pass.Form);
        return distance;
    }

    public override double Report(ReadOnlySpan<float> source, ReadOnlySpan<float> target, int features, KernelForm form)
    {
        RequireSamples(2, source.Length / features, target.Length / features);
        _source.Reserve(features, source.Length / features);
        _source.Put(source, features, 0);
        _target.Reserve(features, target.Length / features);
        _target.Put(target, features, 0);
        return Difference(features, form);
    }

    private double Difference(int d, KernelForm form)
    {
        if (_difference.Length < (long)d * d)
        {
            _difference = new TileBuffer(checked(d * d));
        }

        Centre(_source, d, form);
        Centre(_target, d, form);
        float* g = _difference.Pointer;
        double sum = 0.0;
        for (int r = 0; r < d; r++)
        {
            for (int c = 0; c <= r; c++)
            {
                float first = CovarianceKernels.Dot(_source.Pointer + r * _source.Stride, _source.Pointer + c * _source.Stride, _source.Lanes, form) / (_source.Count - 1);
                float second = CovarianceKernels.Dot(_target.Pointer + r * _target.Stride, _target.Pointer + c * _target.Stride, _target.Lanes, form) / (_target.Count - 1);
                float difference = first - second;
                g[r * d + c] = difference;
                g[c * d + r] = difference;
                sum += (r == c ? 1.0 : 2.0) * difference * difference;
            }
        }

        return sum / (4.0 * d * d);
    }

    // Lanes without a sample stay zero, so they add nothing to a covariance.
    private static void Centre(PackedFeatures samples, int d, KernelForm form)
    {
        for (int c = 0; c < d; c++)
        {
            float* row = samples.Pointer + c * samples.Stride;
            float mean = LaneSum.Of(row, samples.Lanes, form) / samples.Count;
            for (int i = 0; i < samples.Count; i++)
            {
                row[i] -= mean;
            }
        }
    }

    private void Spread(PackedFeatures samples, Flow features, int first, float scale, KernelForm form)
    {
        int d = features.Shape.Rows;
        for (int r = 0; r < d; r++)
        {
            CovarianceKernels.Product(_difference.Pointer + r * d, samples.Pointer, d, samples.Stride, samples.Row, samples.Lanes, form);
            samples.AddRow(samples.Row, features, r, first, scale);
        }
    }
}
