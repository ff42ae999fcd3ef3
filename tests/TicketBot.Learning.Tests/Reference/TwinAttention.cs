namespace TicketBot.Learning.Tests.Reference;

/// <summary>Twin of multi-head self-attention with sinusoidal positions: one sample, one head, one pair of steps at a time.</summary>
public sealed class TwinAttention(int steps, int inputs, int width, int heads)
    : TwinLayer([new double[width * inputs], new double[width], new double[width * inputs], new double[width], new double[width * inputs], new double[width],
        new double[width * width], new double[width]])
{
    private readonly int _head = width / heads;
    private readonly double _scale = 1.0 / Math.Sqrt(width / heads);
    private double[] _x = [];
    private double[] _q = [];
    private double[] _k = [];
    private double[] _v = [];
    private double[] _p = [];
    private double[] _context = [];

    public override double[] Forward(double[] x, int samples)
    {
        _x = [.. x.Select((value, i) => value + Position(i / inputs % steps, i % inputs))];
        _q = Affine(_x, inputs, 0);
        _k = Affine(_x, inputs, 2);
        _v = Affine(_x, inputs, 4);
        _p = new double[samples * heads * steps * steps];
        _context = new double[samples * steps * width];
        for (int s = 0; s < samples; s++)
        {
            for (int h = 0; h < heads; h++)
            {
                for (int i = 0; i < steps; i++)
                {
                    double[] e = [.. Enumerable.Range(0, steps).Select(j => Math.Exp(Score(s, h, i, j)))];
                    for (int j = 0; j < steps; j++)
                    {
                        double p = _p[Pair(s, h, i, j)] = e[j] / e.Sum();
                        for (int c = 0; c < _head; c++)
                        {
                            _context[At(s, i, h, c)] += p * _v[At(s, j, h, c)];
                        }
                    }
                }
            }
        }

        return Affine(_context, width, 6);
    }

    public override double[] Backward(double[] dy)
    {
        foreach (double[] gradient in Gradients)
        {
            Array.Clear(gradient);
        }

        double[] dContext = new double[_context.Length];
        AffineBackward(_context, width, 6, dy, dContext);
        double[] dq = new double[_q.Length];
        double[] dk = new double[_k.Length];
        double[] dv = new double[_v.Length];
        for (int s = 0; s < dy.Length / width / steps; s++)
        {
            for (int h = 0; h < heads; h++)
            {
                for (int i = 0; i < steps; i++)
                {
                    double[] dp = [.. Enumerable.Range(0, steps).Select(j => Enumerable.Range(0, _head).Sum(c => dContext[At(s, i, h, c)] * _v[At(s, j, h, c)]))];
                    double mean = Enumerable.Range(0, steps).Sum(j => _p[Pair(s, h, i, j)] * dp[j]);
                    for (int j = 0; j < steps; j++)
                    {
                        double p = _p[Pair(s, h, i, j)];
                        double score = p * (dp[j] - mean) * _scale;
                        for (int c = 0; c < _head; c++)
                        {
                            dv[At(s, j, h, c)] += p * dContext[At(s, i, h, c)];
                            dq[At(s, i, h, c)] += score * _k[At(s, j, h, c)];
                            dk[At(s, j, h, c)] += score * _q[At(s, i, h, c)];
                        }
                    }
                }
            }
        }

        double[] dx = new double[_x.Length];
        AffineBackward(_x, inputs, 0, dq, dx);
        AffineBackward(_x, inputs, 2, dk, dx);
        AffineBackward(_x, inputs, 4, dv, dx);
        return dx;
    }

    private double Position(int step, int channel)
    {
        double angle = step / Math.Pow(10000.0, 2.0 * (channel / 2) / inputs);
        return channel % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle);
    }

    private int At(int sample, int step, int head, int channel) => (sample * steps + step) * width + head * _head + channel;

    private int Pair(int sample, int head, int i, int j) => ((sample * heads + head) * steps + i) * steps + j;

    private double Score(int s, int h, int i, int j) => Enumerable.Range(0, _head).Sum(c => _q[At(s, i, h, c)] * _k[At(s, j, h, c)]) * _scale;

    private double[] Affine(double[] x, int columns, int parameter)
    {
        double[] y = new double[x.Length / columns * width];
        for (int k = 0; k < y.Length; k++)
        {
            y[k] = Parameters[parameter + 1][k % width];
            for (int c = 0; c < columns; c++)
            {
                y[k] += Parameters[parameter][k % width * columns + c] * x[k / width * columns + c];
            }
        }

        return y;
    }

    private void AffineBackward(double[] x, int columns, int parameter, double[] dy, double[] dx)
    {
        for (int k = 0; k < dy.Length; k++)
        {
            Gradients[parameter + 1][k % width] += dy[k];
            for (int c = 0; c < columns; c++)
            {
                Gradients[parameter][k % width * columns + c] += dy[k] * x[k / width * columns + c];
                dx[k / width * columns + c] += dy[k] * Parameters[parameter][k % width * columns + c];
            }
        }
    }
}
