using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TicketBot.Learning;
using TicketBot.Learning.Training;
using TicketBot.Market.Features;
using TicketBot.Market.Tables;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Experiments;

/// <summary>Scaled rows of an experiment in their three blocks. Immutable.</summary>
public sealed class ExperimentRows
{
    /// <summary>Takes three sets of rows with a class each.</summary>
    /// <param name="featureNames">Names of a step's features.</param>
    /// <param name="window">Steps of a row.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="validation">Rows to choose by.</param>
    /// <param name="test">Rows that serve the reported accuracy alone.</param>
    /// <param name="hash">SHA-256 (hex) of all of this; <c>null</c> computes it, which needs rows that lie one after the other.</param>
    public ExperimentRows(
        IReadOnlyList<string> featureNames, int window, int classes, TrainingSet train, TrainingSet validation, TrainingSet test, string? hash = null)
    {
        (FeatureNames, Window, Classes, Train, Validation, Test) = (featureNames, window, classes, train, validation, test);
        Hash = hash ?? StageHash.Of(string.Join('\t', featureNames), window, classes, HashOf(train), HashOf(validation), HashOf(test));
    }

    /// <summary>Names of a step's features.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>Features of a step.</summary>
    public int Features => FeatureNames.Count;

    /// <summary>Steps of a row.</summary>
    public int Window { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Rows to learn from.</summary>
    public TrainingSet Train { get; }

    /// <summary>Rows to choose by.</summary>
    public TrainingSet Validation { get; }

    /// <summary>Rows that serve the reported accuracy alone.</summary>
    public TrainingSet Test { get; }

    /// <summary>SHA-256 (hex) of everything in it.</summary>
    public string Hash { get; }

    /// <summary>Takes the rows of a table; unless <paramref name="raw"/>, each feature is standardised with the mean and deviation of the training rows (all steps of a
    /// window together) and clipped at <see cref="Scaler.ClipAt"/> deviations.</summary>
    /// <exception cref="ResearchRefusedException">A block has no row.</exception>
    public static ExperimentRows Of(LabelledTable table, bool raw)
    {
        var rows = Enum.GetValues<TableBlock>().ToDictionary(block => block, table.RowsOf);
        if (rows.FirstOrDefault(block => block.Value.Length == 0) is { Value: not null } empty)
        {
            throw new ResearchRefusedException($"expected rows to serve as {empty.Key}, found none among {table.Rows}; mark rows in a split column or give more");
        }

        var scaler = raw ? null : Scaler.Fit(Gather(table, rows[TableBlock.Train]), table.Features);
        TrainingSet Set(TableBlock block)
        {
            var values = Gather(table, rows[block]);
            for (var at = 0; scaler is not null && at < values.Length; at += table.Features)
            {
                var step = values.AsSpan(at, table.Features);
                scaler.Apply(step, step);
            }

            return new TrainingSet(values, table.Columns.Count, [.. rows[block].Select(row => table.Labels[row])]);
        }

        return new ExperimentRows(
            [.. table.FeatureNames], table.Window, table.Classes, Set(TableBlock.Train), Set(TableBlock.Validation), Set(TableBlock.Test));
    }

    /// <summary>Returns the same rows with training labels permuted among training rows and validation labels among validation rows: nothing is left to learn, and
    /// everything else is as it was.</summary>
    internal ExperimentRows WithPermutedLabels(ulong seed)
    {
        var rng = new Rng(seed);
        return new ExperimentRows(
            FeatureNames, Window, Classes, Permuted(Train, ref rng), Permuted(Validation, ref rng), Test, StageHash.Of("permuted labels", Hash, seed));
    }

    private static TrainingSet Permuted(TrainingSet set, ref Rng rng)
    {
        var labels = set.Labels.ToArray();
        rng.Shuffle(labels.AsSpan());
        return new TrainingSet(set.Features.ToArray(), set.FeatureCount, labels);
    }

    private static float[] Gather(LabelledTable table, int[] rows)
    {
        var width = table.Columns.Count;
        var values = new float[rows.Length * width];
        for (var i = 0; i < rows.Length; i++)
        {
            table.Row(rows[i]).CopyTo(values.AsSpan(i * width, width));
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
