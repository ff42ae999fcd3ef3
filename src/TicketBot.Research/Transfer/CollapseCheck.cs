namespace TicketBot.Research.Transfer;

/// <summary>Whether an adaptation threw away what the features are for: distances between domains are smallest between features that say nothing.</summary>
internal static class CollapseCheck
{
    /// <summary>Share of the spread of the source's features before the adaptation below which they count as constant.</summary>
    public const double LeastSpread = 0.01;

    /// <summary>Accuracy on the source that an adaptation may cost, beyond chance: the source's labels are in its loss.</summary>
    public const double MostAccuracyLost = 0.01;

    /// <summary>Share of what the network had learned of the source that an adaptation must keep: the share a sparser ticket must keep, too.</summary>
    public const double KeptGain = 2.0 / 3;

    // One-sided 5 %.
    private const double Errors = 1.645;

    /// <summary>Returns why the features count as collapsed, or <c>null</c>.</summary>
    /// <param name="before">Features of validation rows of the source before, <c>[rows, features]</c>.</param>
    /// <param name="after">The same after.</param>
    /// <param name="scoresBefore">What the network said of these rows before.</param>
    /// <param name="scoresAfter">The same after.</param>
    /// <param name="uninformed">Log-loss of always answering the frequencies of the classes, in nats.</param>
    public static string? Of(float[] before, float[] after, RowScores scoresBefore, RowScores scoresAfter, double uninformed)
    {
        var (rightBefore, rightAfter) = (scoresBefore.Right, scoresAfter.Right);
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
        if (drop - MostAccuracyLost > Errors * Math.Sqrt(lost + won) / rows)
        {
            return FormattableString.Invariant($"the network forgets the source's task: right on {rightAfter.Count(r => r)} of {rows} validation rows after {rightBefore.Count(r => r)}");
        }

        // Features that shrink together still part the classes but hardly say so any more. Only what was learned beyond chance can be lost.
        double[] learned = [.. scoresBefore.Losses.Select(loss => uninformed - loss)];
        double[] missing = [.. learned.Select((gain, row) => (KeptGain * gain) - (uninformed - scoresAfter.Losses[row]))];
        return IsAboveZero(learned) && IsAboveZero(missing)
            ? FormattableString.Invariant($"the network forgets the source's task: its answers say {1_000 * (uninformed - scoresAfter.Losses.Average()):0.0} thousandths of a nat more than the frequencies of the classes after {1_000 * learned.Average():0.0}")
            : null;
    }

    private static bool IsAboveZero(double[] values)
    {
        var mean = values.Average();
        return mean > Errors * Math.Sqrt(values.Sum(v => (v - mean) * (v - mean))) / values.Length;
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
