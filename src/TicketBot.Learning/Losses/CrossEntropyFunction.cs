using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Losses;

internal sealed unsafe class CrossEntropyFunction(int classes) : LossFunction
{
    private readonly TileBuffer _weights = new(Tile.Width);
    private readonly TileBuffer _scales = new(Tile.Width);
    private readonly int[] _labels = new int[Tile.Width];

    public override double Run(TrainingSet set, ReadOnlySpan<int> rows, Flow output, in Pass pass)
    {
        double totalWeight = 0.0;
        foreach (int row in rows)
        {
            totalWeight += set.WeightOf(row);
        }

        if (!(totalWeight > 0.0))
        {
            return 0.0;
        }

        double loss = 0.0;
        float inverse = (float)(1.0 / totalWeight);
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            int count = pass.CountOf(tile);
            _weights.Span.Clear();
            _scales.Span.Clear();
            for (int i = 0; i < count; i++)
            {
                int row = rows[tile * Tile.Width + i];
                _labels[i] = set.LabelArray[row];
                _weights.Pointer[i] = set.WeightOf(row);
                _scales.Pointer[i] = _weights.Pointer[i] * inverse;
            }

            loss += SoftmaxCrossEntropy.Run(output.Values(tile), output.Gradient(tile), classes, count, pass.LanesOf(tile), _labels, _weights.Pointer, _scales.Pointer, pass.Form);
        }

        return loss / totalWeight;
    }
}
