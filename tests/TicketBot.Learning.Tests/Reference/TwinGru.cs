namespace TicketBot.Learning.Tests.Reference;

/// <summary>Twin of the GRU layer, one sample at a time: r, z sigmoids; n = tanh(Wn x + bn + r (Rn h' + cn)); h = (1 - z) n + z h'. Parameters: input weight
/// [3H][in], recurrent weight [3H][H], bias [3H], recurrent bias c [H].</summary>
public sealed class TwinGru(int steps, int inputs, int hidden)
    : TwinLayer([new double[3 * hidden * inputs], new double[3 * hidden * hidden], new double[3 * hidden], new double[hidden]])
{
    private double[] _x = [];

    // Per position and channel: r, z, n, q.
    private (double R, double Z, double N, double Q)[] _cells = [];
    private double[] _outputs = [];

    public override double[] Forward(double[] x, int samples)
    {
        _x = (double[])x.Clone();
        _cells = new (double, double, double, double)[samples * steps * hidden];
        _outputs = new double[samples * steps * hidden];
        for (int p = 0; p < samples * steps; p++)
        {
            for (int j = 0; j < hidden; j++)
            {
                double r = TwinActivation.Sigmoid(InputSum(p, j) + RecurrentSum(p, j));
                double z = TwinActivation.Sigmoid(InputSum(p, hidden + j) + RecurrentSum(p, hidden + j));
                double q = Parameters[3][j] + RecurrentSum(p, 2 * hidden + j);
                double n = Math.Tanh(InputSum(p, 2 * hidden + j) + r * q);
                _cells[p * hidden + j] = (r, z, n, q);
                _outputs[p * hidden + j] = (1 - z) * n + z * Before(p, j);
            }
        }

        return (double[])_outputs.Clone();
    }

    public override double[] Backward(double[] dy)
    {
        foreach (double[] gradient in Gradients)
        {
            Array.Clear(gradient);
        }

        double[] dx = new double[_x.Length];
        double[] dh = (double[])dy.Clone();
        for (int p = _cells.Length / hidden - 1; p >= 0; p--)
        {
            for (int j = 0; j < hidden; j++)
            {
                (double r, double z, double n, double q) = _cells[p * hidden + j];
                double d = dh[p * hidden + j];
                double da = d * (1 - z) * (1 - n * n);
                double dr = da * q * r * (1 - r);
                double dz = d * (Before(p, j) - n) * z * (1 - z);
                Gradients[3][j] += da * r;
                AddInput(p, j, dr, dx);
                AddInput(p, hidden + j, dz, dx);
                AddInput(p, 2 * hidden + j, da, dx);
                if (p % steps > 0)
                {
                    dh[(p - 1) * hidden + j] += d * z;
                    AddRecurrent(p, j, dr, dh);
                    AddRecurrent(p, hidden + j, dz, dh);
                    AddRecurrent(p, 2 * hidden + j, da * r, dh);
                }
            }
        }

        return dx;
    }

    private double Before(int p, int j) => p % steps == 0 ? 0.0 : _outputs[(p - 1) * hidden + j];

    private double InputSum(int p, int row)
    {
        double sum = Parameters[2][row];
        for (int i = 0; i < inputs; i++)
        {
            sum += Parameters[0][row * inputs + i] * _x[p * inputs + i];
        }

        return sum;
    }

    private double RecurrentSum(int p, int row)
    {
        double sum = 0.0;
        for (int j = 0; j < hidden; j++)
        {
            sum += Parameters[1][row * hidden + j] * Before(p, j);
        }

        return sum;
    }

    private void AddInput(int p, int row, double delta, double[] dx)
    {
        Gradients[2][row] += delta;
        for (int i = 0; i < inputs; i++)
        {
            Gradients[0][row * inputs + i] += delta * _x[p * inputs + i];
            dx[p * inputs + i] += delta * Parameters[0][row * inputs + i];
        }
    }

    private void AddRecurrent(int p, int row, double delta, double[] dh)
    {
        for (int j = 0; j < hidden; j++)
        {
            Gradients[1][row * hidden + j] += delta * Before(p, j);
            dh[(p - 1) * hidden + j] += delta * Parameters[1][row * hidden + j];
        }
    }
}
