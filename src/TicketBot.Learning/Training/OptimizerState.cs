using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Training;

/// <summary>Moments of an optimiser and the bits that keep masked weights at zero. Frozen parameters and running statistics have none.
/// While it lives, sparse matrices are packed and their moments lie in the order of their surviving weights; what is shown or captured is dense.</summary>
internal sealed unsafe class OptimizerState : IDisposable
{
    private readonly Network _network;
    private readonly TrainingOptions _options;
    private readonly bool[] _trained;
    private readonly float[] _factors;
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
        _factors = [.. network.Parameters.Select(parameter => (float)options.LayerRate(parameter.Shape.Layer))];
        _trained = [.. network.Parameters.Select((parameter, i) => parameter.Shape.IsTrained && _factors[i] > 0f)];
        _first = Moments(network, _trained, wanted: true);
        _second = Moments(network, _trained, wanted: options.Optimizer != Optimizer.Sgd);
        _keep = [.. _packed.Select((packed, i) => packed is null ? mask.KeepBits(i) : null)];
    }

    /// <summary>Copies, shaped as the parameters; empty where a parameter has none.</summary>
    public IReadOnlyList<float[]> FirstMoments => [.. _first.Select(Dense)];

    /// <summary>Copies, shaped as the parameters; empty where a parameter has none.</summary>
    public IReadOnlyList<float[]> SecondMoments => [.. _second.Select(Dense)];

    /// <summary>How many values the updates ran over so far.</summary>
    public long Updated { get; private set; }

    /// <summary>Takes another mask between two updates: weights and moments that it does not keep become +0, the others go on as they are, and what was masked until now
    /// starts from zero.</summary>
    public void ChangeMask(Pruning.MaskSet mask)
    {
        OptimizerSnapshot state = Capture();
        mask.ApplyTo(_network);
        SparseTraining.Begin(_network, mask);
        for (int i = 0; i < _packed.Length; i++)
        {
            Parameter parameter = _network.ParameterArray[i];
            _packed[i] = parameter.Packed;
            _keep[i] = parameter.Packed is null ? mask.KeepBits(i) : null;
            int count = parameter.Packed?.Count ?? parameter.Shape.Count;
            _first[i] = _first[i].Length == 0 ? [] : new float[count];
            _second[i] = _second[i].Length == 0 ? [] : new float[count];
        }

        Restore(state);
    }

    /// <summary>Ends packing; the parameters' arrays are up to date afterwards.</summary>
    public void Dispose() => SparseTraining.End(_network);

    public void Apply(Network network, double rate)
    {
        _beta1Power *= _options.Beta1;
        _beta2Power *= _options.Beta2;
        Parameter[] parameters = network.ParameterArray;
        MaskGradients(parameters);
        float scale = _options.ClipNorm is { } limit ? ClipScale(parameters, limit) : 1f;
        for (int i = 0; i < parameters.Length; i++)
        {
            if (!_trained[i])
            {
                continue;
            }

            float decay = parameters[i].IsPrunable ? (float)_options.WeightDecay : 0f;
            float step = (float)(rate * _factors[i]);
            int count = _first[i].Length;
            Updated += count;
            SparseWeights? packed = RequirePacking(parameters[i], _packed[i]);
            fixed (float* values = packed is null ? parameters[i].Values : null)
            fixed (float* gradient = packed is null ? parameters[i].Gradient : null)
            fixed (float* m = _first[i])
            fixed (int* keep = _keep[i])
            {
                float* w = packed is null ? values : packed.ValuesToUpdate;
                float* g = packed is null ? gradient : packed.Gradient;
                if (_options.Optimizer == Optimizer.Sgd)
                {
                    Updates.Descent(w, g, m, keep, count, new Updates.DescentStep(step, decay, scale, (float)_options.Momentum), network.Form);
                    continue;
                }

                if (_options.Optimizer == Optimizer.Adam && decay > 0f)
                {
                    // The clipped gradient and the decay meet before the moments; what was scaled here must not be scaled again.
                    Updates.AddDecay(w, g, count, scale, decay, network.Form);
                }

                bool coupled = _options.Optimizer == Optimizer.Adam;
                fixed (float* v = _second[i])
                {
                    var update = new Updates.AdamStep(step, coupled ? 0f : decay, coupled && decay > 0f ? 1f : scale, (float)_options.Beta1, (float)_options.Beta2,
                        (float)(1.0 - _beta1Power), (float)(1.0 - _beta2Power), (float)_options.Epsilon);
                    Updates.Adam(w, g, m, v, keep, count, update, network.Form);
                }
            }
        }
    }

    /// <summary>Copies of everything but the weights; the arrays of parameters without moments are empty.</summary>
    public OptimizerSnapshot Capture() =>
        new(FirstMoments, SecondMoments, _beta1Power, _beta2Power);

    /// <exception cref="ArgumentException">The snapshot was taken of another network, mask or optimiser.</exception>
    public void Restore(OptimizerSnapshot snapshot)
    {
        if (!Fits(snapshot.FirstMoments, _first) || !Fits(snapshot.SecondMoments, _second))
        {
            throw new ArgumentException("expected moments of this network, its frozen layers and its optimiser, found arrays of other lengths", nameof(snapshot));
        }

        for (int i = 0; i < _first.Length; i++)
        {
            Take(snapshot.FirstMoments[i], i, _first[i]);
            Take(snapshot.SecondMoments[i], i, _second[i]);
        }

        _beta1Power = snapshot.Beta1Power;
        _beta2Power = snapshot.Beta2Power;
    }

    private bool Fits(IReadOnlyList<float[]> found, float[][] expected) =>
        found.Count == expected.Length && expected.Select(DenseLength).SequenceEqual(found.Select(moments => moments.Length));

    private int DenseLength(float[] moments, int i) => moments.Length == 0 ? 0 : _network.ParameterArray[i].Shape.Count;

    private float[] Dense(float[] moments, int i)
    {
        float[] dense = new float[DenseLength(moments, i)];
        if (_packed[i] is { } packed && dense.Length > 0)
        {
            packed.Spread(moments, dense);
        }
        else
        {
            moments.CopyTo(dense, 0);
        }

        return dense;
    }

    private void Take(float[] dense, int i, float[] moments)
    {
        if (_packed[i] is { } packed && dense.Length > 0)
        {
            packed.Collect(dense, moments);
        }
        else
        {
            dense.CopyTo(moments, 0);
            if (_keep[i] is { } keep && moments.Length > 0)
            {
                // A snapshot may come from a wider mask.
                Keep(moments, keep);
            }
        }
    }

    private static void Keep(float[] values, int[] keep)
    {
        Span<int> bits = MemoryMarshal.Cast<float, int>(values.AsSpan());
        TensorPrimitives.BitwiseAnd<int>(bits, keep, bits);
    }

    private static float[][] Moments(Network network, bool[] trained, bool wanted) =>
        [.. network.Parameters.Select((parameter, i) => wanted && trained[i] ? new float[parameter.Packed?.Count ?? parameter.Shape.Count] : [])];

    // Moments belong to the packing they were made for.
    private static SparseWeights? RequirePacking(Parameter parameter, SparseWeights? packed) => ReferenceEquals(parameter.Packed, packed)
        ? packed
        : throw new InvalidOperationException($"Invariant: {parameter.Name} was packed or unpacked by another training while this one ran");

    // Packed matrices have gradients of survivors only; a matrix that multiplies all weights gets gradients for all.
    private void MaskGradients(Parameter[] parameters)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            if (_keep[i] is { } keep)
            {
                Keep(parameters[i].Gradient, keep);
            }
        }
    }

    // The norm counts surviving weights only, in the order of the dense matrix: what a mask removed is exactly zero, and packing changes no bit.
    private float ClipScale(Parameter[] parameters, double limit)
    {
        double squares = 0.0;
        for (int i = 0; i < parameters.Length; i++)
        {
            if (!_trained[i])
            {
                continue;
            }

            if (_packed[i] is { } packed)
            {
                squares = packed.AddSquares(squares);
                continue;
            }

            float[] gradient = parameters[i].Gradient;
            for (int j = 0; j < gradient.Length; j++)
            {
                squares += (double)gradient[j] * gradient[j];
            }
        }

        double norm = Math.Sqrt(squares);
        return norm > limit ? (float)(limit / norm) : 1f;
    }
}
