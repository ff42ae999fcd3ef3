using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;

namespace TicketBot.Simulator.Faults;

/// <summary>A seed and the rules of a run's faults, as a JSON document: <c>{"seed": 7, "rules": [{"kind": "loseAnswer", "path": "/v5/order/create", "count": 3}]}</c>.</summary>
/// <param name="Seed">Seed of every draw; <c>null</c> keeps the simulator's.</param>
/// <param name="Rules">The rules, in the order they are asked.</param>
/// <remarks>Names are those of <see cref="FaultRule"/> with a small first letter; times are Unix milliseconds or UTC ISO 8601 texts; decimals may be texts.</remarks>
public sealed record FaultScript(ulong? Seed, IReadOnlyList<FaultRule> Rules)
{
    /// <summary>Reads a script from a file.</summary>
    /// <exception cref="FormatException">It is not one; the message names the place, the value and what is expected.</exception>
    public static FaultScript FromFile(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"the fault script '{path}' cannot be read: {fault.Message}", fault);
        }

        try
        {
            return Parse(text);
        }
        catch (FormatException fault)
        {
            throw new FormatException($"the fault script '{path}': {fault.Message}", fault);
        }
    }

    /// <summary>Reads a script: one rule, an array of rules, or an object with <c>rules</c> and perhaps a <c>seed</c>.</summary>
    /// <exception cref="FormatException">It is not one; the message names the place, the value and what is expected.</exception>
    public static FaultScript Parse(string json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException fault)
        {
            throw new FormatException($"expected a JSON document with rules, found: {fault.Message}", fault);
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Array)
            {
                return new FaultScript(null, ReadRules(root));
            }

            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException($"expected an object or an array of rules, found {root.ValueKind}");
            }

            if (root.TryGetProperty("kind", out _))
            {
                return new FaultScript(null, [ReadRule(root, "rule")]);
            }

            ulong? seed = null;
            IReadOnlyList<FaultRule> rules = [];
            foreach (var field in root.EnumerateObject())
            {
                switch (field.Name)
                {
                    case "seed":
                        seed = field.Value.ValueKind == JsonValueKind.Number && field.Value.TryGetUInt64(out var value)
                            ? value
                            : throw Wrong("seed", field.Value, "a whole number of at least 0");
                        break;
                    case "rules":
                        rules = field.Value.ValueKind == JsonValueKind.Array ? ReadRules(field.Value) : throw Wrong("rules", field.Value, "an array of rules");
                        break;
                    default:
                        throw new FormatException($"'{field.Name}' is no part of a fault script; it has seed and rules");
                }
            }

            return new FaultScript(seed, rules);
        }
    }

    private static List<FaultRule> ReadRules(JsonElement array) => [.. array.EnumerateArray().Select((r, i) => ReadRule(r, $"rules[{i}]"))];

    private static FaultRule ReadRule(JsonElement row, string place)
    {
        try
        {
            return ReadFields(row, place);
        }
        catch (InvalidOperationException fault)
        {
            throw new FormatException($"{place} holds a text that is none: {fault.Message}", fault);
        }
    }

    private static FaultRule ReadFields(JsonElement row, string place)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(place, row, "an object with kind");
        }

        var rule = new FaultRule
        {
            Kind = row.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String
                && Enum.TryParse<FaultKind>(kind.GetString(), ignoreCase: true, out var named) && Enum.IsDefined(named) && !char.IsAsciiDigit(kind.GetString()![0])
                ? named
                : throw new FormatException($"{place}.kind must be one of {string.Join(", ", Enum.GetNames<FaultKind>().Select(FaultText.Small))}, was {(kind.ValueKind == JsonValueKind.Undefined ? "missing" : kind.GetRawText())}"),
        };
        foreach (var field in row.EnumerateObject())
        {
            rule = Read(rule, field, $"{place}.{field.Name}");
        }

        return rule.Fault() is { } fault ? throw new FormatException($"{place}: {fault}") : rule;
    }

    private static FaultRule Read(FaultRule rule, JsonProperty field, string place) => field.Name switch
    {
        "kind" => rule,
        "id" => rule with { Id = Text(field, place) ?? "" },
        "path" => rule with { Path = Text(field, place) },
        "method" => rule with { Method = Text(field, place) },
        "account" => rule with { Account = Text(field, place) },
        "topic" => rule with { Topic = Text(field, place) },
        "contains" => rule with { Contains = Text(field, place) },
        "symbol" => rule with { Symbol = Text(field, place) is not { } name ? null : Symbol.IsValid(name) ? new Symbol(name) : throw Wrong(place, field.Value, "a contract such as BTCUSDT") },
        "nth" => rule with { Nth = (int)Whole(field, place, int.MaxValue) },
        "count" => rule with { Count = field.Value.ValueKind == JsonValueKind.Null ? null : (int)Whole(field, place, int.MaxValue) },
        "probability" => rule with { Probability = (double)Amount(field, place) },
        "from" => rule with { From = Time(field, place) },
        "until" => rule with { Until = Time(field, place) },
        "fromStep" => rule with { FromStep = Whole(field, place, long.MaxValue) },
        "delayMs" => rule with { DelayMs = (int)Whole(field, place, int.MaxValue) },
        "durationMs" => rule with { DurationMs = field.Value.ValueKind == JsonValueKind.Null ? null : Whole(field, place, long.MaxValue / 2) },
        "wallTime" => rule with { WallTime = Flag(field, place) },
        "afterApplying" => rule with { AfterApplying = Flag(field, place) },
        "status" => rule with { Status = (int)Whole(field, place, 599) },
        "code" => rule with { Code = (int)Whole(field, place, int.MaxValue) },
        "text" => rule with { Text = Text(field, place) },
        "fraction" => rule with { Fraction = Amount(field, place) },
        "hold" => rule with { Hold = (int)Whole(field, place, 1_000_000) },
        "side" => rule with { Side = Text(field, place) switch { "Buy" => Side.Buy, "Sell" => Side.Sell, _ => throw Wrong(place, field.Value, "Buy or Sell") } },
        "quantity" => rule with { Quantity = Amount(field, place) },
        "amount" => rule with { Amount = Amount(field, place) },
        "offsetMs" => rule with { OffsetMs = Whole(field, place, long.MaxValue / 2) },
        "slewMs" => rule with { SlewMs = Whole(field, place, int.MaxValue) },
        _ => throw new FormatException($"{place} is no part of a rule; a rule has {string.Join(", ", typeof(FaultRule).GetProperties().Select(p => FaultText.Small(p.Name)))}"),
    };

    private static string? Text(JsonProperty field, string place) => field.Value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => field.Value.GetString(),
        _ => throw Wrong(place, field.Value, "a text"),
    };

    private static bool Flag(JsonProperty field, string place) => field.Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(place, field.Value, "true or false"),
    };

    private static long Whole(JsonProperty field, string place, long most) =>
        field.Value.ValueKind == JsonValueKind.Number && field.Value.TryGetInt64(out var value) && value >= -most && value <= most
            ? value
            : throw Wrong(place, field.Value, $"a whole number between -{most} and {most}");

    private static decimal Amount(JsonProperty field, string place) => field.Value switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetDecimal(out var value) => value,
        { ValueKind: JsonValueKind.String } text when decimal.TryParse(text.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) => value,
        _ => throw Wrong(place, field.Value, "a number"),
    };

    private static Instant Time(JsonProperty field, string place) => field.Value switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var value) && value is >= 0 and < 253_402_300_800_000 => new Instant(value),
        { ValueKind: JsonValueKind.String } text when DateTimeOffset.TryParse(
            text.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value) => Instant.From(value),
        _ => throw Wrong(place, field.Value, "Unix milliseconds or a UTC ISO 8601 time"),
    };

    

    private static FormatException Wrong(string place, JsonElement value, string expected) =>
        new($"{place} must be {expected}, was {(value.GetRawText() is { Length: > 80 } text ? text[..80] + "..." : value.GetRawText())}");
}
