using System.CommandLine;
using TicketBot.Host.Configuration;
using TicketBot.Host.Reports;
using TicketBot.Research;
using TicketBot.Research.Experiments;
using TicketBot.Storage;

namespace TicketBot.Host.Verbs;

/// <summary>The lottery-ticket experiment on any labelled table.</summary>
public static class TicketSearchVerb
{
    /// <summary>File in the data folder that keeps finished trainings; it may be deleted when nothing is to be resumed.</summary>
    public const string StoreName = "experiments.db";

    private static readonly Option<string> Dataset = new("--dataset") { Description = "Table: CSV, plain or gzip, with a header", HelpName = "FILE", Required = true };
    private static readonly Option<string> Label = new("--label") { Description = "Class column: whole numbers from 0", HelpName = "NAME", Required = true };
    private static readonly Option<string?> Split = new("--split") { Description = "Column that says train, validation or test (default: file order, 60/20/20 %)", HelpName = "NAME" };
    private static readonly Option<int?> Window = new("--window") { Description = "The feature columns are so many steps, oldest first", HelpName = "STEPS" };
    private static readonly Option<bool> Raw = new("--raw") { Description = "Take the features as they are instead of standardising them with training rows" };
    private static readonly Option<string?> Architecture = new("--architecture") { Description = "Genes, for example dense:300,dense:100 (default: dense:64,dense:32)" };
    private static readonly Option<string?> Optimizer = new("--optimizer") { Description = "adam (default) or sgd" };
    private static readonly Option<double?> LearningRate = new("--learning-rate") { Description = "Step size (default: 0.0012)" };
    private static readonly Option<double?> Momentum = new("--momentum") { Description = "Momentum of sgd (default: 0)" };
    private static readonly Option<string?> Schedule = new("--schedule") { Description = "constant (default), linear, cosine or onecycle" };
    private static readonly Option<int?> Batch = new("--batch") { Description = "Rows of an update (default: 60)" };
    private static readonly Option<int?> Steps = new("--steps") { Description = "Updates of a training (default: 1000)" };
    private static readonly Option<int?> EvaluateEvery = new("--evaluate-every") { Description = "Updates between two looks at the validation loss (default: 20)" };
    private static readonly Option<string?> Method = new("--method") { Description = "imp (default), oneshot, earlybird, snip, synflow or rigl" };
    private static readonly Option<int?> Rounds = new("--rounds") { Description = "Rounds of pruning (default: 12); other methods prune once to the density these would reach; 0 trains dense only" };
    private static readonly Option<double?> Prune = new("--prune") { Description = "Share of the remaining weights that a round removes (default: 0.2)" };
    private static readonly Option<double?> PruneOutput = new("--prune-output") { Description = "The same of the output layer (default: half of --prune)" };
    private static readonly Option<double?> PruneRecurrent = new("--prune-recurrent") { Description = "The same of recurrent weights (default: half of --prune)" };
    private static readonly Option<string?> Scope = new("--scope") { Description = "layer (default) or global: where the smallest weights are looked for" };
    private static readonly Option<int?> RewindStep = new("--rewind-step") { Description = "Step whose weights the ticket starts from again (default: 0)" };
    private static readonly Option<string?> Rewind = new("--rewind") { Description = "weights (default), or rate: keep the trained weights and rewind schedule and data order only" };
    private static readonly Option<string?> Controls = new("--controls") { Description = "reinit,shuffled,random (default: all three), or none" };
    private static readonly Option<int?> NullDraws = new("--null-draws") { Description = "Searches on permuted labels (default: 20 up to 64 inputs, else 0)" };
    private static readonly Option<int?> Seeds = new("--seeds") { Description = "Independent repetitions (default: 5)" };
    private static readonly Option<ulong?> Seed = new("--seed") { Description = "Seed of the first repetition (default: 1)" };
    private static readonly Option<double?> StopLossRise = new("--stop-loss-rise") { Description = "End a seed's rounds once its validation loss exceeds dense by this share (default: run all rounds)" };

    private static readonly Option<string?> Report = new("--report") { Description = "Also write the plots as one HTML page", HelpName = "FILE.html" };

    /// <summary>Returns the verb.</summary>
    public static Command Make(VerbMaker make) => make.Verb(
        "search", "Look for a winning ticket on any labelled table, with its controls", RunAsync,
        Dataset, Label, Split, Window, Raw, Architecture, Optimizer, LearningRate, Momentum, Schedule, Batch, Steps, EvaluateEvery, Method, Rounds, Prune, PruneOutput,
        PruneRecurrent, Scope, RewindStep, Rewind, Controls, NullDraws, Seeds, Seed, StopLossRise, Report, VerbContext.Json);

    private static async Task<int> RunAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var settings = verb.Settings();
        var plan = PlanOf(verb);
        var table = LabelledTables.Read(verb, Dataset, Label, Split, Window);
        var progress = new ProgressLines(verb.Error, TimeProvider.System);
        ExperimentReport report;
        using (var runs = SqliteRunStore.Open(Path.Combine(settings.Get<StorageOptions>().DataFolder, StoreName)))
        {
            try
            {
                report = await new LotteryExperiment(TimeProvider.System, settings.Get<ResearchOptions>().Threads).RunAsync(
                    ExperimentRows.Of(table, verb.Get(Raw)), plan, runs, p => progress.Say(p.Done, p.Of, p.Reused, p.Detail), cancellationToken);
            }
            catch (ResearchRefusedException refusal)
            {
                throw new UsageException(refusal.Message, refusal);
            }
        }

        if (verb.Get(Report) is { } file)
        {
            await ReportFile.WriteAsync(file, ExperimentReportPage.Of(report), cancellationToken);
            verb.Say($"wrote {Path.GetFullPath(file)}");
        }

        if (verb.WantsJson)
        {
            verb.WriteJson(ExperimentDocument.Of(report));
        }
        else
        {
            ExperimentText.Write(verb.Output, report);
        }

        return Exit.Done;
    }

    private static ExperimentPlan PlanOf(VerbContext verb)
    {
        var plan = new ExperimentPlan();
        return plan with
        {
            Architecture = verb.Get(Architecture) ?? plan.Architecture,
            Optimizer = verb.Get(Optimizer) ?? plan.Optimizer,
            LearningRate = verb.Get(LearningRate) ?? plan.LearningRate,
            Momentum = verb.Get(Momentum) ?? plan.Momentum,
            Schedule = verb.Get(Schedule) ?? plan.Schedule,
            Batch = verb.Get(Batch) ?? plan.Batch,
            Steps = verb.Get(Steps) ?? plan.Steps,
            EvaluateEvery = verb.Get(EvaluateEvery) ?? plan.EvaluateEvery,
            Method = verb.Get(Method) is { } method ? MethodOf(method) : plan.Method,
            Rounds = verb.Get(Rounds) ?? plan.Rounds,
            Prune = verb.Get(Prune) ?? plan.Prune,
            PruneOutput = verb.Get(PruneOutput),
            PruneRecurrent = verb.Get(PruneRecurrent),
            Scope = verb.Get(Scope) ?? plan.Scope,
            RewindStep = verb.Get(RewindStep) ?? plan.RewindStep,
            Rewind = verb.Get(Rewind) ?? plan.Rewind,
            Controls = verb.Get(Controls) is { } controls ? ControlsOf(controls) : plan.Controls,
            NullDraws = verb.Get(NullDraws),
            Seeds = verb.Get(Seeds) ?? plan.Seeds,
            Seed = verb.Get(Seed) ?? plan.Seed,
            StopLossRise = verb.Get(StopLossRise),
        };
    }

    private static ExperimentMethod MethodOf(string word) =>
        Enum.GetValues<ExperimentMethod>().Where(m => ExperimentText.NameOf(m) == word).Cast<ExperimentMethod?>().FirstOrDefault()
        ?? throw new UsageException($"--method: expected {string.Join(", ", Enum.GetValues<ExperimentMethod>().Select(ExperimentText.NameOf))}, found '{word}'{Nearest(word, Enum.GetValues<ExperimentMethod>().Select(ExperimentText.NameOf))}");

    private static ExperimentControl[] ControlsOf(string words)
    {
        var known = Enum.GetValues<ExperimentControl>();
        return words is "none" or "" ? [] : [.. words.Split(',', StringSplitOptions.TrimEntries).Select(word =>
            known.Where(c => ExperimentReport.NameOf(c) == word).Cast<ExperimentControl?>().FirstOrDefault()
            ?? throw new UsageException($"--controls: expected a list of {string.Join(", ", known.Select(ExperimentReport.NameOf))}, or none, found '{word}'{Nearest(word, known.Select(ExperimentReport.NameOf))}"))];
    }

    private static string Nearest(string word, IEnumerable<string> known) => NearestName.Of(word, known) is { } name ? $"; did you mean {name}?" : "";
}
