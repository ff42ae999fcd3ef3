using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TicketBot.Bybit.Wire;

/// <summary>A decimal sent as text or number; an empty text is none.</summary>
internal sealed class DecimalText : JsonConverter<decimal?>
{
    public override decimal? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.GetDecimal();
        }

        Span<byte> buffer = stackalloc byte[Text.Longest];
        ReadOnlySpan<byte> text = buffer[..Text.Copy(ref reader, buffer)];
        if (text.IsEmpty)
        {
            return null;
        }

        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new JsonException("expected a decimal number as text");
    }

    public override void Write(Utf8JsonWriter writer, decimal? value, JsonSerializerOptions options) => throw new NotSupportedException();
}

/// <summary>A double sent as text or number; an empty text is none.</summary>
internal sealed class DoubleText : JsonConverter<double?>
{
    public override double? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.GetDouble();
        }

        Span<byte> buffer = stackalloc byte[Text.Longest];
        ReadOnlySpan<byte> text = buffer[..Text.Copy(ref reader, buffer)];
        if (text.IsEmpty)
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new JsonException("expected a number as text");
    }

    public override void Write(Utf8JsonWriter writer, double? value, JsonSerializerOptions options) => throw new NotSupportedException();
}

/// <summary>A whole number sent as text or number; an empty text is none.</summary>
internal sealed class LongText : JsonConverter<long?>
{
    public override long? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.GetInt64();
        }

        Span<byte> buffer = stackalloc byte[Text.Longest];
        ReadOnlySpan<byte> text = buffer[..Text.Copy(ref reader, buffer)];
        if (text.IsEmpty)
        {
            return null;
        }

        return Utf8Parser.TryParse(text, out long value, out var used) && used == text.Length
            ? value
            : throw new JsonException("expected a whole number as text");
    }

    public override void Write(Utf8JsonWriter writer, long? value, JsonSerializerOptions options) => throw new NotSupportedException();
}

/// <summary>A truth value sent as true, false, "true", "false", 1 or 0.</summary>
internal sealed class BooleanText : JsonConverter<bool>
{
    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Number => reader.GetInt32() != 0,
        JsonTokenType.String => reader.ValueTextEquals("true"u8) || reader.ValueTextEquals("1"u8),
        _ => throw new JsonException($"expected a truth value, found {reader.TokenType}"),
    };

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => throw new NotSupportedException();
}

internal static class Text
{
    /// <summary>Longest text of a number that is looked at.</summary>
    public const int Longest = 128;

    /// <summary>Copies the unescaped text into the buffer and returns its length.</summary>
    public static int Copy(ref Utf8JsonReader reader, scoped Span<byte> buffer)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"expected a number as text, found {reader.TokenType}");
        }

        var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (length > buffer.Length)
        {
            throw new JsonException($"expected a number of at most {buffer.Length} characters, found {length}");
        }

        return reader.CopyString(buffer);
    }
}
