using TicketBot.Learning;
using TicketBot.Learning.Training;

namespace TicketBot.Research.Diagnostics;

/// <summary>Parts of a training set, with their own labels or with shuffled ones. Parts are copies.</summary>
internal static class DrawRows
{
    /// <summary>Returns the rows <c>[start, start + count)</c>, their labels shuffled among them when a seed is given; weights stay with their rows.</summary>
    public static TrainingSet Part(TrainingSet rows, int start, int count, ulong? shuffleSeed)
    {
        var length = rows.RowLength;
        var features = new float[count * length];
        for (var i = 0; i < count; i++)
        {
            rows.RowOf(start + i).CopyTo(features.AsSpan(i * length));
        }

        var labels = rows.Labels.Slice(start, count).ToArray();
        if (shuffleSeed is { } seed)
        {
            var rng = new Rng(seed);
            rng.Shuffle(labels);
        }

        return new TrainingSet(features, length, labels, rows.SampleWeights.IsEmpty ? null : rows.SampleWeights.Slice(start, count).ToArray());
    }
}
