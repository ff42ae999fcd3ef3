using System.Text.Json;

namespace TicketBot.Bybit.Rest;

/// <summary>What came back from one REST request, network failures included.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Code">The venue's code, else the HTTP status, else 0 when nothing came back.</param>
/// <param name="Text">The venue's words or the network's.</param>
/// <param name="Result">The result object of a success.</param>
/// <param name="ServerTimeMs">The venue's wall time, or <c>null</c>.</param>
/// <param name="ResetMs">Venue time at which the rate limit frees, or <c>null</c>.</param>
/// <param name="Trace">The venue's trace id; empty if none.</param>
internal sealed record RestAnswer(
    BybitErrorKind Kind, int Code, string Text, JsonElement Result = default, long? ServerTimeMs = null, long? ResetMs = null, string Trace = "")
{
    /// <summary>Code and words for messages.</summary>
    public string Said => Code == 0 ? Text : $"{Code} {Text}";
}
