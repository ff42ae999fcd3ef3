using System.Globalization;
using System.Text.Json;

namespace TicketBot.Scenarios.Running;

/// <summary>Reads the daemon's status document.</summary>
internal static class StatusExtensions
{
    public static JsonElement Trading(this JsonElement status) => status.GetProperty("trading");

    public static long Count(this JsonElement status, string name) => status.Trading().GetProperty("counts").GetProperty(name).GetInt64();

    public static long Fills(this JsonElement status) => status.Count("fills");

    /// <summary>Whether the operator's own halt stands: one for a day's loss ends by itself, and then trading goes on.</summary>
    public static bool IsHaltedByOperator(this JsonElement status) =>
        status.Trading().GetProperty("state").GetString() == "halted" && status.Trading().GetProperty("stateReason").GetString()!.Contains("operator", StringComparison.Ordinal);

    public static JsonElement.ArrayEnumerator Positions(this JsonElement status) => status.Trading().GetProperty("positions").EnumerateArray();

    public static string Text(this JsonElement element, string name) => element.GetProperty(name) is { ValueKind: JsonValueKind.Number } number
        ? number.GetRawText()
        : element.GetProperty(name).GetString()!;

    /// <summary>An amount, whether it is written as a number or as text.</summary>
    public static decimal Amount(this JsonElement element, string name) => element.GetProperty(name) switch
    {
        { ValueKind: JsonValueKind.Number } number => decimal.Parse(number.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture),
        { ValueKind: JsonValueKind.String } text => decimal.Parse(text.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture),
        var other => throw new FormatException($"{name} should be an amount, was {other}"),
    };
}
