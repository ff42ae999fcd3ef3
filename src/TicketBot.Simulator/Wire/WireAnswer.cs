using System.Text.Json;

namespace TicketBot.Simulator.Wire;

/// <summary>What the wire answers: Bybit's code and words, and the result object's fields.</summary>
/// <param name="Code">retCode.</param>
/// <param name="Text">retMsg.</param>
/// <param name="Result">Writes the fields of <c>result</c>; <c>null</c> for none.</param>
internal readonly record struct WireAnswer(int Code, string Text, Action<Utf8JsonWriter>? Result)
{
    /// <summary>Writes the fields of <c>retExtInfo</c>; <c>null</c> for none.</summary>
    internal Action<Utf8JsonWriter>? ExtInfo { get; init; }

    internal static WireAnswer Ok(Action<Utf8JsonWriter>? result = null) => new(0, "OK", result);

    internal static WireAnswer BadParameter(string text) => new(10001, $"params error: {text}", null);
}
