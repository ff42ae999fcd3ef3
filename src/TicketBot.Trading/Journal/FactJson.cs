using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using TicketBot.Domain;

namespace TicketBot.Trading.Journal;

/// <summary>Turns facts into journal entries and back. The kinds are part of the journal's format and never change their meaning.</summary>
public static class FactJson
{
    /// <summary>Kind of closed candles.</summary>
    public const string CandleKind = "event.candle";

    /// <summary>Kinds of decision entries: what <c>why</c> starts from.</summary>
    public const string DecisionKind = "decision";

    /// <summary>Kind of intents.</summary>
    public const string IntentKind = "intent";

    /// <summary>Kind of executions.</summary>
    public const string ExecutionKind = "event.execution";

    /// <summary>Kind of changes of the trading state.</summary>
    public const string StateKind = "state";

    /// <summary>Kind of halts of one symbol.</summary>
    public const string SymbolHaltKind = "symbol.halted";

    private static readonly Dictionary<string, JsonTypeInfo> ByKind = new(StringComparer.Ordinal)
    {
        ["start"] = FactContext.Default.Started,
        [CandleKind] = FactContext.Default.CandleClosed,
        ["event.order"] = FactContext.Default.OrderChanged,
        [ExecutionKind] = FactContext.Default.Executed,
        ["event.position"] = FactContext.Default.PositionChanged,
        ["event.time"] = FactContext.Default.TimePassed,
        ["event.interrupted"] = FactContext.Default.StreamInterrupted,
        ["event.restored"] = FactContext.Default.StreamRestored,
        ["event.snapshot"] = FactContext.Default.Reconciled,
        ["event.answer"] = FactContext.Default.Answered,
        ["event.cancelAnswer"] = FactContext.Default.CancelAnswered,
        ["event.stopAnswer"] = FactContext.Default.StopAnswered,
        ["event.lookup"] = FactContext.Default.LookedUp,
        ["event.lookupFailed"] = FactContext.Default.LookUpFailed,
        ["event.activation"] = FactContext.Default.Activated,
        ["event.sizeLimit"] = FactContext.Default.SizeLimited,
        ["event.operator"] = FactContext.Default.Commanded,
        ["event.withheld"] = FactContext.Default.Withheld,
        [DecisionKind] = FactContext.Default.Decided,
        [IntentKind] = FactContext.Default.Intended,
        ["stop"] = FactContext.Default.StopRequested,
        [StateKind] = FactContext.Default.StateChanged,
        [SymbolHaltKind] = FactContext.Default.SymbolHalted,
        ["symbol.resumed"] = FactContext.Default.SymbolResumed,
        ["adopted"] = FactContext.Default.Adopted,
        ["cash"] = FactContext.Default.CashChanged,
        ["absent"] = FactContext.Default.ProvedAbsent,
    };

    private static readonly Dictionary<Type, (string Kind, JsonTypeInfo Info)> ByType =
        ByKind.ToDictionary(p => p.Value.Type, p => (p.Key, p.Value));

    /// <summary>Kinds of what is decided: replaying the others reproduces these.</summary>
    public static IReadOnlySet<string> OutputKinds { get; } = new HashSet<string>(
        [DecisionKind, IntentKind, "stop", StateKind, SymbolHaltKind, "symbol.resumed", "adopted", "cash", "absent"], StringComparer.Ordinal);

    /// <summary>Every kind that is a fact (a journal also holds notes of jobs, which are none).</summary>
    public static IReadOnlyCollection<string> Kinds => ByKind.Keys;

    /// <summary>Returns the journal entry of a fact.</summary>
    public static JournalEntry ToEntry(Fact fact, Instant time, long? cause)
    {
        var (kind, info) = ByType[fact.GetType()];
        return new JournalEntry(time, kind, SymbolOf(fact), JsonSerializer.Serialize(fact, info), cause);
    }

    /// <summary>Returns the fact of a journal entry, or <c>null</c> when the entry is none.</summary>
    /// <exception cref="InvalidDataException">The payload does not have the form of its kind.</exception>
    public static Fact? FromEntry(in JournalRecord record)
    {
        if (!ByKind.TryGetValue(record.Entry.Kind, out var info))
        {
            return null;
        }

        try
        {
            return (Fact?)JsonSerializer.Deserialize(record.Entry.Payload, info)
                ?? throw new JsonException("the payload is null");
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"journal entry {record.Sequence} of kind {record.Entry.Kind} cannot be read: {e.Message}", e);
        }
    }

    private static string SymbolOf(Fact fact) => fact switch
    {
        Fact.CandleClosed f => f.Series.Symbol.Value,
        Fact.OrderChanged f => f.Report.Symbol.Value,
        Fact.Executed f => f.Execution.Symbol.Value,
        Fact.PositionChanged f => f.Report.Symbol.Value,
        Fact.StopAnswered f => f.Symbol.Value,
        Fact.Activated f => f.Series.Symbol.Value,
        Fact.SizeLimited f => f.Series.Symbol.Value,
        Fact.Decided f => f.Decision.Series.Symbol.Value,
        Fact.Intended f => f.Intent.Request.Symbol.Value,
        Fact.StopRequested f => f.Symbol.Value,
        Fact.Adopted f => f.Report.Symbol.Value,
        Fact.SymbolHalted f => f.Symbol.Value,
        Fact.SymbolResumed f => f.Symbol.Value,
        _ => "",
    };
}

/// <summary>Generated JSON code of the facts.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    Converters = [typeof(SymbolConverter), typeof(IntervalConverter), typeof(ClientOrderIdConverter), typeof(VenueOrderIdConverter),
        typeof(ExecutionIdConverter), typeof(TicketIdConverter), typeof(RegimeSetIdConverter), typeof(PriceConverter), typeof(QuantityConverter),
        typeof(MoneyConverter), typeof(InstantConverter), typeof(CandleConverter), typeof(FeatureHashConverter)])]
[JsonSerializable(typeof(Fact.Started))]
[JsonSerializable(typeof(Fact.CandleClosed))]
[JsonSerializable(typeof(Fact.OrderChanged))]
[JsonSerializable(typeof(Fact.Executed))]
[JsonSerializable(typeof(Fact.PositionChanged))]
[JsonSerializable(typeof(Fact.TimePassed))]
[JsonSerializable(typeof(Fact.StreamInterrupted))]
[JsonSerializable(typeof(Fact.StreamRestored))]
[JsonSerializable(typeof(Fact.Reconciled))]
[JsonSerializable(typeof(Fact.Answered))]
[JsonSerializable(typeof(Fact.CancelAnswered))]
[JsonSerializable(typeof(Fact.StopAnswered))]
[JsonSerializable(typeof(Fact.LookedUp))]
[JsonSerializable(typeof(Fact.LookUpFailed))]
[JsonSerializable(typeof(Fact.Activated))]
[JsonSerializable(typeof(Fact.SizeLimited))]
[JsonSerializable(typeof(Fact.Commanded))]
[JsonSerializable(typeof(Fact.Withheld))]
[JsonSerializable(typeof(Fact.SymbolHalted))]
[JsonSerializable(typeof(Fact.SymbolResumed))]
[JsonSerializable(typeof(Fact.Decided))]
[JsonSerializable(typeof(Fact.Intended))]
[JsonSerializable(typeof(Fact.StopRequested))]
[JsonSerializable(typeof(Fact.StateChanged))]
[JsonSerializable(typeof(Fact.Adopted))]
[JsonSerializable(typeof(Fact.CashChanged))]
[JsonSerializable(typeof(Fact.ProvedAbsent))]
internal sealed partial class FactContext : JsonSerializerContext;
