using TicketBot.Learning.Kernels;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Search;

/// <summary>Updates the shared weights of a cell network by the rules of <see cref="Optimizer"/>. Each parameter counts its own updates, since a path moves only what flows.</summary>
internal sealed unsafe class CellOptimizer
{
    private readonly CellNetwork _network;
    private readonly TrainingOptions _options;
    private readonly float[][] _first;
    private readonly float[][] _second;
    private readonly double[] _beta1Powers;
    private readonly double[] _beta2Powers;

    public CellOptimizer(CellNetwork network, TrainingOptions options)
    {
        options.Validate();
        _network = network;
        _options = options;
        _first = [.. network.Parameters.Select(parameter => new float[parameter.Shape.IsTrained ? parameter.Shape.Count : 0])];
        _second = [.. _first.Select(moments => new float[options.Optimizer == Optimizer.Sgd ? 0 : moments.Length])];
        _beta1Powers = [.. _first.Select(_ => 1.0)];
        _beta2Powers = [.. _first.Select(_ => 1.0)];
    }

    /// <summary>Moves every parameter that flows against its gradient.</summary>
    public void Apply(bool[] flowing, double rate)
    {
        float scale = _options.ClipNorm is { } limit ? ClipScale(flowing, limit) : 1f;
        for (int i = 0; i < flowing.Length; i++)
        {
            if (!flowing[i] || _first[i].Length == 0)
            {
                continue;
            }

            Parameter parameter = _network.Parameters[i];
            float decay = parameter.IsPrunable ? (float)_options.WeightDecay : 0f;
            _beta1Powers[i] *= _options.Beta1;
            _beta2Powers[i] *= _options.Beta2;
            fixed (float* w = parameter.Values)
            fixed (float* g = parameter.Gradient)
            fixed (float* m = _first[i])
            fixed (float* v = _second[i])
            {
                if (_options.Optimizer == Optimizer.Sgd)
                {
                    Updates.Descent(w, g, m, null, _first[i].Length, new Updates.DescentStep((float)rate, decay, scale, (float)_options.Momentum), _network.Form);
                    continue;
                }

                bool coupled = _options.Optimizer == Optimizer.Adam && decay > 0f;
                if (coupled)
                {
                    Updates.AddDecay(w, g, _first[i].Length, scale, decay, _network.Form);
                }

                var update = new Updates.AdamStep((float)rate, coupled ? 0f : decay, coupled ? 1f : scale, (float)_options.Beta1, (float)_options.Beta2,
                    (float)(1.0 - _beta1Powers[i]), (float)(1.0 - _beta2Powers[i]), (float)_options.Epsilon);
                Updates.Adam(w, g, m, v, null, _first[i].Length, update, _network.Form);
            }
        }
    }

    private float ClipScale(bool[] flowing, double limit)
    {
        double squares = 0.0;
        for (int i = 0; i < flowing.Length; i++)
        {
            if (!flowing[i] || _first[i].Length == 0)
            {
                continue;
            }

            foreach (float g in _network.Parameters[i].Gradient)
            {
                squares += (double)g * g;
            }
        }

        double norm = Math.Sqrt(squares);
        return norm > limit ? (float)(limit / norm) : 1f;
    }
}
