using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;

namespace TicketBot.Bybit.Wire;

/// <summary>Reads the rows of the topic <c>kline.{interval}.{symbol}</c> without allocating.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/websocket/public/kline. One message may hold the closed candle and the next one.</remarks>
internal static class KlineRows
{
    private const int Values = 6;

    /// <summary>Reads the rows of <paramref name="data"/> into <paramref name="rows"/>, which grows if it must, and returns how many there are.</summary>
    /// <exception cref="FormatException">A row lacks a field or is an impossible candle.</exception>
    /// <exception cref="JsonException">It is no array of objects, or a field is no number.</exception>
    public static int Read(ReadOnlySpan<byte> data, ref (Candle Candle, bool IsClosed)[] rows)
    {
        var reader = new Utf8JsonReader(data);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("expected an array of candles");
        }

        var count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (count == rows.Length)
            {
                Array.Resize(ref rows, rows.Length * 2);
            }

            rows[count++] = Row(ref reader);
        }

        return reader.TokenType == JsonTokenType.EndArray ? count : throw new JsonException("expected candles as objects");
    }

    private static (Candle Candle, bool IsClosed) Row(ref Utf8JsonReader reader)
    {
        Span<double> values = [double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN];
        long? start = null;
        var closed = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var index = reader.ValueTextEquals("open"u8) ? 0 : reader.ValueTextEquals("high"u8) ? 1 : reader.ValueTextEquals("low"u8) ? 2
                : reader.ValueTextEquals("close"u8) ? 3 : reader.ValueTextEquals("volume"u8) ? 4 : reader.ValueTextEquals("turnover"u8) ? 5
                : reader.ValueTextEquals("start"u8) ? Values : reader.ValueTextEquals("confirm"u8) ? Values + 1 : -1;
            reader.Read();
            switch (index)
            {
                case >= 0 and < Values:
                    values[index] = Number(ref reader);
                    break;
                case Values:
                    start = Number(ref reader) is >= 0 and <= 1e15 and var ms ? (long)ms : throw new FormatException("start must be a time");
                    break;
                case Values + 1:
                    closed = reader.TokenType == JsonTokenType.True || (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("true"u8));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        var candle = new Candle(
            Mapping.ToInstant(start ?? throw new FormatException("start is missing")), values[0], values[1], values[2], values[3], values[4], values[5]);
        return candle.Fault() is { } fault ? throw new FormatException($"candle at {candle.OpenTime}: {fault}") : (candle, closed);
    }

    internal static double Number(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.GetDouble();
        }

        if (reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped
            && double.TryParse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        throw new JsonException("expected a number as text");
    }
}
