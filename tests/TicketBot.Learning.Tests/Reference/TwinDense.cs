namespace TicketBot.Learning.Tests.Reference;

/// <summary>Twin of a dense layer: y = activation(W x + b) at every step.</summary>
public sealed class TwinDense(double[] weight, double[] bias, int inputs, int outputs, Activation activation) : TwinLayer([weight, bias])
{
    private double[] _x = [];
    private double[] _sums = [];

    public override double[] Forward(double[] x, int samples)
    {
        int positions = x.Length / inputs;
        _x = (double[])x.Clone();
        _sums = new double[positions * outputs];
        ClosestKink = double.PositiveInfinity;
        for (int p = 0; p < positions; p++)
        {
            for (int o = 0; o < outputs; o++)
            {
                double sum = Parameters[1][o];
                for (int i = 0; i < inputs; i++)
                {
                    sum += Parameters[0][o * inputs + i] * x[p * inputs + i];
                }

                _sums[p * outputs + o] = sum;
                ClosestKink = TwinActivation.HasKink(activation) ? Math.Min(ClosestKink, Math.Abs(sum)) : ClosestKink;
            }
        }

        return Array.ConvertAll(_sums, sum => TwinActivation.Of(activation, sum));
    }

    public override double[] Backward(double[] dy)
    {
        Array.Clear(Gradients[0]);
        Array.Clear(Gradients[1]);
        double[] dx = new double[_x.Length];
        for (int k = 0; k < dy.Length; k++)
        {
            int p = k / outputs;
            int o = k % outputs;
            double delta = dy[k] * TwinActivation.Slope(activation, _sums[k]);
            Gradients[1][o] += delta;
            for (int i = 0; i < inputs; i++)
            {
                Gradients[0][o * inputs + i] += delta * _x[p * inputs + i];
                dx[p * inputs + i] += delta * Parameters[0][o * inputs + i];
            }
        }

        return dx;
    }
}
