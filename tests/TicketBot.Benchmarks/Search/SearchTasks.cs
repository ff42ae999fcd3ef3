using TicketBot.Learning;
using TicketBot.Learning.Training;
using TicketBot.Market.Tables;
using TicketBot.Research.ArchitectureSearch;
using TicketBot.Research.Experiments;
using TicketBot.Storage;

namespace TicketBot.Benchmarks.Search;

/// <summary>Searches on tables of which the answer is known.</summary>
internal static class SearchTasks
{
    private const int Window = 8;
    private const int Back = 5;

    /// <summary>The memory task: the class is the sign of the input five steps back. Searches with one kind of gene and with all.</summary>
    public static async Task<int> MemoryAsync(string store)
    {
        using var runs = SqliteRunStore.Open(store);
        var rows = Rows(4_000, 1, isShuffled: false);
        var isMissed = false;
        foreach (var (kinds, least) in ((string, double)[])[("dense", 0), ("conv1d", 0.95), ("lstm", 0.95), ("gru", 0.95), ("attention", 0.95), ("all", 0.95)])
        {
            var plan = new ArchitectureSearchPlan
            {
                Trials = kinds == "all" ? 30 : 10, Places = 2, Widths = [16, 32], Population = 10, Finalists = 2, RetestSeeds = 3,
                Kinds = kinds == "all" ? null : [Enum.Parse<Research.ArchitectureSearch.Spaces.GeneKind>(kinds, ignoreCase: true)],
            };
            var report = await new ArchitectureSearchRun(TimeProvider.System, 2).RunAsync(rows, plan, null, runs, p => Console.Error.WriteLine($"{kinds}: {p.Done} of {p.Of}"), null, CancellationToken.None);
            isMissed |= report.Best.TestAccuracy < least;
            Console.WriteLine(FormattableString.Invariant($"{kinds}: {report.Best.Architecture}, {report.Best.Parameters} parameters, test accuracy {report.Best.TestAccuracy:P2}"));
        }

        // A dense layer at every step and the last one read: nothing of the past reaches the answer.
        var last = await new ArchitectureSearchRun(TimeProvider.System, 2).RunAsync(
            LastStepOnly(rows), new ArchitectureSearchPlan { Trials = 10, Places = 2, Widths = [16, 32], Population = 10, Finalists = 2, RetestSeeds = 3 }, null, runs, null, null, CancellationToken.None);
        Console.WriteLine(FormattableString.Invariant($"dense on the last step: {last.Best.Architecture}, test accuracy {last.Best.TestAccuracy:P2}"));
        return isMissed || last.Best.TestAccuracy > 0.55 ? 1 : 0;
    }

    /// <summary>Small searches on labels without meaning: how often the interval of the best's edge contains zero.</summary>
    public static async Task<int> ShuffledAsync(int searches, string store)
    {
        using var runs = SqliteRunStore.Open(store);
        var (inside, above) = (0, 0);
        for (var i = 0; i < searches; i++)
        {
            var plan = new ArchitectureSearchPlan { Trials = 10, Places = 2, Widths = [8, 16], Population = 5, Tournament = 3, Finalists = 2, RetestSeeds = 2, Epochs = 8, Seed = (ulong)i + 1 };
            var report = await new ArchitectureSearchRun(TimeProvider.System, 2).RunAsync(Rows(1_200, (ulong)i + 100, isShuffled: true), plan, null, runs, null, null, CancellationToken.None);
            inside += report.Best.RetestLow <= 0 && report.Best.RetestHigh >= 0 ? 1 : 0;
            above += report.Best.RetestLow > 0 ? 1 : 0;
            Console.Error.WriteLine(FormattableString.Invariant($"{i + 1} of {searches}: edge {report.Best.RetestScore:+0.0000;-0.0000} [{report.Best.RetestLow:+0.0000;-0.0000}, {report.Best.RetestHigh:+0.0000;-0.0000}]; zero inside in {inside}"));
        }

        Console.WriteLine($"{searches} searches on shuffled labels: the interval of the edge contains zero in {inside}, lies above it in {above} and below in {searches - inside - above}");
        return inside >= 0.9 * searches ? 0 : 1;
    }

    private static ExperimentRows Rows(int count, ulong seed, bool isShuffled)
    {
        var rng = new Rng(seed);
        var values = new float[count * Window];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)rng.NextGaussian();
        }

        int[] labels = [.. Enumerable.Range(0, count).Select(row => values[(row * Window) + Window - 1 - Back] > 0 ? 1 : 0)];
        if (isShuffled)
        {
            rng.Shuffle(labels.AsSpan());
        }

        return ExperimentRows.Of(new LabelledTable([.. Enumerable.Range(0, Window).Select(i => $"x{i}")], values, labels, window: Window), raw: true);
    }

    private static ExperimentRows LastStepOnly(ExperimentRows rows)
    {
        static TrainingSet Last(TrainingSet set) =>
            new([.. Enumerable.Range(0, set.Rows).Select(row => set.RowOf(row)[Window - 1])], 1, set.Labels.ToArray());
        return new ExperimentRows(rows.FeatureNames, 1, 2, Last(rows.Train), Last(rows.Validation), Last(rows.Test));
    }
}
