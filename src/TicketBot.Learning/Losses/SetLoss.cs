using TicketBot.Learning.Kernels;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Losses;

/// <summary>The loss of a network over whole sets. Works through a set in pieces, so windows over a series are laid out for a few rows at a time only.</summary>
internal sealed class SetLoss(Network network, LossFunction loss)
{
    private const int PieceRows = 4 * Tile.Width;
    private readonly float[] _outputs = new float[PieceRows * network.Architecture.Outputs];
    private float[] _features = [];

    public double Of(TrainingSet set)
    {
        int outputs = network.Architecture.Outputs;
        loss.BeginEvaluation();
        for (int first = 0; first < set.Rows; first += PieceRows)
        {
            int count = Math.Min(PieceRows, set.Rows - first);
            network.LogitsOf(Features(set, first, count), count, _outputs);
            loss.Evaluate(set, first, _outputs.AsSpan(0, count * outputs));
        }

        return loss.FinishEvaluation();
    }

    private ReadOnlySpan<float> Features(TrainingSet set, int first, int count)
    {
        int length = set.RowLength;
        if (!set.IsOverSeries)
        {
            return set.Features.Slice(first * length, count * length);
        }

        if (_features.Length < PieceRows * length)
        {
            _features = new float[PieceRows * length];
        }

        for (int i = 0; i < count; i++)
        {
            set.RowOf(first + i).CopyTo(_features.AsSpan(i * length));
        }

        return _features.AsSpan(0, count * length);
    }
}
