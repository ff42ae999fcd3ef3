using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Training;

/// <summary>Moments of an optimiser and the bits that keep masked weights at zero.</summary>
internal sealed unsafe class OptimizerState
{
    private readonly TrainingOptions _options;
    private readonly float[][] _first;
    private readonly float[][] _second;
    private readonly int[]?[] _keep;
    private double _beta1Power = 1.0;
    private double _beta2Power = 1.0;

    public OptimizerState(Network network, Pruning.MaskSet mask, TrainingOptions options)
    {
        _options = options;
        _first = [.. network.Parameters.Select(parameter => new float[parameter.Values.Length])];
        _second = options.Optimizer == Optimizer.Adam ? [.. network.Parameters.Select(parameter => new float[parameter.Values.Length])] : [];
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
            float decay = parameters[i].IsPrunable ? (float)_options.WeightDecay : 0f;
            int count = parameters[i].Values.Length;
            fixed (float* w = parameters[i].Values)
            fixed (float* g = parameters[i].Gradient)
            fixed (float* m = _first[i])
            fixed (int* keep = _keep[i])
            {
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

    // The norm counts surviving weights only: what a mask removes is no part of the update.
    private float ClipScale(Parameter[] parameters, double limit)
    {
        double squares = 0.0;
        for (int i = 0; i < parameters.Length; i++)
        {
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
