using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Losses;

/// <summary>The negative Sharpe ratio of a batch, in double precision: it is a ratio over all samples, so a first pass finds every return and a second one the gradients.
/// With mean m, deviation D = sqrt(v + f^2) and a sample's share w of the weights, the slope by its return r is -w (1 - m (r - m) / D^2) / D.</summary>
internal sealed unsafe class SharpeFunction : LossFunction
{
    private readonly int _outputs;
    private readonly int _assets;
    private readonly double _short;
    private readonly double _floor;
    private readonly double[] _weights;
    private double[] _returns = [];
    private double[] _long = [];
    private double[] _hedge = [];
    private double _mean;
    private double _squares;
    private double _weight;

    public SharpeFunction(int outputs, double shortPart, double floor)
    {
        _outputs = outputs;
        _assets = shortPart > 0.0 ? outputs / 2 : outputs;
        _short = shortPart;
        _floor = floor;
        _weights = new double[_assets];
    }

    public override double Run(TrainingSet set, ReadOnlySpan<int> rows, Flow output, in Pass pass)
    {
        Reserve(rows.Length);
        double total = 0.0;
        double sum = 0.0;
        for (int i = 0; i < rows.Length; i++)
        {
            float* z = output.Values(i / Tile.Width) + i % Tile.Width;
            Span<double> held = Probabilities(z, _long, i);
            double value = (1.0 + _short) * Dot(held, set, rows[i]);
            if (_short > 0.0)
            {
                value -= _short * Dot(Probabilities(z + _assets * Tile.Width, _hedge, i), set, rows[i]);
            }

            _returns[i] = value;
            total += set.WeightOf(rows[i]);
            sum += set.WeightOf(rows[i]) * value;
        }

        if (!(total > 0.0))
        {
            return 0.0;
        }

        double mean = sum / total;
        double squares = 0.0;
        for (int i = 0; i < rows.Length; i++)
        {
            squares += set.WeightOf(rows[i]) * (_returns[i] - mean) * (_returns[i] - mean);
        }

        double variance = squares / total + _floor * _floor;
        double deviation = Math.Sqrt(variance);
        for (int i = 0; i < rows.Length; i++)
        {
            double slope = -set.WeightOf(rows[i]) / total * (1.0 - mean * (_returns[i] - mean) / variance) / deviation;
            float* gradient = output.Gradient(i / Tile.Width) + i % Tile.Width;
            Spread(_long, i, set, rows[i], (1.0 + _short) * slope, gradient);
            if (_short > 0.0)
            {
                Spread(_hedge, i, set, rows[i], -_short * slope, gradient + _assets * Tile.Width);
            }
        }

        return -mean / deviation;
    }

    public override void RequireFit(TrainingSet set, string name) =>
        RequireTargets(set, _assets, $"{_outputs} outputs of {_assets} assets", name);

    public override void BeginEvaluation()
    {
        _mean = 0.0;
        _squares = 0.0;
        _weight = 0.0;
    }

    // Mean and squares are carried along (West 1979), so that a set needs one pass only.
    public override void Evaluate(TrainingSet set, int firstRow, ReadOnlySpan<float> outputs)
    {
        for (int i = 0; i < outputs.Length / _outputs; i++)
        {
            double weight = set.WeightOf(firstRow + i);
            PortfolioWeights.Of(outputs.Slice(i * _outputs, _outputs), _short, _weights);
            double value = Dot(_weights, set, firstRow + i);
            if (weight == 0.0 && double.IsFinite(value))
            {
                continue;
            }

            _weight += weight;
            double change = value - _mean;
            _mean += change * weight / _weight;
            _squares += weight * change * (value - _mean);
        }
    }

    public override double FinishEvaluation() => -_mean / Math.Sqrt(_squares / RequireWeight(_weight) + _floor * _floor);

    private Span<double> Probabilities(float* z, double[] into, int sample)
    {
        Span<double> p = into.AsSpan(sample * _assets, _assets);
        double top = double.NegativeInfinity;
        for (int a = 0; a < _assets; a++)
        {
            top = Math.Max(top, z[a * Tile.Width]);
        }

        double sum = 0.0;
        for (int a = 0; a < _assets; a++)
        {
            p[a] = PortableMath.Exp(z[a * Tile.Width] - top);
            sum += p[a];
        }

        for (int a = 0; a < _assets; a++)
        {
            p[a] /= sum;
        }

        return p;
    }

    private double Dot(ReadOnlySpan<double> weights, TrainingSet set, int row)
    {
        double sum = 0.0;
        for (int a = 0; a < _assets; a++)
        {
            sum += weights[a] * set.TargetArray[row * _assets + a];
        }

        return sum;
    }

    private void Spread(double[] probabilities, int sample, TrainingSet set, int row, double slope, float* gradient)
    {
        ReadOnlySpan<double> p = probabilities.AsSpan(sample * _assets, _assets);
        double mean = Dot(p, set, row);
        for (int a = 0; a < _assets; a++)
        {
            gradient[a * Tile.Width] = Cut(slope * p[a] * (set.TargetArray[row * _assets + a] - mean));
        }
    }

    private void Reserve(int samples)
    {
        if (_returns.Length < samples)
        {
            _returns = new double[samples];
            _long = new double[samples * _assets];
            _hedge = new double[_short > 0.0 ? samples * _assets : 0];
        }
    }
}
