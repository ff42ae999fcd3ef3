using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using TicketBot.Domain;
using TicketBot.Market.Features;
using TicketBot.Market.Regimes;
using TicketBot.Tickets;

namespace TicketBot.Trading.Journal;

/// <summary>Writes a value as one JSON text and reads it back.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public abstract class TextConverter<T> : JsonConverter<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => FromText(reader.GetString() ?? "");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(ToText(value));

    /// <summary>Returns the value of a text.</summary>
    protected abstract T FromText(string text);

    /// <summary>Returns the text of a value.</summary>
    protected abstract string ToText(T value);
}

/// <summary>Symbol as text.</summary>
public sealed class SymbolConverter : TextConverter<Symbol>
{
    /// <inheritdoc/>
    protected override Symbol FromText(string text) => text.Length == 0 ? default : new Symbol(text);

    /// <inheritdoc/>
    protected override string ToText(Symbol value) => value.IsDefault ? "" : value.Value;
}

/// <summary>Feature hash as text.</summary>
public sealed class FeatureHashConverter : TextConverter<FeatureHash>
{
    /// <inheritdoc/>
    protected override FeatureHash FromText(string text) => new(text);

    /// <inheritdoc/>
    protected override string ToText(FeatureHash value) => value.Text;
}

/// <summary>Interval by name.</summary>
public sealed class IntervalConverter : TextConverter<Interval>
{
    /// <inheritdoc/>
    protected override Interval FromText(string text) => Interval.Parse(text);

    /// <inheritdoc/>
    protected override string ToText(Interval value) => value.Name;
}

/// <summary>Client order id as text.</summary>
public sealed class ClientOrderIdConverter : TextConverter<ClientOrderId>
{
    /// <inheritdoc/>
    protected override ClientOrderId FromText(string text) => text.Length == 0 ? default : new ClientOrderId(text);

    /// <inheritdoc/>
    protected override string ToText(ClientOrderId value) => value.Value ?? "";
}

/// <summary>Venue order id as text.</summary>
public sealed class VenueOrderIdConverter : TextConverter<VenueOrderId>
{
    /// <inheritdoc/>
    protected override VenueOrderId FromText(string text) => new(text);

    /// <inheritdoc/>
    protected override string ToText(VenueOrderId value) => value.Value ?? "";
}

/// <summary>Execution id as text.</summary>
public sealed class ExecutionIdConverter : TextConverter<ExecutionId>
{
    /// <inheritdoc/>
    protected override ExecutionId FromText(string text) => new(text);

    /// <inheritdoc/>
    protected override string ToText(ExecutionId value) => value.Value ?? "";
}

/// <summary>Ticket id as text.</summary>
public sealed class TicketIdConverter : TextConverter<TicketId>
{
    /// <inheritdoc/>
    protected override TicketId FromText(string text) => new(text);

    /// <inheritdoc/>
    protected override string ToText(TicketId value) => value.Value ?? "";
}

/// <summary>Regime set id as text.</summary>
public sealed class RegimeSetIdConverter : TextConverter<RegimeSetId>
{
    /// <inheritdoc/>
    protected override RegimeSetId FromText(string text) => new(text);

    /// <inheritdoc/>
    protected override string ToText(RegimeSetId value) => value.Value ?? "";
}

/// <summary>Price as a decimal text, so that no reader turns it into binary floating point.</summary>
public sealed class PriceConverter : TextConverter<Price>
{
    /// <inheritdoc/>
    protected override Price FromText(string text) => text.Length == 0 ? default : new Price(decimal.Parse(text, CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    protected override string ToText(Price value) => value.IsDefault ? "" : value.ToString();
}

/// <summary>Quantity as a decimal text.</summary>
public sealed class QuantityConverter : TextConverter<Quantity>
{
    /// <inheritdoc/>
    protected override Quantity FromText(string text) => new(decimal.Parse(text, CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    protected override string ToText(Quantity value) => value.ToString();
}

/// <summary>Money as a decimal text.</summary>
public sealed class MoneyConverter : TextConverter<Money>
{
    /// <inheritdoc/>
    protected override Money FromText(string text) => new(decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    protected override string ToText(Money value) => value.ToString();
}

/// <summary>Instant as Unix milliseconds.</summary>
public sealed class InstantConverter : JsonConverter<Instant>
{
    /// <inheritdoc/>
    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => writer.WriteNumberValue(value.UnixMilliseconds);
}

/// <summary>Candle as an array: open time, open, high, low, close, volume, turnover, then, if any was observed, spread, imbalance,
/// signed flow and funding rate with null for what was not.</summary>
public sealed class CandleConverter : JsonConverter<Candle>
{
    /// <inheritdoc/>
    public override Candle Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Require(reader.TokenType == JsonTokenType.StartArray);
        Span<double> values = stackalloc double[6];
        reader.Read();
        var open = new Instant(reader.GetInt64());
        for (var i = 0; i < values.Length; i++)
        {
            reader.Read();
            values[i] = reader.GetDouble();
        }

        reader.Read();
        var observations = default(Observations);
        if (reader.TokenType != JsonTokenType.EndArray)
        {
            observations = new Observations(Optional(ref reader), Optional(ref reader), Optional(ref reader), Optional(ref reader));
            Require(reader.TokenType == JsonTokenType.EndArray);
        }

        return new Candle(open, values[0], values[1], values[2], values[3], values[4], values[5], observations);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Candle value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.OpenTime.UnixMilliseconds);
        writer.WriteNumberValue(value.Open);
        writer.WriteNumberValue(value.High);
        writer.WriteNumberValue(value.Low);
        writer.WriteNumberValue(value.Close);
        writer.WriteNumberValue(value.Volume);
        writer.WriteNumberValue(value.Turnover);
        if (value.Observations != default)
        {
            Optional(writer, value.Observations.SpreadBp);
            Optional(writer, value.Observations.BookImbalance);
            Optional(writer, value.Observations.SignedFlow);
            Optional(writer, value.Observations.FundingRate);
        }

        writer.WriteEndArray();
    }

    private static double? Optional(ref Utf8JsonReader reader)
    {
        double? value = reader.TokenType == JsonTokenType.Null ? null : reader.GetDouble();
        reader.Read();
        return value;
    }

    private static void Optional(Utf8JsonWriter writer, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new JsonException("a candle is an array of 7 numbers, or of 7 numbers and 4 observations");
        }
    }
}
