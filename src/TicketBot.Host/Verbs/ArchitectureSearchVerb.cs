using System.CommandLine;
using System.Globalization;
using TicketBot.Host.Configuration;
using TicketBot.Research;
using TicketBot.Research.ArchitectureSearch;
using TicketBot.Research.ArchitectureSearch.Latency;
using TicketBot.Research.ArchitectureSearch.Spaces;
using TicketBot.Research.ArchitectureSearch.Strategies;
using TicketBot.Research.Experiments;
using TicketBot.Storage;

namespace TicketBot.Host.Verbs;

/// <summary>Architecture search on any labelled table.</summary>
public static class ArchitectureSearchVerb
{
    /// <summary>File in the data folder that keeps finished trainings; it may be deleted when nothing is to be resumed.</summary>
    public const string StoreName = "searches.db";

    /// <summary>File in the data folder that keeps the latencies measured on this machine.</summary>
    public const string LatencyName = "latency.json";

    private static readonly Option<string> Dataset = new("--dataset") { Description = "Table: CSV, plain or gzip, with a header", HelpName = "FILE", Required = true };
    private static readonly Option<string> Label = new("--label") { Description = "Class column: whole numbers from 0", HelpName = "NAME", Required = true };
    private static readonly Option<string?> Split = new("--split") { Description = "Column that says train, validation or test (default: file order, 60/20/20 %)", HelpName = "NAME" };
    private static readonly Option<int?> Window = new("--window") { Description = "The feature columns are so many steps, oldest first", HelpName = "STEPS" };
    private static readonly Option<bool> Raw = new("--raw") { Description = "Take the features as they are instead of standardising them with training rows" };
    private static readonly Option<string?> Strategy = new("--strategy") { Description = $"{string.Join(", ", SearchStrategies.Names)} (default: evolution)" };
    private static readonly Option<string?> Budget = new("--budget") { Description = "Architectures to try, or a time after which no other is begun, for example 200 or 30m (default: 60)", HelpName = "TRIALS|TIME" };
    private static readonly Option<long?> MaxParameters = new("--max-parameters") { Description = "Most parameters an architecture may have" };
    private static readonly Option<double?> MaxLatency = new("--max-latency") { Description = "Longest predicted time of one prediction in microseconds" };
    private static readonly Option<string?> Latency = new("--latency") { Description = $"Latency table (default: {LatencyName} of the data folder, measured when it is missing), or none", HelpName = "FILE" };
    private static readonly Option<int?> Places = new("--places") { Description = "Most genes of an architecture (default: 4)" };
    private static readonly Option<string?> Kinds = new("--kinds") { Description = "Kinds of genes, a comma list of identity, dense, conv1d, lstm, gru, attention, skip (default: all that the window allows)" };
    private static readonly Option<string?> Widths = new("--widths") { Description = "Widths, a comma list (default: 16,32,64,128,256)" };
    private static readonly Option<string?> Objectives = new("--objectives") { Description = "What the front is made of: two or three of loss,parameters,latency (default: loss,parameters)" };
    private static readonly Option<double?> WeightAccuracy = new("--weight-accuracy") { Description = "Weight of the loss in the fitness (default: 1)" };
    private static readonly Option<double?> WeightSize = new("--weight-size") { Description = "Weight of the size in the fitness (default: 0)" };
    private static readonly Option<double?> WeightLatency = new("--weight-latency") { Description = "Weight of the latency in the fitness (default: 0)" };
    private static readonly Option<int?> Population = new("--population") { Description = "Candidates alive in evolution, of a generation in nsga2 (default: 25)" };
    private static readonly Option<int?> Tournament = new("--tournament") { Description = "Candidates of whom the fittest has a child in evolution (default: 5)" };
    private static readonly Option<double?> ControllerRate = new("--controller-rate") { Description = "Step size of the controller of reinforce (default: 0.1)" };
    private static readonly Option<int?> Epochs = new("--epochs") { Description = "Passes over the rows in a training (default: 10, more of few rows)" };
    private static readonly Option<int?> Batch = new("--batch") { Description = "Rows of an update (default: 64)" };
    private static readonly Option<double?> LearningRate = new("--learning-rate") { Description = "Step size of AdamW (default: 0.003)" };
    private static readonly Option<double?> RowShare = new("--row-share") { Description = "Share of the training rows that a trial sees (default: 0.2, but 5,000 rows)" };
    private static readonly Option<int?> Halving = new("--halving") { Description = "Successive halving: trials of which one goes on at each rung, 2 to 10 (default: train every trial to its end)" };
    private static readonly Option<int?> Finalists = new("--finalists") { Description = "Fittest trials that are trained again with fresh seeds on all training rows (default: 5)" };
    private static readonly Option<int?> RetestSeeds = new("--retest-seeds") { Description = "Fresh seeds per finalist (default: 5)" };
    private static readonly Option<ulong?> Seed = new("--seed") { Description = "Seed of all chance (default: 1)" };

    /// <summary>Returns the verb.</summary>
    public static Command Make(VerbMaker make) => make.Verb(
        "search", "Search for network architectures on any labelled table", RunAsync,
        Dataset, Label, Split, Window, Raw, Strategy, Budget, MaxParameters, MaxLatency, Latency, Places, Kinds, Widths, Objectives, WeightAccuracy, WeightSize, WeightLatency,
        Population, Tournament, ControllerRate, Epochs, Batch, LearningRate, RowShare, Halving, Finalists, RetestSeeds, Seed, VerbContext.Json);

    private static async Task<int> RunAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var settings = verb.Settings();
        var plan = PlanOf(verb);
        var table = LabelledTables.Read(verb, Dataset, Label, Split, Window);
        var folder = settings.Get<StorageOptions>().DataFolder;
        Directory.CreateDirectory(folder);
        ArchitectureSearchReport report;
        try
        {
            var latency = await LatencyOfAsync(verb, folder, cancellationToken);
            using var runs = SqliteRunStore.Open(Path.Combine(folder, StoreName));
            var progress = new ProgressLines(verb.Error, TimeProvider.System);
            report = await new ArchitectureSearchRun(TimeProvider.System, settings.Get<ResearchOptions>().Threads).RunAsync(
                ExperimentRows.Of(table, verb.Get(Raw)), plan, latency, runs,
                p => progress.Say(p.Done, p.Of, p.Reused, FormattableString.Invariant($"front of {p.Front}; {p.Detail}")), verb.Say, cancellationToken);
        }
        catch (ResearchRefusedException refusal)
        {
            throw new UsageException(refusal.Message, refusal);
        }

        if (verb.WantsJson)
        {
            verb.WriteJson(ArchitectureSearchDocument.Of(report));
        }
        else
        {
            ArchitectureSearchText.Write(verb.Output, report);
        }

        return Exit.Done;
    }

    private static async Task<LatencyTable?> LatencyOfAsync(VerbContext verb, string folder, CancellationToken cancellationToken)
    {
        if (verb.Get(Latency) is "none")
        {
            return null;
        }

        var path = verb.Get(Latency) ?? Path.Combine(folder, LatencyName);
        if (File.Exists(path))
        {
            try
            {
                return LatencyTable.Read(await File.ReadAllTextAsync(path, cancellationToken));
            }
            catch (FormatException fault)
            {
                throw new UsageException($"{path}: {fault.Message}; delete it to measure it again, or say --latency none", fault);
            }
        }

        if (verb.Get(Latency) is not null)
        {
            throw new UsageException($"--latency: expected a latency table or none, found no file {path}");
        }

        verb.Say($"measuring how long predictions take on this machine, once; kept in {path}");
        var progress = new ProgressLines(verb.Error, TimeProvider.System);
        var table = await Task.Run(() => LatencyMeter.Measure((done, of) => progress.Say(done, of, 0, "sizes of layers measured"), cancellationToken), cancellationToken);
        await Reports.ReportFile.WriteAsync(path, table.Text(), cancellationToken);
        return table;
    }

    private static ArchitectureSearchPlan PlanOf(VerbContext verb)
    {
        var plan = new ArchitectureSearchPlan();
        var (trials, time) = BudgetOf(verb.Get(Budget));
        return plan with
        {
            Strategy = verb.Get(Strategy) is { } name ? Known(name, "--strategy", SearchStrategies.Names) : plan.Strategy,
            Trials = trials ?? (time is null ? plan.Trials : 1_000_000),
            Time = time,
            MaxParameters = verb.Get(MaxParameters),
            MaxLatencyUs = verb.Get(MaxLatency),
            Places = verb.Get(Places) ?? plan.Places,
            Kinds = verb.Get(Kinds) is { } kinds ? [.. Words(kinds).Select(word => Enum.Parse<GeneKind>(Known(word, "--kinds", Enum.GetNames<GeneKind>().Select(k => k.ToLowerInvariant())), ignoreCase: true))] : null,
            Widths = verb.Get(Widths) is { } widths ? [.. Words(widths).Select(WidthOf)] : plan.Widths,
            Objectives = verb.Get(Objectives) is { } objectives ? [.. Words(objectives).Select(word => Known(word, "--objectives", ["loss", "parameters", "latency"]))] : plan.Objectives,
            AccuracyWeight = verb.Get(WeightAccuracy) ?? plan.AccuracyWeight,
            SizeWeight = verb.Get(WeightSize) ?? plan.SizeWeight,
            LatencyWeight = verb.Get(WeightLatency) ?? plan.LatencyWeight,
            Population = verb.Get(Population) ?? plan.Population,
            Tournament = verb.Get(Tournament) ?? Math.Min(plan.Tournament, verb.Get(Population) ?? plan.Population),
            ControllerRate = verb.Get(ControllerRate) ?? plan.ControllerRate,
            Epochs = verb.Get(Epochs),
            Batch = verb.Get(Batch) ?? plan.Batch,
            LearningRate = verb.Get(LearningRate) ?? plan.LearningRate,
            RowShare = verb.Get(RowShare),
            Halving = verb.Get(Halving),
            Finalists = verb.Get(Finalists) ?? plan.Finalists,
            RetestSeeds = verb.Get(RetestSeeds) ?? plan.RetestSeeds,
            Seed = verb.Get(Seed) ?? plan.Seed,
        };
    }

    private static (int? Trials, TimeSpan? Time) BudgetOf(string? text)
    {
        if (text is null)
        {
            return (null, null);
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var trials) && trials > 0)
        {
            return (trials, null);
        }

        try
        {
            return (null, RunVerb.DurationOf(text));
        }
        catch (UsageException fault)
        {
            throw new UsageException($"--budget: expected a number of trials of at least 1, or a time above 0 such as 90s, 30m or 00:30:00, found '{text}'", fault);
        }
    }

    private static int WidthOf(string word) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var width)
        ? width
        : throw new UsageException($"--widths: expected a comma list of whole numbers, found '{word}'");

    private static string[] Words(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Known(string word, string option, IEnumerable<string> known)
    {
        string[] names = [.. known];
        return names.Contains(word, StringComparer.Ordinal)
            ? word
            : throw new UsageException($"{option}: expected {string.Join(", ", names)}, found '{word}'{(NearestName.Of(word, names) is { } near ? $"; did you mean {near}?" : "")}");
    }
}
