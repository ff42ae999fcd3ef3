using TicketBot.Learning.Training;

namespace TicketBot.Research.Transfer;

/// <summary>What is learned from and what choices are made by, among labels of the target: its validation rows where their labels exist, else folds in file order of the labelled
/// training rows, so that no label beyond the given ones is read.</summary>
internal sealed class LabelFolds
{
    private const int Most = 4;

    private LabelFolds(IReadOnlyList<(int[] Fit, TrainingSet Held)> parts, bool isRefitted, int held) => (Parts, IsRefitted, HeldRows) = (parts, isRefitted, held);

    /// <summary>Rows to fit (of the target's training rows) and rows to judge by.</summary>
    public IReadOnlyList<(int[] Fit, TrainingSet Held)> Parts { get; }

    /// <summary>Whether the judged weights are fitted once more on all labelled rows.</summary>
    public bool IsRefitted { get; }

    /// <summary>Rows held out over all parts, in their order.</summary>
    public int HeldRows { get; }

    /// <summary>Makes them; none without labels.</summary>
    public static LabelFolds Of(TransferRows rows)
    {
        int[] labelled = [.. rows.LabelledRows];
        if (labelled.Length > 0 && rows.TargetValidation is { } validation)
        {
            return new LabelFolds([(labelled, validation)], false, validation.Rows);
        }

        var folds = Math.Min(Most, labelled.Length / 4);
        if (folds < 2)
        {
            return new LabelFolds([], true, 0);
        }

        var purge = rows.Window == 1 ? 0 : rows.Window;
        var parts = new List<(int[], TrainingSet)>();
        for (var fold = 0; fold < folds; fold++)
        {
            var (from, until) = (fold * labelled.Length / folds, (fold + 1) * labelled.Length / folds);
            var held = labelled[from..until];
            int[] fit = [.. labelled.Where(row => row < held[0] - purge || row > held[^1] + purge)];
            if (fit.Length < 2)
            {
                return new LabelFolds([], true, 0);
            }

            parts.Add((fit, rows.Labelled(held)));
        }

        return new LabelFolds(parts, true, labelled.Length);
    }
}
