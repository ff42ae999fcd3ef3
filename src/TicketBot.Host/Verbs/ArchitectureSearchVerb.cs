using System.CommandLine;
using System.Globalization;
using TicketBot.Host.Configuration;
using TicketBot.Host.Searches;
using TicketBot.Research;
using TicketBot.Research.ArchitectureSearch;
using TicketBot.Research.ArchitectureSearch.Latency;
using TicketBot.Research.ArchitectureSearch.Spaces;
using TicketBot.Research.ArchitectureSearch.Strategies;
using TicketBot.Research.Experiments;
using TicketBot.Storage;

namespace TicketBot.Host.Verbs;

/// <summary>Architecture search on candles or on any labelled table.</summary>
public static class ArchitectureSearchVerb
{
    /// <summary>File in the data folder that keeps finished trainings and the trials of candle files; it may be deleted when nothing is to be resumed.</summary>
    public const string StoreName = "searches.db";

    private static readonly Option<string> Dataset = new("--dataset") { Description = "Table: CSV, plain or gzip, with a header", HelpName = "FILE" };
    private static readonly Option<string> Label = new("--label") { Description = "Class column of the table: whole numbers from 0", HelpName = "NAME" };
    private static readonly Option<string[]> Data = new("--data") { Description = "Candles instead of a table: VENUE_SYMBOL_INTERVAL.csv[.gz] (repeatable)", HelpName = "FILE" };
    private static readonly Option<string?> OnlySymbol = new("--symbol") { Description = "Contract whose candles in the store are searched; with --data, when the file's name does not say it" };
    private static readonly Option<string?> Length = new("--interval") { Description = "Candle length of it" };
    private static readonly Option<bool> Tickets = new("--tickets")
    {
        Description = "Whether tickets are drawn from the chosen architecture of candles and judged by the gates (default: true)", DefaultValueFactory = _ => true, HelpName = "true|false",
    };

    private static readonly Option<string?> Report = new("--report") { Description = "HTML page to write: front, history, finalists, verdict, drawings of the architectures", HelpName = "FILE" };
    private static readonly Option<string?> Split = new("--split") { Description = "Column that says train, validation or test (default: file order, 60/20/20 %)", HelpName = "NAME" };
    private static readonly Option<int?> Window = new("--window") { Description = "The feature columns are so many steps, oldest first; of candles, how many feature rows a network reads at once (default: 1)", HelpName = "STEPS" };
    private static readonly Option<bool> Raw = new("--raw") { Description = "Take the features as they are instead of standardising them with training rows" };
    private static readonly Option<string?> Strategy = new("--strategy") { Description = $"{string.Join(", ", SearchStrategies.Names)} (default: evolution)" };
    private static readonly Option<string?> Budget = new("--budget") { Description = "Architectures to try, or a time after which no other is begun, for example 200 or 30m (default: 60)", HelpName = "TRIALS|TIME" };
    private static readonly Option<long?> MaxParameters = new("--max-parameters") { Description = "Most parameters an architecture may have (default: no limit, of candles Research:ArchitectureSearch:MaxParameters)" };
    private static readonly Option<double?> MaxLatency = new("--max-latency") { Description = "Longest predicted time of one prediction in microseconds" };
    private static readonly Option<string?> Latency = new("--latency") { Description = $"Latency table (default: {LatencyFile.Name} of the data folder, measured when it is missing), or none", HelpName = "FILE" };
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
        "search", "Search for network architectures on candles, and draw tickets from the one it chooses, or on any labelled table", RunAsync,
        Data, OnlySymbol, Length, Tickets, Dataset, Label, Split, Window, Raw, Strategy, Budget, MaxParameters, MaxLatency, Latency, Places, Kinds, Widths, Objectives, WeightAccuracy, WeightSize, WeightLatency,
        Population, Tournament, ControllerRate, Epochs, Batch, LearningRate, RowShare, Halving, Finalists, RetestSeeds, Seed, Report, VerbContext.Json);

    private static async Task<int> RunAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var settings = verb.Settings();
        var isOnCandles = IsOnCandles(verb);
        var options = settings.Get<ResearchOptions>().ArchitectureSearch;
        var plan = PlanOf(verb, options.Plan());
        var folder = settings.Get<StorageOptions>().DataFolder;
        Directory.CreateDirectory(folder);
        try
        {
            return isOnCandles
                ? await OnCandlesAsync(verb, settings, plan with { MaxParameters = plan.MaxParameters ?? options.MaxParameters }, folder, cancellationToken)
                : await OnTableAsync(verb, settings, plan, folder, cancellationToken);
        }
        catch (ResearchRefusedException refusal)
        {
            throw new UsageException(refusal.Message, refusal);
        }
    }

    private static async Task<int> OnTableAsync(VerbContext verb, Settings settings, ArchitectureSearchPlan plan, string folder, CancellationToken cancellationToken)
    {
        var table = LabelledTables.Read(verb, Dataset, Label, Split, Window);
        var latency = await LatencyOfAsync(verb, folder, cancellationToken);
        using var runs = SqliteRunStore.Open(Path.Combine(folder, StoreName));
        var progress = new ProgressLines(verb.Error, TimeProvider.System);
        var report = await new ArchitectureSearchRun(TimeProvider.System, settings.Get<ResearchOptions>().Threads).RunAsync(
            ExperimentRows.Of(table, verb.Get(Raw)), plan, latency, runs,
            p => progress.Say(p.Done, p.Of, p.Reused, FormattableString.Invariant($"front of {p.Front}; {p.Detail}")), verb.Say, cancellationToken);
        var record = SearchRecord.Of(Path.GetFileName(verb.Get(Dataset)!), $"labelled table, class {verb.Get(Label)}", report);
        await CandleSearches.KeepAsync(verb, new SearchArchive(Path.Combine(folder, SearchArchive.FolderName)), record, verb.Get(Report), cancellationToken);
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

    private static async Task<int> OnCandlesAsync(VerbContext verb, Settings settings, ArchitectureSearchPlan plan, string folder, CancellationToken cancellationToken)
    {
        var window = verb.Get(Window) ?? settings.Get<ResearchOptions>().ArchitectureSearch.Window;
        if (window is < 1 or > 64)
        {
            throw new UsageException($"--window: expected 1 to 64 candles whose features a network reads at once, found {window}");
        }

        var searches = new CandleSearches(verb, settings, plan, window, verb.Get(Tickets), verb.Get(Report));
        if (verb.Has(Data))
        {
            var files = CandleFiles.ReadAll(verb.Get(Data)!, verb.Get(OnlySymbol), verb.Get(Length), "search");
            return await searches.OfFilesAsync(files, await LatencyOfAsync(verb, folder, cancellationToken), Path.Combine(folder, StoreName), cancellationToken);
        }

        var series = CandleFiles.SeriesOf(verb.Get(OnlySymbol), verb.Get(Length));
        return await searches.OfStoreAsync(series, await LatencyOfAsync(verb, folder, cancellationToken), cancellationToken);
    }

    // What is missing or does not go together is told before anything is read.
    private static bool IsOnCandles(VerbContext verb)
    {
        var candles = new Option[] { Data, OnlySymbol, Length }.FirstOrDefault(verb.Has);
        var ofTables = new Option[] { Label, Split, Raw }.FirstOrDefault(verb.Has);
        var fault = (verb.Has(Dataset), candles) switch
        {
            (false, null) => "search needs rows: --data FILE for candles (VENUE_SYMBOL_INTERVAL.csv[.gz]), --symbol S --interval I for candles of the store, or --dataset FILE --label NAME for a labelled table",
            (false, not null) when ofTables is not null =>
                $"{ofTables.Name} belongs to a labelled table (--dataset FILE), and {candles.Name} names candles, whose labels, blocks and scaling are the ticket factory's; leave {ofTables.Name} out",
            (true, not null) => $"--dataset is a labelled table and {candles.Name} names candles: give one of them, or search one after the other",
            (true, null) when !verb.Has(Label) => "--dataset needs --label NAME, its class column (whole numbers from 0); if the file holds candles, say --data FILE",
            (true, null) when verb.Has(Tickets) => "--tickets belongs to candles (--data or --symbol); no tickets are drawn from a labelled table",
            _ => null,
        };
        return fault is null ? candles is not null : throw new UsageException(fault);
    }

    private static async Task<LatencyTable?> LatencyOfAsync(VerbContext verb, string folder, CancellationToken cancellationToken)
    {
        if (verb.Get(Latency) is "none")
        {
            return null;
        }

        if (verb.Get(Latency) is { } named && !File.Exists(named))
        {
            throw new UsageException($"--latency: expected a latency table or none, found no file {named}");
        }

        var progress = new ProgressLines(verb.Error, TimeProvider.System);
        return await LatencyFile.ReadOrMeasureAsync(
            verb.Get(Latency) ?? Path.Combine(folder, LatencyFile.Name), verb.Say, (done, of) => progress.Say(done, of, 0, "sizes of layers measured"), cancellationToken);
    }

    private static ArchitectureSearchPlan PlanOf(VerbContext verb, ArchitectureSearchPlan plan)
    {
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
