using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Training;

/// <summary>The pull of L2-SP (Li, Grandvalet and Davoine 2018): b / 2 |w - w0|^2 over the weight matrices, biases and scales of the anchored genes.</summary>
internal sealed unsafe class Anchor(Network network, IReadOnlyList<float[]> start, double strength, int lastGene)
{
    private readonly Dictionary<SparseWeights, float[]> _packed = [];

    /// <summary>Adds its gradient to that of the parameters and returns its value.</summary>
    public double Run()
    {
        double sum = 0.0;
        var b = (float)strength;
        for (int p = 0; p < start.Count; p++)
        {
            Parameter parameter = network.ParameterArray[p];
            if (!parameter.Shape.IsTrained || parameter.Shape.Layer > lastGene)
            {
                continue;
            }

            if (parameter.Packed is { } packed)
            {
                if (!_packed.TryGetValue(packed, out float[]? kept))
                {
                    kept = new float[packed.Count];
                    packed.Collect(start[p], kept);
                    _packed[packed] = kept;
                }

                float* w = packed.Values;
                float* g = packed.Gradient;
                for (int i = 0; i < kept.Length; i++)
                {
                    float away = w[i] - kept[i];
                    g[i] += b * away;
                    sum += (double)away * away;
                }

                continue;
            }

            (float[] values, float[] gradient) = (parameter.Values, parameter.Gradient);
            for (int i = 0; i < values.Length; i++)
            {
                float away = values[i] - start[p][i];
                gradient[i] += b * away;
                sum += (double)away * away;
            }
        }

        return strength / 2.0 * sum;
    }
}
