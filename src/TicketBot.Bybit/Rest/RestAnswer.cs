using System.Text.Json;

namespace TicketBot.Bybit.Rest;

/// <summary>What came back from one REST request, network failures included.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Code">The venue's code, else the HTTP status, else 0 when nothing came back.</param>
/// <param name="Text">The venue's words or the network's.</param>
/// <param name="Result">The result object of a success.</param>
/// <param name="ServerTimeMs">The venue's wall time, or <c>null</c>.</param>
/// <param name="Limit">The venue's count of our requests.</param>
/// <param name="Trace">The venue's trace id; empty if none.</param>
internal sealed record RestAnswer(
    BybitErrorKind Kind, int Code, string Text, JsonElement Result = default, long? ServerTimeMs = null, LimitHeaders Limit = default, string Trace = "")
{
    /// <summary>Timestamp of the clock handed in at which the request was signed; <c>null</c> when nothing was sent.</summary>
    public long? SentAt { get; init; }

    /// <summary>Code and words for messages.</summary>
    public string Said => Code == 0 ? Text : $"{Code} {Text}";
}

/// <summary>The rate-limit headers of an answer (https://bybit-exchange.github.io/docs/v5/rate-limit); each may be missing.</summary>
/// <param name="Allowance"><c>X-Bapi-Limit</c>: requests per second of this endpoint.</param>
/// <param name="Left"><c>X-Bapi-Limit-Status</c>: what is left of them.</param>
/// <param name="ResetMs"><c>X-Bapi-Limit-Reset-Timestamp</c>: venue time to wait for when over the limit; else not in the future.</param>
internal readonly record struct LimitHeaders(int? Allowance, int? Left, long? ResetMs);
