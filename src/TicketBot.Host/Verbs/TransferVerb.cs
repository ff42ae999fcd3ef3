using System.CommandLine;
using TicketBot.Bybit;
using TicketBot.Domain;
using TicketBot.Host.Configuration;
using TicketBot.Host.Reports;
using TicketBot.Host.Running;
using TicketBot.Market.Tables;
using TicketBot.Research;
using TicketBot.Research.Transfer;
using TicketBot.Storage;
using TicketBot.Storage.Csv;

namespace TicketBot.Host.Verbs;

/// <summary>Transfer learning between labelled tables.</summary>
public static class TransferVerb
{
    private static readonly Option<string[]> Source = new("--source") { Description = "Table with many labels, or, without --label, candles: a file or a symbol of the store (repeatable)", HelpName = "FILE|SYMBOL", Required = true };
    private static readonly Option<string> Target = new("--target") { Description = "Table to be served, whose labels may be missing, or candles", HelpName = "FILE|SYMBOL", Required = true };
    private static readonly Option<string?> Label = new("--label") { Description = "Class column: whole numbers from 0; without it source and target are candles", HelpName = "NAME" };
    private static readonly Option<string?> Length = new("--interval") { Description = "Candle length of symbols of the store" };
    private static readonly Option<int?> MostCandles = new("--candles") { Description = "Newest candles that are read of each (default: Research:HistoryCandles)" };
    private static readonly Option<string?> Split = new("--split") { Description = "Column that says train, validation or test (default: file order, 60/20/20 %)", HelpName = "NAME" };
    private static readonly Option<int?> Window = new("--window") { Description = "The feature columns are so many steps, oldest first", HelpName = "STEPS" };
    private static readonly Option<bool> Raw = new("--raw") { Description = "Take the features as they are instead of standardising them with training rows of the source" };
    private static readonly Option<string?> Architecture = new("--architecture") { Description = "Genes (default: 128-64 with batch normalisation and dropout 0.3 as features, a head of 64)" };
    private static readonly Option<int?> FeatureLayer = new("--feature-layer") { Description = "Gene whose outputs are the features, from 1 (default: the last one of --architecture)" };
    private static readonly Option<string[]> Method = new("--method")
    {
        Description = "none, scratch, freeze, partial, full, l2sp, adabn, mmd, coral, dann, autoencoder or best, which tries all (repeatable; default: best); none and scratch are always there",
    };

    private static readonly Option<int?> TargetLabels = new("--target-labels") { Description = "Only so many labels of the target exist, the first training rows' (default: all); 0 chooses without labels" };
    private static readonly Option<int?> Seeds = new("--seeds") { Description = "Independent repetitions (default: 1; of --tickets 5)" };
    private static readonly Option<ulong?> Seed = new("--seed") { Description = "Seed of the first repetition (default: 1)" };
    private static readonly Option<int?> Epochs = new("--epochs") { Description = "Longest training in epochs (default: 60)" };
    private static readonly Option<double?> LearningRate = new("--learning-rate") { Description = "Step size (default: 0.001)" };
    private static readonly Option<double?> AlignmentWeight = new("--alignment-weight") { Description = "Weight of an alignment beside the task (default: 1)" };
    private static readonly Option<double?> TaskWeight = new("--task-weight") { Description = "Weight of the task beside an alignment (default: 1); with 0 the features collapse" };
    private static readonly Option<double?> AnchorStrength = new("--anchor-strength") { Description = "Pull of l2sp to the source's weights (default: 0.1)" };

    private static readonly Option<bool> Tickets = new("--tickets") { Description = "Also use the source's tickets (mask and rewound weights) on the target, with their controls" };
    private static readonly Option<int?> TicketRounds = new("--ticket-rounds") { Description = "Rounds of pruning of --tickets, each 30 % (default: 6)" };
    private static readonly Option<int?> RewindStep = new("--rewind-step") { Description = "Step of --tickets whose weights go to the target (default: 50)" };

    private static readonly Option<string?> Report = new("--report") { Description = "Also write the methods side by side as one HTML page", HelpName = "FILE.html" };

    /// <summary>Returns the verb.</summary>
    public static Command Make(VerbMaker make) => make.Verb(
        "transfer", "Bring what a network learned from one table to another, if that helps", RunAsync,
        Source, Target, Label, Length, MostCandles, Split, Window, Raw, Architecture, FeatureLayer, Method, TargetLabels, Seeds, Seed, Epochs, LearningRate, AlignmentWeight, TaskWeight, AnchorStrength,
        Tickets, TicketRounds, RewindStep, Report, VerbContext.Json);

    private static async Task<int> RunAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var settings = verb.Settings();
        var plan = PlanOf(verb);
        var research = settings.Get<ResearchOptions>();
        var progress = new ProgressLines(verb.Error, TimeProvider.System);
        TransferReport report;
        TicketTransferReport? tickets = null;
        try
        {
            var rows = verb.Get(Label) is null ? await CandleRowsAsync(verb, settings, cancellationToken) : Rows(verb);
            if (verb.Get(Tickets))
            {
                TicketTransfer.RequireLabels(rows);
            }

            using var runs = SqliteRunStore.Open(Path.Combine(settings.Get<StorageOptions>().DataFolder, TicketSearchVerb.StoreName));
            report = await new TransferExperiment(TimeProvider.System, research.Threads).RunAsync(
                rows, plan, research.Transfer, runs, p => progress.Say(p.Done, p.Of, p.Reused, p.Detail), cancellationToken);
            if (verb.Get(Tickets))
            {
                var again = new ProgressLines(verb.Error, TimeProvider.System);
                tickets = await new TicketTransfer(TimeProvider.System, research.Threads).RunAsync(
                    rows, report.Architecture, TicketsOf(verb), runs, p => again.Say(p.Done, p.Of, p.Reused, p.Detail), cancellationToken);
            }
        }
        catch (ResearchRefusedException refusal)
        {
            throw new UsageException(refusal.Message, refusal);
        }

        if (verb.Get(Report) is { } file)
        {
            await ReportFile.WriteAsync(file, TransferReportPage.Of(report, tickets), cancellationToken);
            verb.Say($"wrote {Path.GetFullPath(file)}");
        }

        if (verb.WantsJson)
        {
            verb.WriteJson(TransferDocument.Of(report, tickets));
        }
        else
        {
            TransferText.Write(verb.Output, report);
            if (tickets is not null)
            {
                TransferText.Write(verb.Output, tickets);
            }
        }

        return Exit.Done;
    }

    private static TransferRows Rows(VerbContext verb)
    {
        LabelledTable[] sources = [.. verb.Get(Source)!.Select(file => LabelledTables.Read(verb, file, verb.Get(Label)!, Split, Window, null))];
        return Together(verb, sources, LabelledTables.Read(verb, verb.Get(Target)!, verb.Get(Label)!, Split, Window, sources.Max(source => source.Classes)));
    }

    private static async Task<TransferRows> CandleRowsAsync(VerbContext verb, Settings settings, CancellationToken cancellationToken)
    {
        if (verb.Has(Window) || verb.Has(Split))
        {
            throw new UsageException("--window and --split belong to labelled tables; name the class column with --label, or leave them out for candles");
        }

        var research = settings.Get<ResearchOptions>();
        async Task<LabelledTable> ReadAsync(string word)
        {
            if (File.Exists(word))
            {
                var file = ReadCandles(word);
                return CandleTable.Of(file.Symbol, file.Interval, file.Candles, file.Hours, research.Horizon, verb.Get(MostCandles) ?? research.HistoryCandles);
            }

            if (verb.Get(Length) is not { } length)
            {
                throw new UsageException($"'{word}' is no file; give --label for labelled tables, a candle file VENUE_SYMBOL_INTERVAL.csv[.gz], or --interval for symbols of the store");
            }

            try
            {
                var (symbol, interval) = (new Domain.Symbol(word), Interval.Parse(length));
                var database = DataFolder.OfLastRun(settings.Get<StorageOptions>().DataFolder, settings.Get<BybitOptions>().Environment).MarketDatabase;
                using var store = SqliteCandleStore.Open(database);
                var candles = await store.ReadAsync(symbol, interval, null, null, cancellationToken);
                return candles.Count == 0
                    ? throw new UsageException($"{database} has no candles of {symbol} {interval}; fetch or import them first")
                    : CandleTable.Of(symbol, interval, candles, null, research.Horizon, verb.Get(MostCandles) ?? research.HistoryCandles);
            }
            catch (Exception fault) when (fault is FormatException or ArgumentException)
            {
                throw new UsageException(fault.Message, fault);
            }
        }

        var sources = new List<LabelledTable>();
        foreach (var word in verb.Get(Source)!)
        {
            sources.Add(await ReadAsync(word));
        }

        return Together(verb, [.. sources], await ReadAsync(verb.Get(Target)!));
    }

    private static CandleFile ReadCandles(string path)
    {
        try
        {
            return CandleFiles.Read(path, null, null);
        }
        catch (UsageException fault)
        {
            throw new UsageException($"{fault.Message}; if {path} is a labelled table, name its class column with --label", fault);
        }
    }

    private static TransferRows Together(VerbContext verb, LabelledTable[] sources, LabelledTable target)
    {
        var labels = verb.Get(TargetLabels);
        if (labels < 0)
        {
            throw new UsageException($"--target-labels: expected 0 or more, found {labels}");
        }

        var rows = TransferRows.Of(sources, target, labels, verb.Get(Raw));
        if (labels > rows.LabelledRows.Count)
        {
            verb.Say($"--target-labels {labels}: the target has only {rows.LabelledRows.Count} labelled training rows; all of them are used");
        }

        return rows;
    }

    private static TransferPlan PlanOf(VerbContext verb)
    {
        var plan = new TransferPlan();
        return plan with
        {
            Architecture = verb.Get(Architecture),
            FeatureLayer = verb.Get(FeatureLayer),
            Methods = verb.Get(Method) is { Length: > 0 } words ? MethodsOf(words) : plan.Methods,
            Seeds = verb.Get(Seeds) ?? plan.Seeds,
            Seed = verb.Get(Seed) ?? plan.Seed,
            Epochs = verb.Get(Epochs) ?? plan.Epochs,
            LearningRate = verb.Get(LearningRate) ?? plan.LearningRate,
            AlignmentWeight = verb.Get(AlignmentWeight) ?? plan.AlignmentWeight,
            TaskWeight = verb.Get(TaskWeight) ?? plan.TaskWeight,
            AnchorStrength = verb.Get(AnchorStrength) ?? plan.AnchorStrength,
        };
    }

    private static TicketTransferPlan TicketsOf(VerbContext verb)
    {
        var plan = new TicketTransferPlan();
        return plan with
        {
            Rounds = verb.Get(TicketRounds) ?? plan.Rounds, RewindStep = verb.Get(RewindStep) ?? plan.RewindStep, Seeds = verb.Get(Seeds) ?? plan.Seeds, Seed = verb.Get(Seed) ?? plan.Seed,
        };
    }

    private static TransferMethod[] MethodsOf(string[] words)
    {
        string[] known = [.. TransferMethods.All.Select(TransferMethods.NameOf), TransferMethods.Best];
        var methods = new SortedSet<TransferMethod>();
        foreach (var word in words.SelectMany(word => word.Split(',', StringSplitOptions.TrimEntries)))
        {
            if (word == TransferMethods.Best)
            {
                methods.UnionWith(TransferMethods.All);
                continue;
            }

            methods.Add(TransferMethods.All.Where(method => TransferMethods.NameOf(method) == word).Cast<TransferMethod?>().FirstOrDefault()
                ?? throw new UsageException($"--method: expected {string.Join(", ", known)}, found '{word}'{(NearestName.Of(word, known) is { } name ? $"; did you mean {name}?" : "")}"));
        }

        return [.. methods];
    }
}
