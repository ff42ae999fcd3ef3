using System.Globalization;
using System.Text;
using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Estimation;
using TicketBot.Research.ArchitectureSearch.Spaces;
using TicketBot.Research.Experiments;
using TicketBot.Research.Stages;
using TicketBot.Tickets;

namespace TicketBot.Research.ArchitectureSearch.Tabular;

/// <summary>Every architecture of a small space trained once, so that a strategy can be run hundreds of times by looking its trials up. Immutable.</summary>
public sealed class TabularBenchmark
{
    private const string Head = "architecture\tvalidationLoss\ttestLoss\tvalidationAccuracy\ttestAccuracy";
    private const int AsksAhead = 4;
    private const int Epochs = 12;

    private readonly Dictionary<string, TabularEntry> _entries;

    /// <summary>Takes a table of a space.</summary>
    /// <exception cref="FormatException">An architecture of the space is missing.</exception>
    public TabularBenchmark(ArchitectureSpace space, IReadOnlyList<TabularEntry> entries)
    {
        (Space, Entries) = (space, entries);
        _entries = entries.ToDictionary(entry => entry.Genes, StringComparer.Ordinal);
        foreach (var candidate in space.Enumerate())
        {
            if (!_entries.ContainsKey(candidate.Architecture.Genes))
            {
                throw new FormatException($"the table has {entries.Count} architectures, but not '{candidate}' of the space; make it again");
            }
        }
    }

    /// <summary>The architectures.</summary>
    public ArchitectureSpace Space { get; }

    /// <summary>The trainings.</summary>
    public IReadOnlyList<TabularEntry> Entries { get; }

    /// <summary>Trains every architecture of a space once, each a stage of the run store, so that a killed run goes on.</summary>
    /// <param name="space">The architectures.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="runs">Keeps finished trainings.</param>
    /// <param name="threads">Trainings side by side.</param>
    /// <param name="progress">Told how many of how many are done; or <c>null</c>.</param>
    /// <param name="cancellationToken">Ends it; finished trainings stay.</param>
    public static async Task<TabularBenchmark> TrainAsync(
        ArchitectureSpace space, ExperimentRows rows, IRunStore runs, int threads, Action<int, int>? progress, CancellationToken cancellationToken)
    {
        var settings = TrialSettings.Of(new ArchitectureSearchPlan { Epochs = Epochs, RowShare = 1 }, rows);
        var stages = new StageRunner(runs, threads);
        Candidate[] all = [.. space.Enumerate()];
        var done = 0;
        var entries = await Task.WhenAll(all.Select(async candidate =>
        {
            var task = new TrialTask
            {
                Rows = rows, Train = rows.Train, TrainRows = rows.Train.Rows, Architecture = candidate.Architecture, Training = settings.Final, Seed = 1, ReadsTest = true,
            };
            var result = TrialResult.FromBytes(
                await stages.RunAsync(TrialTask.Stage, new StageRunner.Work(task.InputHash, () => task.Run(cancellationToken).ToBytes()), cancellationToken));
            progress?.Invoke(Interlocked.Increment(ref done), all.Length);
            return new TabularEntry(candidate.Architecture.Genes, result.ValidationLoss, result.TestLosses.Average(), result.ValidationAccuracy, result.TestAccuracy);
        }));
        return new TabularBenchmark(space, entries);
    }

    /// <summary>Reads a table as <see cref="Text"/> wrote it.</summary>
    /// <exception cref="FormatException">It is none, or lacks architectures of the space.</exception>
    public static TabularBenchmark Read(ArchitectureSpace space, string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || lines[0].TrimEnd('\r') != Head)
        {
            throw new FormatException($"expected the head '{Head}', found '{lines.FirstOrDefault()}'");
        }

        return new TabularBenchmark(space, [.. lines.Skip(1).Select((line, i) =>
        {
            var cells = line.TrimEnd('\r').Split('\t');
            var numbers = cells.Skip(1).Select(cell => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN).ToArray();
            return numbers.Length == 4 && !numbers.Any(double.IsNaN)
                ? new TabularEntry(cells[0], numbers[0], numbers[1], numbers[2], numbers[3])
                : throw new FormatException($"line {i + 2}: expected an architecture and four numbers, found '{line}'");
        })]);
    }

    /// <summary>Returns the table as tab-separated text.</summary>
    public string Text()
    {
        var text = new StringBuilder(Head).Append('\n');
        foreach (var entry in Entries)
        {
            text.Append(CultureInfo.InvariantCulture, $"{entry.Genes}\t{entry.ValidationLoss:0.000000}\t{entry.TestLoss:0.000000}\t{entry.ValidationAccuracy:0.0000}\t{entry.TestAccuracy:0.0000}\n");
        }

        return text.ToString();
    }

    /// <summary>Runs a strategy by look-ups and returns, trial by trial, the regret of its choice so far: how far the test log-loss of the architecture with the lowest
    /// validation loss found is above the lowest test loss of the whole table, in nats.</summary>
    /// <param name="strategy">The strategy at its start.</param>
    /// <param name="trials">Different architectures to look up.</param>
    public IReadOnlyList<double> RegretOf(ISearchStrategy strategy, int trials)
    {
        var (regrets, best, least) = (new List<double>(trials), (TabularEntry?)null, Entries.Min(entry => entry.TestLoss));
        var loop = new AskTellLoop(strategy, trials, AsksAhead);
        loop.RunAsync(
            candidate =>
            {
                var entry = this[candidate.Architecture];
                best = best is null || entry.ValidationLoss < best.ValidationLoss ? entry : best;
                regrets.Add(best.TestLoss - least);
                return (true, Task.FromResult(new Outcome(-entry.ValidationLoss, [entry.ValidationLoss, Math.Log(candidate.Architecture.ParameterCount) / 100])));
            },
            () => true, () => { }).GetAwaiter().GetResult();
        while (regrets.Count < trials)
        {
            regrets.Add(regrets[^1]);
        }

        return regrets;
    }

    /// <summary>Returns the training of an architecture.</summary>
    public TabularEntry this[Architecture architecture] => _entries[architecture.Genes];
}
