using System.Globalization;
using System.Reflection;
using System.Text.Json;
using TicketBot.Domain;

namespace TicketBot.Simulator.Faults;

/// <summary>Writes rules and strikes in the form that <see cref="FaultScript"/> reads; what has its default is left out.</summary>
internal static class FaultText
{
    private static readonly FaultRule Plain = new() { Kind = FaultKind.DelayAnswer };
    private static readonly PropertyInfo[] Fields = typeof(FaultRule).GetProperties();

    internal static void Write(Utf8JsonWriter w, FaultRule rule)
    {
        w.WriteStartObject();
        foreach (var field in Fields)
        {
            var value = field.GetValue(rule);
            if (field.Name != nameof(FaultRule.Kind) && Equals(value, field.GetValue(Plain)))
            {
                continue;
            }

            w.WritePropertyName(Small(field.Name));
            Write(w, value);
        }

        w.WriteEndObject();
    }

    internal static void Write(Utf8JsonWriter w, FaultStrike strike)
    {
        w.WriteStartObject();
        w.WriteNumber("number", strike.Number);
        w.WriteString("rule", strike.Rule);
        w.WriteString("kind", Small(strike.Kind.ToString()));
        w.WriteNumber("marketTime", strike.MarketTime.UnixMilliseconds);
        w.WriteNumber("step", strike.Step);
        w.WriteString("on", strike.On);
        w.WriteEndObject();
    }

    internal static string Small(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static void Write(Utf8JsonWriter w, object? value)
    {
        switch (value)
        {
            case null:
                w.WriteNullValue();
                break;
            case bool flag:
                w.WriteBooleanValue(flag);
                break;
            case Instant time:
                w.WriteNumberValue(time.UnixMilliseconds);
                break;
            case FaultKind kind:
                w.WriteStringValue(Small(kind.ToString()));
                break;
            case int or long or double or decimal:
                w.WriteRawValue(Convert.ToString(value, CultureInfo.InvariantCulture)!);
                break;
            default:
                w.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
