using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using TicketBot.Domain;

namespace TicketBot.Simulator.Wire;

/// <summary>How values and documents look on the wire: numbers as plain decimal text that loses nothing, compact JSON.</summary>
internal static class WireText
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Returns all digits of a decimal without trailing zeros.</summary>
    internal static string Of(decimal value) => (value / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    /// <summary>Returns a decimal, or empty text for none.</summary>
    internal static string Of(decimal? value) => value is { } some ? Of(some) : "";

    /// <summary>Returns the shortest text that reads back as the same double, without exponent.</summary>
    internal static string Of(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('E', StringComparison.Ordinal)
            ? decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)
            : text;
    }

    /// <summary>Returns Unix milliseconds as text.</summary>
    internal static string Of(Instant time) => time.UnixMilliseconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>Returns the bytes of a compact JSON object.</summary>
    internal static byte[] Json(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            fields(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
