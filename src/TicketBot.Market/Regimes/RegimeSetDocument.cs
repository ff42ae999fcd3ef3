using System.Text.Json;
using System.Text.Json.Serialization;

namespace TicketBot.Market.Regimes;

/// <summary>The JSON form of a regime set.</summary>
internal sealed record RegimeSetDocument(
    string Id, int Window, int MeasureCandles, double Hysteresis, RegimeState[] States, double[] Transitions)
{
    /// <summary>Returns the JSON of a set.</summary>
    public static string Write(RegimeSet set) => JsonSerializer.Serialize(
        new RegimeSetDocument(set.Id.Value, set.Window, set.MeasureCandles, set.Hysteresis, [.. set.States], [.. set.Transitions]),
        RegimeSetJson.Default.RegimeSetDocument);

    /// <summary>Returns the set of a JSON text.</summary>
    public static RegimeSet Read(string json)
    {
        RegimeSet set;
        string id;
        try
        {
            var document = JsonSerializer.Deserialize(json, RegimeSetJson.Default.RegimeSetDocument)
                ?? throw new FormatException("a regime set must be a JSON object, was null");
            id = document.Id;
            set = new RegimeSet(document.Window, document.MeasureCandles, document.Hysteresis, document.States, document.Transitions);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new FormatException($"not a regime set: {e.Message}", e);
        }

        return set.Id.Value == id
            ? set
            : throw new FormatException($"a regime set's id must be the hash of its parameters, {set.Id}, was {id}: the text was altered");
    }
}

/// <summary>Source-generated serialisation of <see cref="RegimeSetDocument"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RegimeSetDocument))]
internal sealed partial class RegimeSetJson : JsonSerializerContext;
