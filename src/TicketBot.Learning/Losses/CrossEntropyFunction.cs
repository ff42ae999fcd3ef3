using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Losses;

/// <summary>Softmax cross-entropy; a whole tile at once, since this is the loss of most trainings.</summary>
internal sealed unsafe class CrossEntropyFunction(int classes, float[]? classWeights = null) : MeanLossFunction(classes)
{
    private readonly TileBuffer _weights = new(Tile.Width);
    private readonly TileBuffer _scales = new(Tile.Width);
    private readonly int[] _labels = new int[Tile.Width];

    public override double Run(TrainingSet set, ReadOnlySpan<int> rows, Flow output, in Pass pass)
    {
        double totalWeight = TotalWeight(set, rows);
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
                _weights.Pointer[i] = (float)WeightOf(set, row);
                _scales.Pointer[i] = _weights.Pointer[i] * inverse;
            }

            loss += SoftmaxCrossEntropy.Run(output.Values(tile), output.Gradient(tile), Outputs, count, pass.LanesOf(tile), _labels, _weights.Pointer, _scales.Pointer, pass.Form);
        }

        return loss / totalWeight;
    }

    public override void RequireFit(TrainingSet set, string name)
    {
        if (set.TargetWidth > 0)
        {
            throw new ArgumentException($"expected class labels for cross-entropy, found a set of {set.TargetWidth} targets a row; give the set labels or choose a loss of targets", name);
        }

        if (set.HighestLabel >= Outputs)
        {
            throw new ArgumentException($"expected labels below {Outputs}, one output per class, found a label {set.HighestLabel}; give the architecture {set.HighestLabel + 1} outputs", name);
        }
    }

    protected override double OfRow(TrainingSet set, int row, float* z, int stride, float* gradient, double scale) =>
        gradient is null && stride == 1
            ? LogLoss.OfRow(new ReadOnlySpan<float>(z, Outputs), set.LabelArray[row])
            : throw new InvalidOperationException("Invariant: cross-entropy writes its gradients by whole tiles.");

    // The product is taken in float, so that training and evaluation weigh a sample alike.
    protected override double WeightOf(TrainingSet set, int row) =>
        classWeights is null ? set.WeightOf(row) : set.WeightOf(row) * classWeights[set.LabelArray[row]];
}
