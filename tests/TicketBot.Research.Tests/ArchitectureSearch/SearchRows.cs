using TicketBot.Learning;
using TicketBot.Learning.Training;
using TicketBot.Market.Tables;
using TicketBot.Research.ArchitectureSearch;
using TicketBot.Research.ArchitectureSearch.Latency;
using TicketBot.Research.Experiments;
using TicketBot.Research.Stages;
using TicketBot.Tickets;

namespace TicketBot.Research.Tests.ArchitectureSearch;

/// <summary>Small tables and plans for searches.</summary>
internal static class SearchRows
{
    /// <summary>A quick search: small widths, few trials, short trainings.</summary>
    public static ArchitectureSearchPlan Plan => new()
    {
        Strategy = "evolution", Trials = 12, Places = 2, Widths = [4, 8], Population = 6, Tournament = 3, Epochs = 4, Finalists = 2, RetestSeeds = 2,
    };

    /// <summary>Rows whose class is whether the product of two of four columns is above zero: a linear network knows nothing of it.</summary>
    public static ExperimentRows Product(int rows = 1_000, ulong seed = 1)
    {
        var rng = new Rng(seed);
        var values = new float[rows * 4];
        var labels = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            for (var c = 0; c < 4; c++)
            {
                values[(row * 4) + c] = (float)rng.NextGaussian();
            }

            labels[row] = values[row * 4] * values[(row * 4) + 1] > 0 ? 1 : 0;
        }

        return ExperimentRows.Of(new LabelledTable(["a", "b", "c", "d"], values, labels), raw: true);
    }

    /// <summary>Windows of one random feature whose class is the sign it had so many steps before the last.</summary>
    public static ExperimentRows Memory(int rows, int window, int back, ulong seed = 1)
    {
        var rng = new Rng(seed);
        var values = new float[rows * window];
        var labels = new int[rows];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)rng.NextGaussian();
        }

        for (var row = 0; row < rows; row++)
        {
            labels[row] = values[(row * window) + window - 1 - back] > 0 ? 1 : 0;
        }

        return ExperimentRows.Of(new LabelledTable([.. Enumerable.Range(0, window).Select(i => $"x{i}")], values, labels, window: window), raw: true);
    }

    /// <summary>The same rows with the last step alone.</summary>
    public static ExperimentRows LastStep(ExperimentRows rows)
    {
        TrainingSet Last(TrainingSet set) => new([.. Enumerable.Range(0, set.Rows).Select(row => set.RowOf(row)[^1])], 1, set.Labels.ToArray());
        return new ExperimentRows(["x"], 1, rows.Classes, Last(rows.Train), Last(rows.Validation), Last(rows.Test));
    }

    /// <summary>Rows of four columns whose class has nothing to do with them.</summary>
    public static ExperimentRows Shuffled(int rows, ulong seed)
    {
        var rng = new Rng(seed);
        var values = new float[rows * 4];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)rng.NextGaussian();
        }

        return ExperimentRows.Of(new LabelledTable(["a", "b", "c", "d"], values, Enumerable.Range(0, rows).Select(_ => rng.NextInt(2)).ToArray()), raw: true);
    }

    /// <summary>A latency table whose times are made up: one microsecond per 1,000 products and one besides.</summary>
    public static LatencyTable Latency()
    {
        var entries = new List<LatencyEntry>();
        foreach (var kind in LatencyMeter.Kinds)
        {
            entries.AddRange(
                from inputs in (int[])[1, 64]
                from outputs in (int[])[1, 64]
                from steps in (int[])[1, 8]
                select new LatencyEntry(kind, inputs, outputs, steps, 1 + (inputs * outputs * steps / 1_000.0)));
        }

        return new LatencyTable("made up", entries, [.. LatencyMeter.TrainedKinds.Select(kind => new TrainingRate(kind, 1.0))]);
    }

    public static Task<ArchitectureSearchReport> RunAsync(
        ArchitectureSearchPlan plan, ExperimentRows? rows = null, IRunStore? runs = null, int threads = 2, LatencyTable? latency = null, Action<ArchitectureSearchProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        new ArchitectureSearchRun(TimeProvider.System, threads).RunAsync(rows ?? Product(), plan, latency, runs ?? new MemoryRunStore(), progress, null, cancellationToken);
}
