using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Sparse;

/// <summary>One packed layer: for the neuron at slot <c>Targets[r]</c>, the weights <c>Values[RowStarts[r]..RowStarts[r+1]]</c> and the input slots
/// <c>Columns</c> beside them, ascending.</summary>
internal sealed class SparseLayer(Activation activation, int[] targets, float[] biases, int[] rowStarts, int[] columns, float[] values)
{
    public int[] Targets { get; } = targets;

    public float[] Values { get; } = values;

    /// <summary>Each sum starts at the bias and adds its surviving products in ascending order by fused multiply-add, as the dense form does;
    /// the products left out there are exact zeros.</summary>
    public void Run(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int r = 0; r < Targets.Length; r++)
        {
            float sum = biases[r];
            for (int j = rowStarts[r]; j < rowStarts[r + 1]; j++)
            {
                sum = MathF.FusedMultiplyAdd(Values[j], x[columns[j]], sum);
            }

            y[Targets[r]] = Activations.Of(activation, sum);
        }
    }
}
