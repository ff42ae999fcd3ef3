namespace TicketBot.Learning.Tests.Reference;

/// <summary>Twin of a convolution over time, tap by tap; a tap before step 0 reads zero.</summary>
public sealed class TwinConv1D(double[] weight, double[] bias, int steps, int inputs, int outputs, int taps, bool causal, Activation activation)
    : TwinLayer([weight, bias])
{
    private readonly int _outputSteps = causal ? steps : steps - taps + 1;
    private double[] _x = [];
    private double[] _sums = [];

    public override double[] Forward(double[] x, int samples)
    {
        _x = (double[])x.Clone();
        _sums = new double[samples * _outputSteps * outputs];
        ClosestKink = double.PositiveInfinity;
        for (int k = 0; k < _sums.Length; k++)
        {
            _sums[k] = Parameters[1][k % outputs];
        }

        ForEachProduct((sum, w, at) => _sums[sum] += Parameters[0][w] * _x[at]);
        if (TwinActivation.HasKink(activation))
        {
            ClosestKink = _sums.Min(Math.Abs);
        }

        return Array.ConvertAll(_sums, sum => TwinActivation.Of(activation, sum));
    }

    public override double[] Backward(double[] dy)
    {
        Array.Clear(Gradients[0]);
        Array.Clear(Gradients[1]);
        double[] dx = new double[_x.Length];
        double[] delta = [.. dy.Select((g, k) => g * TwinActivation.Slope(activation, _sums[k]))];
        for (int k = 0; k < delta.Length; k++)
        {
            Gradients[1][k % outputs] += delta[k];
        }

        ForEachProduct((sum, w, at) =>
        {
            Gradients[0][w] += delta[sum] * _x[at];
            dx[at] += delta[sum] * Parameters[0][w];
        });
        return dx;
    }

    private void ForEachProduct(Action<int, int, int> visit)
    {
        for (int k = 0; k < _sums.Length; k++)
        {
            int o = k % outputs;
            int t = k / outputs % _outputSteps;
            int sample = k / outputs / _outputSteps;
            for (int tap = 0; tap < taps; tap++)
            {
                int from = causal ? t - taps + 1 + tap : t + tap;
                for (int i = 0; from >= 0 && i < inputs; i++)
                {
                    visit(k, (o * taps + tap) * inputs + i, (sample * steps + from) * inputs + i);
                }
            }
        }
    }
}
