using System.Text.Json;
using System.Text.Json.Serialization;
using TicketBot.Domain;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host;

/// <summary>The one form of JSON that verbs and the local API speak: camelCase, values of the domain as plain text or numbers, times as UTC ISO 8601.</summary>
public static class HostJson
{
    /// <summary>Serialiser options.</summary>
    public static JsonSerializerOptions Options { get; } = Make(false);

    private static readonly JsonSerializerOptions Indented = Make(true);

    /// <summary>Returns <paramref name="document"/> as indented JSON.</summary>
    public static string Text(object document) => JsonSerializer.Serialize(document, Indented);

    /// <summary>Returns <paramref name="document"/> as JSON on one line.</summary>
    public static string Line(object document) => JsonSerializer.Serialize(document, Options);

    private static JsonSerializerOptions Make(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase),
            new AsText<Instant>(i => i.ToString()),
            new AsText<Symbol>(s => s.ToString()),
            new AsText<Interval>(i => i.ToString()),
            new AsText<SeriesKey>(s => s.ToString()),
            new AsText<TicketId>(t => t.ToString()),
            new AsText<ClientOrderId>(c => c.IsDefault ? "" : c.ToString()),
            new AsText<VenueOrderId>(v => v.Value ?? ""),
            new AsText<ExecutionId>(e => e.Value ?? ""),
            new AsText<TicketBot.Market.Regimes.RegimeSetId>(r => r.ToString()),
            new AsNumber<Price>(p => p.Value),
            new AsNumber<Quantity>(q => q.Value),
            new AsNumber<Money>(m => m.Value),
        },
    };

    private sealed class AsText<T>(Func<T, string> text) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException($"{typeof(T).Name} is only written, never read");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(text(value));

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(text(value));
    }

    private sealed class AsNumber<T>(Func<T, decimal> number) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException($"{typeof(T).Name} is only written, never read");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteRawValue(PlainText.Of(number(value)));
    }
}
