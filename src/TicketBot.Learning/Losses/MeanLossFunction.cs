using TicketBot.Learning.Layers;
using TicketBot.Learning.Kernels;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Losses;

/// <summary>A loss that is the weighted mean of one number per sample. What is written once, for a sample, serves training and evaluation.</summary>
internal abstract unsafe class MeanLossFunction(int outputs) : LossFunction
{
    private double _sum;
    private double _weight;

    protected int Outputs { get; } = outputs;

    public override double Run(TrainingSet set, ReadOnlySpan<int> rows, Flow output, in Pass pass)
    {
        double total = TotalWeight(set, rows);
        if (!(total > 0.0))
        {
            return 0.0;
        }

        double loss = 0.0;
        for (int i = 0; i < rows.Length; i++)
        {
            int lane = i % Tile.Width;
            double weight = WeightOf(set, rows[i]);
            loss += weight * OfRow(set, rows[i], output.Values(i / Tile.Width) + lane, Tile.Width, output.Gradient(i / Tile.Width) + lane, weight / total);
        }

        return loss / total;
    }

    public override void BeginEvaluation()
    {
        _sum = 0.0;
        _weight = 0.0;
    }

    public override void Evaluate(TrainingSet set, int firstRow, ReadOnlySpan<float> outputs)
    {
        fixed (float* z = outputs)
        {
            for (int i = 0; i < outputs.Length / Outputs; i++)
            {
                double weight = WeightOf(set, firstRow + i);
                _sum += weight * OfRow(set, firstRow + i, z + i * Outputs, 1, null, 0.0);
                _weight += weight;
            }
        }
    }

    public override double FinishEvaluation() => _sum / RequireWeight(_weight);

    /// <summary>Returns the loss of one sample and writes its gradient times <paramref name="scale"/>, unless <paramref name="gradient"/> is null.</summary>
    /// <param name="set">Where the targets are.</param>
    /// <param name="row">The sample's row.</param>
    /// <param name="z">Outputs, <paramref name="stride"/> apart; the gradient too.</param>
    /// <param name="stride">Distance from one output to the next.</param>
    /// <param name="gradient">Where the gradient goes, or null.</param>
    /// <param name="scale">The sample's share of the weights.</param>
    protected abstract double OfRow(TrainingSet set, int row, float* z, int stride, float* gradient, double scale);

    protected virtual double WeightOf(TrainingSet set, int row) => set.WeightOf(row);

    protected double TotalWeight(TrainingSet set, ReadOnlySpan<int> rows)
    {
        double total = 0.0;
        foreach (int row in rows)
        {
            total += WeightOf(set, row);
        }

        return total;
    }
}
