namespace TicketBot.Research.Transfer;

/// <summary>Whether an adaptation threw away what the features are for: distances between domains are smallest between features that say nothing.</summary>
internal static class CollapseCheck
{
    /// <summary>Share of the spread of the source's features before the adaptation below which they count as constant.</summary>
    public const double LeastSpread = 0.01;

    /// <summary>Accuracy on the source that an adaptation may cost, beyond chance: the source's labels are in its loss.</summary>
    public const double MostAccuracyLost = 0.01;

    // One-sided 5 %.
    private const double Errors = 1.645;

    /// <summary>Returns why the features count as collapsed, or <c>null</c>.</summary>
    /// <param name="before">Features of validation rows of the source before, <c>[rows, features]</c>.</param>
    /// <param name="after">The same after.</param>
    /// <param name="rightBefore">Whether each of these rows was right before.</param>
    /// <param name="rightAfter">The same after.</param>
    public static string? Of(float[] before, float[] after, bool[] rightBefore, bool[] rightAfter)
    {
        var rows = rightBefore.Length;
        var left = SpreadOf(after, rows) / Math.Max(1e-12, SpreadOf(before, rows));
        if (left < LeastSpread)
        {
            return FormattableString.Invariant($"the features of the source hardly vary any more: {left:P2} of their variance is left");
        }

        var lost = rightBefore.Where((right, row) => right && !rightAfter[row]).Count();
        var won = rightAfter.Where((right, row) => right && !rightBefore[row]).Count();
        var drop = (double)(lost - won) / rows;

        // The two accuracies are of the same rows, so only rows that changed have an error (McNemar 1947).
        return drop - MostAccuracyLost > Errors * Math.Sqrt(lost + won) / rows
            ? FormattableString.Invariant($"the network forgets the source's task: right on {rightAfter.Count(r => r)} of {rows} validation rows after {rightBefore.Count(r => r)}")
            : null;
    }

    private static double SpreadOf(float[] features, int rows)
    {
        var width = features.Length / rows;
        double total = 0;
        for (var f = 0; f < width; f++)
        {
            double sum = 0, squares = 0;
            for (var row = 0; row < rows; row++)
            {
                double value = features[(row * width) + f];
                sum += value;
                squares += value * value;
            }

            total += (squares / rows) - (sum / rows * (sum / rows));
        }

        return total;
    }
}
