using System.Text.Json;
using System.Text.Json.Serialization;
using TicketBot.Research;
using TicketBot.Research.ArchitectureSearch;
using TicketBot.Research.ArchitectureSearch.Candles;

namespace TicketBot.Host.Searches;

/// <summary>A search for architectures as it is kept for the page and for reports, and, while it is not done, for the next run that takes it up. Immutable.</summary>
public sealed record SearchRecord
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, WriteIndented = true };

    /// <summary>What was searched: symbol and interval, or the name of a table.</summary>
    public required string Name { get; init; }

    /// <summary>Where its rows came from, in plain words.</summary>
    public required string Source { get; init; }

    /// <summary>Market time of the newest candle that was read, Unix milliseconds; 0 of a table.</summary>
    public long AsOfMs { get; init; }

    /// <summary>SHA-256 (hex) of what it was asked, without candles; empty where nobody takes it up.</summary>
    public string Plan { get; init; } = "";

    /// <summary>Whether it ran to its end; else the rest says nothing yet.</summary>
    public bool IsDone { get; init; }

    /// <summary>Strategy, seed and what the front is made of, in words.</summary>
    public string How { get; init; } = "";

    /// <summary>The space in words, with its size.</summary>
    public string Space { get; init; } = "";

    /// <summary>Rows to train, in a trial, to validate and to test.</summary>
    public IReadOnlyList<int> Rows { get; init; } = [];

    /// <summary>Objectives of the front.</summary>
    public IReadOnlyList<string> Objectives { get; init; } = [];

    /// <summary>Every architecture tried.</summary>
    public IReadOnlyList<TrialReport> Trials { get; init; } = [];

    /// <summary>Numbers of the trials that no other one dominates, by falling loss.</summary>
    public IReadOnlyList<int> Front { get; init; } = [];

    /// <summary>The finalists, the best first.</summary>
    public IReadOnlyList<FinalistReport> Finalists { get; init; } = [];

    /// <summary>Validation log-loss of always saying the class frequencies, nats.</summary>
    public double PriorLoss { get; init; }

    /// <summary>Hypervolume of the front, 0..1.</summary>
    public double Hypervolume { get; init; }

    /// <summary>What the search had to say.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Wall seconds of the search.</summary>
    public double Seconds { get; init; }

    /// <summary>The architecture that tickets were drawn from; null where none was chosen.</summary>
    public string? Chosen { get; init; }

    /// <summary>Why it is this one.</summary>
    public string Reason { get; init; } = "";

    /// <summary><c>eligible</c> or <c>notEligible</c>; null where no tickets were drawn.</summary>
    public string? Verdict { get; init; }

    /// <summary>The tickets with their gates.</summary>
    public IReadOnlyList<SearchedTicket> Tickets { get; init; } = [];

    /// <summary>What became of them in the registry, in plain words.</summary>
    public string Admission { get; init; } = "";

    /// <summary>Returns the record of a finished search on any rows.</summary>
    public static SearchRecord Of(string name, string source, ArchitectureSearchReport report) => new()
    {
        Name = name,
        Source = source,
        IsDone = true,
        How = FormattableString.Invariant($"strategy {report.Plan.Strategy}, seed {report.Plan.Seed}"),
        Space = report.Space,
        Rows = [report.Rows.Train, report.TrialRows, report.Rows.Validation, report.Rows.Test],
        Objectives = report.Plan.Objectives,
        Trials = report.Trials,
        Front = [.. report.Front.Select(trial => trial.Number)],
        Finalists = report.Finalists,
        PriorLoss = report.PriorLoss,
        Hypervolume = report.Hypervolume,
        Remarks = report.Remarks,
        Seconds = report.Seconds,
    };

    /// <summary>Returns the record of a finished search on candles.</summary>
    public static SearchRecord Of(string source, CandleSearchReport report, string plan = "", string admission = "") =>
        Of($"{report.Symbol} {report.Interval}", source, report.Search) with
        {
            AsOfMs = report.AsOf.UnixMilliseconds,
            Plan = plan,
            Chosen = report.Choice.Finalist.Architecture,
            Reason = report.Choice.Reason,
            Verdict = report.Tickets?.Report.Verdict,
            Tickets = [.. (report.Tickets?.Report.Tickets ?? []).Select(SearchedTicket.Of)],
            Admission = admission,
        };

    /// <summary>Returns the search in one sentence.</summary>
    public string Outcome() => !IsDone
        ? "not done; the next run goes on where it stood"
        : string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{Trials.Count} architectures tried, best {CandleSearch.NameOf(Finalists[0].Architecture)}: found by {Finalists[0].SearchScore:+0.0000;-0.0000} nats, on test rows {Finalists[0].RetestScore:+0.0000;-0.0000} [{Finalists[0].RetestLow:+0.0000;-0.0000}, {Finalists[0].RetestHigh:+0.0000;-0.0000}], shrinkage {Finalists[0].Shrinkage:+0.0000;-0.0000}{TicketWords()}");

    /// <summary>Returns it as JSON.</summary>
    public string Text() => JsonSerializer.Serialize(this, Form);

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">The text is no such record.</exception>
    public static SearchRecord Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<SearchRecord>(text, Form) ?? throw new FormatException("a kept search is a JSON document, was null");
        }
        catch (JsonException fault)
        {
            throw new FormatException($"a kept search is a JSON document: {fault.Message}", fault);
        }
    }

    private string TicketWords() => Verdict is null
        ? ""
        : $"; tickets drawn from {CandleSearch.NameOf(Chosen!)}: {Verdict}, {Tickets.Count(t => t.IsPassed)} of {Tickets.Count} passed{(Admission.Length > 0 ? $", {Admission}" : "")}"
            + string.Concat(Tickets.Where(t => !t.IsPassed).Select(t => $"; {t.Regime} refused at {t.Gates.FirstOrDefault(g => g.Passed == false)?.Name}"));
}

/// <summary>A ticket that was drawn from a search's choice.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Regime">Its regime.</param>
/// <param name="Density">Surviving share of prunable weights, 0..1.</param>
/// <param name="Trades">Its out-of-sample trades.</param>
/// <param name="NetBp">Mean net return a trade, basis points.</param>
/// <param name="Gates">What the gates said.</param>
public sealed record SearchedTicket(string Id, string Regime, double Density, int Trades, double NetBp, IReadOnlyList<SearchedGate> Gates)
{
    /// <summary>Whether it passed every gate.</summary>
    public bool IsPassed => Gates.Count > 0 && Gates.All(g => g.Passed == true);

    /// <summary>Returns it as the factory reports it.</summary>
    public static SearchedTicket Of(TicketReport ticket) => new(
        ticket.Id.ToString(), ticket.Regime, ticket.Density, ticket.Trades, ticket.NetPerTradeBp,
        [.. ticket.Gates.Judgements.Select(g => new SearchedGate(g.Name, g.Value, g.Threshold, g.SampleSize, g.Passed, g.Reason))]);
}

/// <summary>What one gate said.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its number; null where it was not asked.</param>
/// <param name="Threshold">What the number was held against.</param>
/// <param name="N">Sample size.</param>
/// <param name="Passed">Its verdict; null where it was not asked.</param>
/// <param name="Reason">Plain words.</param>
public sealed record SearchedGate(string Name, double? Value, double Threshold, int N, bool? Passed, string Reason);
