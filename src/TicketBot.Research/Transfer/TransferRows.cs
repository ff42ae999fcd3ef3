using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TicketBot.Learning.Training;
using TicketBot.Market.Features;
using TicketBot.Market.Tables;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Transfer;

/// <summary>Rows of source and target, scaled by training rows of the source. Immutable.</summary>
public sealed class TransferRows
{
    private const float FarthestAway = 10_000f;

    private readonly float[] _targetTrain;

    private TransferRows(string[] names, int window, int classes, TrainingSet[] source, float[] targetTrain, int[] known, TrainingSet? validation, TrainingSet? test)
    {
        (FeatureNames, Window, Classes, _targetTrain) = (names, window, classes, targetTrain);
        (SourceTrain, SourceValidation, SourceTest) = (source[0], source[1], source[2]);
        TargetTrain = new TrainingSet(targetTrain, names.Length * window, new int[known.Length]);
        KnownLabels = known;
        LabelledRows = [.. Enumerable.Range(0, known.Length).Where(row => known[row] >= 0)];
        (TargetValidation, TargetTest) = (validation, test);
        Hash = StageHash.Of(
            "transfer rows", string.Join('\t', names), window, classes, HashOf(SourceTrain), HashOf(SourceValidation), HashOf(SourceTest), HashOf(TargetTrain),
            string.Join(',', known), validation is null ? "-" : HashOf(validation), test is null ? "-" : HashOf(test));
    }

    /// <summary>Names of a step's features.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>Features of a step.</summary>
    public int Features => FeatureNames.Count;

    /// <summary>Steps of a row.</summary>
    public int Window { get; }

    /// <summary>Classes of both tables together.</summary>
    public int Classes { get; }

    /// <summary>Rows the source's network learns from; of several sources one after the other.</summary>
    public TrainingSet SourceTrain { get; }

    /// <summary>Rows its step is chosen by.</summary>
    public TrainingSet SourceValidation { get; }

    /// <summary>Rows that serve the reported accuracy alone.</summary>
    public TrainingSet SourceTest { get; }

    /// <summary>All training rows of the target; the classes in it mean nothing.</summary>
    public TrainingSet TargetTrain { get; }

    /// <summary>Class per row of <see cref="TargetTrain"/> that may be used, or -1.</summary>
    public IReadOnlyList<int> KnownLabels { get; }

    /// <summary>Rows of <see cref="TargetTrain"/> whose class may be used, ascending.</summary>
    public IReadOnlyList<int> LabelledRows { get; }

    /// <summary>Validation rows of the target with a class; <c>null</c> where choices must do with the labelled training rows, by folds.</summary>
    public TrainingSet? TargetValidation { get; }

    /// <summary>Test rows of the target with a class; <c>null</c> without any.</summary>
    public TrainingSet? TargetTest { get; }

    /// <summary>SHA-256 (hex) of everything in it.</summary>
    public string Hash { get; }

    /// <summary>Takes tables. Features are standardised with the training rows of the sources unless <paramref name="raw"/>.</summary>
    /// <param name="sources">At least one table, every one with the same columns.</param>
    /// <param name="target">The target; its columns may stand in another order without a window.</param>
    /// <param name="targetLabels">Labels of the target that exist in all, the first training rows' in file order; <c>null</c> takes all, validation labels included.</param>
    /// <param name="raw">Takes the features as they are.</param>
    /// <exception cref="ResearchRefusedException">The tables do not go together; the message names where.</exception>
    public static TransferRows Of(IReadOnlyList<LabelledTable> sources, LabelledTable target, int? targetLabels, bool raw)
    {
        var first = sources[0];
        for (var i = 1; i < sources.Count; i++)
        {
            RequireColumns(first, sources[i], $"source {i + 1}");
        }

        RequireColumns(first, target, "the target");
        var features = first.Features;
        var fitted = Together(sources, first, TableBlock.Train);
        var scaler = raw ? null : Scaler.Fit(fitted, features);
        var isConstant = Enumerable.Range(0, features).Select(f => IsConstant(fitted, f, features)).ToArray();
        float[] Scaled(float[] values)
        {
            for (var i = 0; scaler is not null && i < values.Length; i++)
            {
                values[i] = Scale(values[i], scaler.Means[i % features], scaler.Deviations[i % features], isConstant[i % features]);
            }

            return values;
        }

        TrainingSet Source(TableBlock block) => new(
            Scaled(Together(sources, first, block)), first.Columns.Count, [.. sources.SelectMany(table => table.RowsOf(block).Select(row => table.Labels[row]))]);
        TrainingSet? Target(TableBlock block)
        {
            int[] rows = [.. target.RowsOf(block).Where(row => target.Labels[row] >= 0)];
            return rows.Length == 0 ? null : new TrainingSet(Scaled(Gather(target, first, rows)), first.Columns.Count, [.. rows.Select(row => target.Labels[row])]);
        }

        var train = target.RowsOf(TableBlock.Train);
        if (train.Length < 2)
        {
            throw new ResearchRefusedException($"expected at least 2 training rows in the target, found {train.Length} among {target.Rows}; give more rows or mark them in the split column");
        }

        var left = targetLabels ?? int.MaxValue;
        int[] known = [.. train.Select(row => target.Labels[row] >= 0 && left-- > 0 ? target.Labels[row] : LabelledTable.Unlabelled)];
        return new TransferRows(
            [.. first.FeatureNames], first.Window, Math.Max(sources.Max(table => table.Classes), target.Classes),
            [Source(TableBlock.Train), Source(TableBlock.Validation), Source(TableBlock.Test)], Scaled(Gather(target, first, train)), known,
            targetLabels is null && known.Any(label => label >= 0) ? Target(TableBlock.Validation) : null, Target(TableBlock.Test));
    }

    /// <summary>Returns training rows of the target with their known classes.</summary>
    internal TrainingSet Labelled(IReadOnlyList<int> rows)
    {
        var width = TargetTrain.RowLength;
        var values = new float[rows.Count * width];
        for (var i = 0; i < rows.Count; i++)
        {
            TargetTrain.RowOf(rows[i]).CopyTo(values.AsSpan(i * width));
        }

        return new TrainingSet(values, width, [.. rows.Select(row => KnownLabels[row])]);
    }

    /// <summary>Returns all training rows of the target, where only these have a class and weigh so much; the others weigh nothing.</summary>
    internal TrainingSet PartlyLabelled(IReadOnlyList<int> rows, float weight)
    {
        var (labels, weights) = (new int[TargetTrain.Rows], new float[TargetTrain.Rows]);
        foreach (var row in rows)
        {
            (labels[row], weights[row]) = (KnownLabels[row], weight);
        }

        return new TrainingSet(_targetTrain, TargetTrain.RowLength, labels, weights);
    }

    // A target may lie many deviations from the source, and its own network must still see all of it: only what the source says nothing of is cut as live rows are.
    private static float Scale(float value, float mean, float deviation, bool isConstant)
    {
        var bound = isConstant ? Scaler.ClipAt : FarthestAway;
        return Math.Clamp((value - mean) / deviation, -bound, bound);
    }

    private static bool IsConstant(float[] values, int feature, int features)
    {
        for (var i = feature; i < values.Length; i += features)
        {
            if (values[i] != values[feature])
            {
                return false;
            }
        }

        return true;
    }

    private static void RequireColumns(LabelledTable first, LabelledTable other, string name)
    {
        if (first.Window == 1 ? !first.Columns.ToHashSet(StringComparer.Ordinal).SetEquals(other.Columns) : !first.Columns.SequenceEqual(other.Columns))
        {
            string[] missing = [.. first.Columns.Except(other.Columns)];
            string[] extra = [.. other.Columns.Except(first.Columns)];
            var what = missing.Length + extra.Length == 0 ? "the columns stand in another order, which a window cannot mend"
                : string.Join(" and ", new[] { Text("lacks", missing), Text("has besides", extra) }.Where(text => text.Length > 0));
            throw new ResearchRefusedException(
                $"expected the same feature columns in source and target, but {name} {what}; rename, add or remove columns so that both tables have the same features");
        }

        static string Text(string verb, string[] columns) =>
            columns.Length == 0 ? "" : $"{verb} {string.Join(", ", columns.Take(6))}{(columns.Length > 6 ? $" and {columns.Length - 6} more" : "")}";
    }

    private static float[] Together(IReadOnlyList<LabelledTable> tables, LabelledTable first, TableBlock block)
    {
        float[] values = [.. tables.SelectMany(table => Gather(table, first, table.RowsOf(block)))];
        return values.Length > 0 ? values : throw new ResearchRefusedException($"expected rows of the source to serve as {block}, found none; mark rows in a split column or give more");
    }

    // In the order of the first table's columns.
    private static float[] Gather(LabelledTable table, LabelledTable first, int[] rows)
    {
        int[] order = [.. first.Columns.Select(name => table.Columns.ToList().IndexOf(name))];
        var values = new float[rows.Length * order.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var row = table.Row(rows[i]);
            for (var c = 0; c < order.Length; c++)
            {
                values[(i * order.Length) + c] = row[order[c]];
            }
        }

        return values;
    }

    private static string HashOf(TrainingSet set)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(set.Features));
        hash.AppendData(MemoryMarshal.AsBytes(set.Labels));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
