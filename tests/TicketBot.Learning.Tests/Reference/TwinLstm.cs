namespace TicketBot.Learning.Tests.Reference;

/// <summary>Twin of the LSTM layer, one sample at a time: gates i, f, g, o; c = f c' + i g; h = o tanh(c). Parameters: input weight [4H][in], recurrent weight
/// [4H][H], bias [4H].</summary>
public sealed class TwinLstm(int steps, int inputs, int hidden)
    : TwinLayer([new double[4 * hidden * inputs], new double[4 * hidden * hidden], new double[4 * hidden]])
{
    private readonly int _rows = 4 * hidden;
    private double[] _x = [];
    private double[] _gates = [];
    private double[] _cells = [];
    private double[] _outputs = [];

    public override double[] Forward(double[] x, int samples)
    {
        _x = (double[])x.Clone();
        _gates = new double[samples * steps * _rows];
        _cells = new double[samples * steps * hidden];
        _outputs = new double[samples * steps * hidden];
        for (int p = 0; p < samples * steps; p++)
        {
            bool first = p % steps == 0;
            for (int r = 0; r < _rows; r++)
            {
                double sum = Parameters[2][r];
                for (int i = 0; i < inputs; i++)
                {
                    sum += Parameters[0][r * inputs + i] * x[p * inputs + i];
                }

                for (int j = 0; j < hidden && !first; j++)
                {
                    sum += Parameters[1][r * hidden + j] * _outputs[(p - 1) * hidden + j];
                }

                _gates[p * _rows + r] = r / hidden == 2 ? Math.Tanh(sum) : TwinActivation.Sigmoid(sum);
            }

            for (int j = 0; j < hidden; j++)
            {
                double before = first ? 0.0 : _cells[(p - 1) * hidden + j];
                double c = Gate(p, 1, j) * before + Gate(p, 0, j) * Gate(p, 2, j);
                _cells[p * hidden + j] = c;
                _outputs[p * hidden + j] = Gate(p, 3, j) * Math.Tanh(c);
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
        double[] dc = new double[_cells.Length];
        for (int p = _cells.Length / hidden - 1; p >= 0; p--)
        {
            bool first = p % steps == 0;
            for (int j = 0; j < hidden; j++)
            {
                int at = p * hidden + j;
                double t = Math.Tanh(_cells[at]);
                double before = first ? 0.0 : _cells[at - hidden];
                (double i, double f, double g, double o) = (Gate(p, 0, j), Gate(p, 1, j), Gate(p, 2, j), Gate(p, 3, j));
                dc[at] += dh[at] * o * (1 - t * t);
                AddRow(p, j, dc[at] * g * i * (1 - i), first, dx, dh);
                AddRow(p, hidden + j, dc[at] * before * f * (1 - f), first, dx, dh);
                AddRow(p, 2 * hidden + j, dc[at] * i * (1 - g * g), first, dx, dh);
                AddRow(p, 3 * hidden + j, dh[at] * t * o * (1 - o), first, dx, dh);
                if (!first)
                {
                    dc[at - hidden] += dc[at] * f;
                }
            }
        }

        return dx;
    }

    private double Gate(int p, int gate, int j) => _gates[p * _rows + gate * hidden + j];

    private void AddRow(int p, int row, double delta, bool first, double[] dx, double[] dh)
    {
        Gradients[2][row] += delta;
        for (int i = 0; i < inputs; i++)
        {
            Gradients[0][row * inputs + i] += delta * _x[p * inputs + i];
            dx[p * inputs + i] += delta * Parameters[0][row * inputs + i];
        }

        for (int j = 0; j < hidden && !first; j++)
        {
            Gradients[1][row * hidden + j] += delta * _outputs[(p - 1) * hidden + j];
            dh[(p - 1) * hidden + j] += delta * Parameters[1][row * hidden + j];
        }
    }
}
