using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Training;

/// <summary>Moments of an optimiser and the bits that keep masked weights at zero. While it lives, sparse matrices are packed and their moments lie
/// packed beside the weights.</summary>
internal sealed unsafe class OptimizerState : IDisposable
{
    private readonly Network _network;
    private readonly TrainingOptions _options;
    private readonly float[][] _first;
    private readonly float[][] _second;
    private readonly int[]?[] _keep;
    private readonly SparseWeights?[] _packed;
    private double _beta1Power = 1.0;
    private double _beta2Power = 1.0;

    public OptimizerState(Network network, Pruning.MaskSet mask, TrainingOptions options)
    {
        _network = network;
        _options = options;
        SparseTraining.Begin(network, mask);
        _packed = [.. network.Parameters.Select(parameter => parameter.Packed)];
        _first = [.. network.Parameters.Select(parameter => new float[parameter.Packed?.Count ?? parameter.Shape.Count])];
        _second = options.Optimizer == Optimizer.Adam ? [.. _first.Select(moments => new float[moments.Length])] : [];
        _keep = [.. _packed.Select((packed, i) => packed is null ? mask.KeepBits(i) : null)];
    }

    /// <summary>The first moments, shaped as the parameters; copies where they are packed.</summary>
    public IReadOnlyList<float[]> FirstMoments => [.. _first.Select(Dense)];

    /// <summary>The second moments, shaped as the parameters; none without Adam.</summary>
    public IReadOnlyList<float[]> SecondMoments => [.. _second.Select(Dense)];

    /// <summary>Values that updates ran over so far.</summary>
    public long Updated { get; private set; }

    /// <summary>Ends packing; the parameters' arrays are up to date afterwards.</summary>
    public void Dispose() => SparseTraining.End(_network);

    public void Apply(Network network, double rate)
    {
        _beta1Power *= _options.Beta1;
        _beta2Power *= _options.Beta2;
        Parameter[] parameters = network.ParameterArray;
        float scale = _options.ClipNorm is { } limit ? ClipScale(parameters, limit) : 1f;
        for (int i = 0; i < parameters.Length; i++)
        {
            float decay = parameters[i].IsPrunable ? (float)_options.WeightDecay : 0f;
            int count = _first[i].Length;
            Updated += count;
            SparseWeights? packed = PackedForm(parameters[i], i);
            fixed (float* dense = packed is null ? parameters[i].Values : null)
            fixed (float* denseGradient = packed is null ? parameters[i].Gradient : null)
            fixed (float* m = _first[i])
            fixed (int* keep = _keep[i])
            {
                float* w = packed is null ? dense : packed.ValuesToUpdate;
                float* g = packed is null ? denseGradient : packed.Gradient;
                if (_options.Optimizer == Optimizer.Sgd)
                {
                    Updates.Descent(w, g, m, keep, count, new Updates.DescentStep((float)rate, decay, scale, (float)_options.Momentum), network.Form);
                    continue;
                }

                fixed (float* v = _second[i])
                {
                    var step = new Updates.AdamStep((float)rate, decay, scale, (float)_options.Beta1, (float)_options.Beta2,
                        (float)(1.0 - _beta1Power), (float)(1.0 - _beta2Power), (float)_options.Epsilon);
                    Updates.Adam(w, g, m, v, keep, count, step, network.Form);
                }
            }
        }
    }

    // The norm counts surviving weights only, in the order of the matrix: what a mask removes is no part of the update, and packing changes no bit.
    private float ClipScale(Parameter[] parameters, double limit)
    {
        double squares = 0.0;
        for (int i = 0; i < parameters.Length; i++)
        {
            ReadOnlySpan<float> gradient = _packed[i] is { } packed ? new ReadOnlySpan<float>(packed.Gradient, packed.Count) : parameters[i].Gradient;
            int[]? keep = _keep[i];
            for (int j = 0; j < gradient.Length; j++)
            {
                if (keep is null || keep[j] != 0)
                {
                    squares += (double)gradient[j] * gradient[j];
                }
            }
        }

        double norm = Math.Sqrt(squares);
        return norm > limit ? (float)(limit / norm) : 1f;
    }

    // Moments belong to the packing they were made for.
    private SparseWeights? PackedForm(Parameter parameter, int i) => ReferenceEquals(parameter.Packed, _packed[i])
        ? _packed[i]
        : throw new InvalidOperationException($"Invariant: {parameter.Name} was packed or unpacked by another training while this one ran");

    private float[] Dense(float[] moments, int i)
    {
        if (_packed[i] is not { } packed)
        {
            return moments;
        }

        float[] dense = new float[_network.ParameterArray[i].Shape.Count];
        packed.Spread(moments, dense);
        return dense;
    }
}
