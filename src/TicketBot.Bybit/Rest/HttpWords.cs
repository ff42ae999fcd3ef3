using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using TicketBot.Bybit.Wire;

namespace TicketBot.Bybit.Rest;

/// <summary>One V5 request as HTTP, and an HTTP answer as what it means.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/guide.</remarks>
internal static class HttpWords
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Returns the request; query and body go out exactly as they are signed.</summary>
    public static HttpRequestMessage RequestOf(
        Uri address, HttpMethod method, string path, string query, ReadOnlyMemory<byte> body, (Signer Signer, long TimestampMs, int RecvWindowMs)? signing)
    {
        // The address must go out exactly as it was signed, so nothing may be canonicalised on the way.
        var text = query.Length == 0 ? $"{address.AbsoluteUri.TrimEnd('/')}{path}" : $"{address.AbsoluteUri.TrimEnd('/')}{path}?{query}";
        var request = new HttpRequestMessage(method, new Uri(text, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (method == HttpMethod.Post)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = Json;
        }

        if (signing is var (signer, timestamp, window))
        {
            var signature = signer.Sign(timestamp, window, method == HttpMethod.Post ? body.Span : Encoding.UTF8.GetBytes(query));
            request.Headers.TryAddWithoutValidation("X-BAPI-API-KEY", signer.ApiKey);
            request.Headers.TryAddWithoutValidation("X-BAPI-TIMESTAMP", timestamp.ToString(CultureInfo.InvariantCulture));
            request.Headers.TryAddWithoutValidation("X-BAPI-RECV-WINDOW", window.ToString(CultureInfo.InvariantCulture));
            request.Headers.TryAddWithoutValidation("X-BAPI-SIGN", signature);
        }

        return request;
    }

    /// <summary>Returns what an answer means; never throws for its content.</summary>
    public static RestAnswer AnswerOf(int status, ReadOnlySpan<byte> bytes, HttpResponseHeaders headers)
    {
        var trace = First(headers, "Traceid") ?? "";
        var limit = new LimitHeaders(Count(headers, "X-Bapi-Limit"), Count(headers, "X-Bapi-Limit-Status"), Number(headers, "X-Bapi-Limit-Reset-Timestamp"));
        RestEnvelope? envelope = null;
        try
        {
            envelope = JsonSerializer.Deserialize(bytes, WireJson.Default.RestEnvelope);
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            // A body that is no JSON belongs to a gateway, not to the venue: the status decides below.
        }

        if (envelope?.RetCode is not { } code || status >= 500)
        {
            return new RestAnswer(BybitErrors.KindOfStatus(status), status, $"HTTP status {status} without a readable answer", Limit: limit, Trace: trace);
        }

        if (code == 0 && status >= 400)
        {
            return new RestAnswer(BybitErrors.KindOfStatus(status), status, $"HTTP status {status}", Limit: limit, Trace: trace);
        }

        var kind = BybitErrors.KindOf(code);

        // The text of a refused signature repeats what was signed, the key included.
        var text = kind == BybitErrorKind.Credentials ? "key, signature or permission refused" : envelope.RetMsg ?? "";
        return new RestAnswer(kind, code, text, envelope.Result, envelope.Time, limit, trace);
    }

    private static int? Count(HttpResponseHeaders headers, string name) => Number(headers, name) is >= 0 and <= 1_000_000 and var count ? (int)count : null;

    private static long? Number(HttpResponseHeaders headers, string name) =>
        long.TryParse(First(headers, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;

    private static string? First(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
