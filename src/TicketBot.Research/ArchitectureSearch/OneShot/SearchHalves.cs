using TicketBot.Learning.Training;

namespace TicketBot.Research.ArchitectureSearch.OneShot;

/// <summary>The training rows of a search in two parts, the earlier for weights, the later for the choice between operations; the validation rows of the search stay unseen.</summary>
internal static class SearchHalves
{
    /// <summary>Returns both halves; between them as many rows as a window has steps are left out, since their windows overlap both.</summary>
    /// <exception cref="ResearchRefusedException">There are too few rows.</exception>
    public static (TrainingSet Weights, TrainingSet Strengths) Of(TrainingSet train, int window)
    {
        var gap = window > 1 ? window : 0;
        var half = (train.Rows - gap) / 2;
        if (half < 16)
        {
            throw new ResearchRefusedException($"expected at least {32 + gap} training rows to search with weights on one half and operations on the other, found {train.Rows}; give more rows or another --strategy");
        }

        return (Part(train, 0, half), Part(train, train.Rows - half, half));
    }

    /// <summary>Returns at most so many rows of a set, evenly spread over it: enough to compare operations by, whatever the size of the set.</summary>
    public static TrainingSet Spread(TrainingSet set, int most) =>
        set.Rows <= most ? set : Take(set, [.. Enumerable.Range(0, most).Select(i => (int)((long)i * set.Rows / most))]);

    private static TrainingSet Part(TrainingSet train, int first, int count) => Take(train, [.. Enumerable.Range(first, count)]);

    private static TrainingSet Take(TrainingSet set, int[] rows)
    {
        var values = new float[rows.Length * set.RowLength];
        for (var i = 0; i < rows.Length; i++)
        {
            set.RowOf(rows[i]).CopyTo(values.AsSpan(i * set.RowLength));
        }

        return new TrainingSet(values, set.RowLength, [.. rows.Select(row => set.Labels[row])]);
    }
}
