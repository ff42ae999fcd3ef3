namespace TicketBot.Learning.Sparse;

/// <summary>The surviving weights of one output: inputs ascending, and beside them the weights.</summary>
internal readonly record struct PackedRow(int[] Columns, float[] Values)
{
    public static readonly PackedRow Empty = new([], []);

    /// <summary>Takes the live weights of a row.</summary>
    /// <param name="weights">The row.</param>
    /// <param name="edges">Which of them live.</param>
    /// <param name="slotOf">Place of a column among the packed inputs; ascending.</param>
    public static PackedRow Of(ReadOnlySpan<float> weights, ReadOnlySpan<bool> edges, Func<int, int> slotOf)
    {
        var columns = new List<int>();
        var values = new List<float>();
        for (int c = 0; c < weights.Length; c++)
        {
            if (edges[c])
            {
                columns.Add(slotOf(c));
                values.Add(weights[c]);
            }
        }

        return new PackedRow([.. columns], [.. values]);
    }
}
