using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Training;

/// <summary>Moments of an optimiser and the bits that keep masked weights at zero. Frozen parameters and running statistics have none.</summary>
internal sealed unsafe class OptimizerState
{
    private readonly TrainingOptions _options;
    private readonly bool[] _trained;
    private readonly float[] _factors;
    private readonly float[][] _first;
    private readonly float[][] _second;
    private readonly int[]?[] _keep;
    private double _beta1Power = 1.0;
    private double _beta2Power = 1.0;

    public OptimizerState(Network network, Pruning.MaskSet mask, TrainingOptions options)
    {
        _options = options;
        _factors = [.. network.Parameters.Select(parameter => (float)options.LayerRate(parameter.Shape.Layer))];
        _trained = [.. network.Parameters.Select((parameter, i) => parameter.Shape.IsTrained && _factors[i] > 0f)];
        _first = Moments(network, _trained, wanted: true);
        _second = Moments(network, _trained, wanted: options.Optimizer != Optimizer.Sgd);
        _keep = [.. Enumerable.Range(0, network.Parameters.Count).Select(mask.KeepBits)];
    }

    public IReadOnlyList<float[]> FirstMoments => _first;

    public IReadOnlyList<float[]> SecondMoments => _second;

    public void Apply(Network network, double rate)
    {
        _beta1Power *= _options.Beta1;
        _beta2Power *= _options.Beta2;
        Parameter[] parameters = network.ParameterArray;
        float scale = _options.ClipNorm is { } limit ? ClipScale(parameters, limit) : 1f;
        for (int i = 0; i < parameters.Length; i++)
        {
            if (!_trained[i])
            {
                continue;
            }

            float decay = parameters[i].IsPrunable ? (float)_options.WeightDecay : 0f;
            float step = (float)(rate * _factors[i]);
            int count = parameters[i].Values.Length;
            fixed (float* w = parameters[i].Values)
            fixed (float* g = parameters[i].Gradient)
            fixed (float* m = _first[i])
            fixed (int* keep = _keep[i])
            {
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
        new([.. _first.Select(values => (float[])values.Clone())], [.. _second.Select(values => (float[])values.Clone())], _beta1Power, _beta2Power);

    /// <exception cref="ArgumentException">The snapshot was taken of another network, mask or optimiser.</exception>
    public void Restore(OptimizerSnapshot snapshot)
    {
        if (!Fits(snapshot.FirstMoments, _first) || !Fits(snapshot.SecondMoments, _second))
        {
            throw new ArgumentException("expected moments of this network, its frozen layers and its optimiser, found arrays of other lengths", nameof(snapshot));
        }

        for (int i = 0; i < _first.Length; i++)
        {
            snapshot.FirstMoments[i].AsSpan().CopyTo(_first[i]);
            snapshot.SecondMoments[i].AsSpan().CopyTo(_second[i]);
        }

        _beta1Power = snapshot.Beta1Power;
        _beta2Power = snapshot.Beta2Power;
    }

    private static bool Fits(IReadOnlyList<float[]> found, float[][] expected) =>
        found.Count == expected.Length && expected.Zip(found).All(pair => pair.First.Length == pair.Second.Length);

    private static float[][] Moments(Network network, bool[] trained, bool wanted) =>
        [.. network.Parameters.Select((parameter, i) => wanted && trained[i] ? new float[parameter.Values.Length] : [])];

    // The norm counts surviving weights only: what a mask removes is no part of the update.
    private float ClipScale(Parameter[] parameters, double limit)
    {
        double squares = 0.0;
        for (int i = 0; i < parameters.Length; i++)
        {
            if (!_trained[i])
            {
                continue;
            }

            float[] gradient = parameters[i].Gradient;
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
}
