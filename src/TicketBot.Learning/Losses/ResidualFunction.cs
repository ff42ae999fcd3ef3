using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Losses;

/// <summary>The losses of output minus target: Huber's, the squared one (Huber's with an endless square part, doubled), and that against the row's own features.</summary>
internal sealed unsafe class ResidualFunction : MeanLossFunction
{
    private readonly float _delta;
    private readonly double _factor;
    private readonly bool _ownFeatures;
    private readonly TileBuffer _targets;
    private readonly TileBuffer _scales = new(Tile.Width);
    private readonly TileBuffer _losses = new(Tile.Width);

    private ResidualFunction(int outputs, float delta, double factor, bool ownFeatures)
        : base(outputs)
    {
        _delta = delta;
        _factor = factor;
        _ownFeatures = ownFeatures;
        _targets = new TileBuffer(outputs * Tile.Width);
    }

    public static ResidualFunction MeanSquared(int outputs) => new(outputs, float.PositiveInfinity, 2.0, ownFeatures: false);

    public static ResidualFunction Huber(int outputs, float delta) => new(outputs, delta, 1.0, ownFeatures: false);

    public static ResidualFunction Reconstruction(int outputs) => new(outputs, float.PositiveInfinity, 2.0, ownFeatures: true);

    public override double Run(TrainingSet set, ReadOnlySpan<int> rows, Flow output, in Pass pass)
    {
        double total = TotalWeight(set, rows);
        if (!(total > 0.0))
        {
            return 0.0;
        }

        double loss = 0.0;
        double share = _factor / (total * Outputs);
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            int count = pass.CountOf(tile);
            ReadOnlySpan<int> tileRows = rows.Slice(tile * Tile.Width, count);
            if (count < Tile.Width)
            {
                _targets.Span.Clear();
                _scales.Span.Clear();
            }

            for (int i = 0; i < count; i++)
            {
                _scales.Pointer[i] = (float)(set.WeightOf(tileRows[i]) * share);
                ReadOnlySpan<float> targets = TargetsOf(set, tileRows[i]);
                for (int o = 0; o < targets.Length; o++)
                {
                    _targets.Pointer[o * Tile.Width + i] = targets[o];
                }
            }

            ResidualLoss.Run(output.Values(tile), _targets.Pointer, output.Gradient(tile), Outputs, pass.LanesOf(tile), _delta, _scales.Pointer, _losses.Pointer, pass.Form);
            for (int i = 0; i < count; i++)
            {
                loss += (double)set.WeightOf(tileRows[i]) * _losses.Pointer[i];
            }
        }

        return loss * share;
    }

    public override void RequireFit(TrainingSet set, string name)
    {
        if (!_ownFeatures)
        {
            RequireTargets(set, Outputs, $"{Outputs} outputs", name);
        }
        else if (set.RowLength != Outputs)
        {
            throw new ArgumentException($"expected rows of {Outputs} values, one per output, found {set.RowLength}; a reconstruction needs as many outputs as a row has values", name);
        }
    }

    protected override double OfRow(TrainingSet set, int row, float* z, int stride, float* gradient, double scale)
    {
        ReadOnlySpan<float> targets = TargetsOf(set, row);
        double loss = 0.0;
        for (int o = 0; o < targets.Length; o++)
        {
            double d = (double)z[o * stride] - targets[o];
            double c = Math.Clamp(d, -_delta, _delta);
            loss += double.IsInfinity(d) ? double.PositiveInfinity : c * (d - 0.5 * c);
        }

        return loss * _factor / Outputs;
    }

    private ReadOnlySpan<float> TargetsOf(TrainingSet set, int row) => _ownFeatures
        ? set.FeatureArray.AsSpan(set.FeatureOffsetOf(row), Outputs)
        : set.TargetArray.AsSpan(row * Outputs, Outputs);
}
