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

    /// <summary>Returns a quotient rounded to eight decimals, the most that the venue tells.</summary>
    internal static string Rounded(decimal value) => Of(decimal.Round(value, 8));

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

    /// <summary>Returns a path in which several slashes in a row count as one, as web servers take it: an address may end with one.</summary>
    internal static string Path(string? path) => path is null ? ""
        : path.Contains("//", StringComparison.Ordinal) ? "/" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        : path;

    /// <summary>Reads a JSON document all of whose texts are proper text; <c>null</c> for anything else.</summary>
    internal static JsonDocument? TryParse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var document = JsonDocument.Parse(bytes);
            if (IsText(document.RootElement))
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException)
        {
            // No JSON.
        }

        return null;
    }

    // A text may hold half a surrogate pair, which JSON allows and no text can be.
    private static bool IsText(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString() is not null,
                JsonValueKind.Array => value.EnumerateArray().All(IsText),
                JsonValueKind.Object => value.EnumerateObject().All(f => f.Name.Length >= 0 && IsText(f.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

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
