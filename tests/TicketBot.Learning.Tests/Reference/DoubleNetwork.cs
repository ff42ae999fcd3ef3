namespace TicketBot.Learning.Tests.Reference;

/// <summary>The plain double-precision twin of a dense network: loops as in a textbook, one sample at a time.</summary>
public sealed class DoubleNetwork
{
    private readonly Architecture _architecture;
    private readonly double[][] _parameters;

    public DoubleNetwork(Architecture architecture, IReadOnlyList<float[]> weights)
    {
        _architecture = architecture;
        _parameters = [.. weights.Select(values => Array.ConvertAll(values, value => (double)value))];
    }

    public double[][] Parameters => _parameters;

    /// <summary>Smallest distance of any ReLU-family sum from its kink in the last forward pass.</summary>
    public double ClosestKink { get; private set; }

    public double[] Logits(ReadOnlySpan<double> row) => Forward(row)[^1];

    public double Loss(double[][] rows, int[] labels, double[] weights)
    {
        double loss = 0.0;
        for (int i = 0; i < rows.Length; i++)
        {
            double[] z = Logits(rows[i]);
            loss += weights[i] * (Math.Log(z.Sum(value => Math.Exp(value - z.Max()))) + z.Max() - z[labels[i]]);
        }

        return loss / weights.Sum();
    }

    public double[][] Gradient(double[][] rows, int[] labels, double[] weights)
    {
        double[][] gradient = [.. _parameters.Select(values => new double[values.Length])];
        ClosestKink = double.PositiveInfinity;
        for (int i = 0; i < rows.Length; i++)
        {
            double[][] y = Forward(rows[i]);
            double[] z = y[^1];
            double top = z.Max();
            double sum = z.Sum(value => Math.Exp(value - top));
            double[] delta = [.. z.Select((value, c) => (Math.Exp(value - top) / sum - (c == labels[i] ? 1.0 : 0.0)) * weights[i] / weights.Sum())];
            for (int l = y.Length - 2; l >= 0; l--)
            {
                double[] w = _parameters[2 * l];
                int columns = _architecture.Parameters[2 * l].Columns;
                double[] below = new double[columns];
                for (int r = 0; r < delta.Length; r++)
                {
                    delta[r] *= Slope(l, y[l + 1][r]);
                    gradient[2 * l + 1][r] += delta[r];
                    for (int c = 0; c < columns; c++)
                    {
                        gradient[2 * l][r * columns + c] += delta[r] * y[l][c];
                        below[c] += delta[r] * w[r * columns + c];
                    }
                }

                delta = below;
            }
        }

        return gradient;
    }

    private double[][] Forward(ReadOnlySpan<double> row)
    {
        int depth = _parameters.Length / 2;
        var y = new double[depth + 1][];
        y[0] = row.ToArray();
        for (int l = 0; l < depth; l++)
        {
            int columns = _architecture.Parameters[2 * l].Columns;
            y[l + 1] = new double[_architecture.Parameters[2 * l].Rows];
            for (int r = 0; r < y[l + 1].Length; r++)
            {
                double sum = _parameters[2 * l + 1][r];
                for (int c = 0; c < columns; c++)
                {
                    sum += _parameters[2 * l][r * columns + c] * y[l][c];
                }

                if (ActivationOf(l) is Activation.Relu or Activation.LeakyRelu)
                {
                    ClosestKink = Math.Min(ClosestKink, Math.Abs(sum));
                }

                y[l + 1][r] = ActivationOf(l) switch
                {
                    Activation.Relu => Math.Max(0.0, sum),
                    Activation.LeakyRelu => sum < 0 ? 0.01 * sum : sum,
                    Activation.Tanh => Math.Tanh(sum),
                    _ => sum,
                };
            }
        }

        return y;
    }

    private Activation ActivationOf(int layer) => layer < _architecture.Layers.Count ? _architecture.Layers[layer].Activation : Activation.Identity;

    private double Slope(int layer, double y) => ActivationOf(layer) switch
    {
        Activation.Relu => y > 0 ? 1.0 : 0.0,
        Activation.LeakyRelu => y > 0 ? 1.0 : 0.01,
        Activation.Tanh => 1.0 - y * y,
        _ => 1.0,
    };
}
