using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace TicketBot.Simulator.Wire;

/// <summary>Takes an HTTP request, checks who sent it, and answers in Bybit's envelope.</summary>
/// <remarks>Checks in this order: headers present, key known (10003), time (10002), signature (10004), rate (10006), parameters (10001).</remarks>
internal sealed class RestDesk(VenueSession session, ILogger logger)
{
    private readonly RateCounter _rates = new();

    internal async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        try
        {
            await AnswerAsync(context, path);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left.
        }
        catch (Exception fault)
        {
            Log.RequestFailed(logger, path, fault);
            throw;
        }
    }

    private async Task AnswerAsync(HttpContext context, string path)
    {
        // The raw target, since signatures cover the query exactly as it was sent.
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var raw = mark < 0 ? "" : target[(mark + 1)..];
        if (path == "/simulator/state")
        {
            await StateAsync(context);
            return;
        }

        var isWrite = WriteRequests.Knows(path);
        if (isWrite != HttpMethods.IsPost(context.Request.Method))
        {
            await EnvelopeAsync(context, 404, new WireAnswer(10017, $"path or method not found: {context.Request.Method} {path}", null));
            return;
        }

        if (!isWrite)
        {
            var market = Guard(() => session.Locked(() => MarketRequests.Answer(session, path, new WireQuery(raw))));
            if (market is { } found)
            {
                await EnvelopeAsync(context, 200, found);
                return;
            }
        }

        var body = await ReadBodyAsync(context);
        var (status, refusal, key) = Authenticate(context.Request.Headers, isWrite ? body : Encoding.UTF8.GetBytes(raw));
        if (refusal is { } refused)
        {
            await EnvelopeAsync(context, status, refused);
            return;
        }

        var rate = _rates.Count(key!, path, NowMs(), isEnforced: session.Options.Speed == 1);
        context.Response.Headers["X-Bapi-Limit"] = rate.Limit.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["X-Bapi-Limit-Status"] = rate.Left.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["X-Bapi-Limit-Reset-Timestamp"] = rate.ResetMs.ToString(CultureInfo.InvariantCulture);
        if (rate.IsOver)
        {
            await EnvelopeAsync(context, 200, new WireAnswer(10006, "Too many visits!", null));
            return;
        }

        var answer = isWrite
            ? Write(key!, path, body)
            : Guard(() => session.Locked(() => ReadRequests.Answer(session, session.Venue.AccountOf(key!)!, path, new WireQuery(raw))));
        await EnvelopeAsync(context, answer is null ? 404 : 200, answer ?? new WireAnswer(10017, $"path not found: {path}", null));
    }

    private WireAnswer Write(string key, string path, byte[] body)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return WireAnswer.BadParameter("the body must be one JSON object");
        }

        using (document)
        {
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? session.Apply(key, path, document.RootElement)
                : WireAnswer.BadParameter("the body must be one JSON object");
        }
    }

    private (int Status, WireAnswer? Refusal, string? Key) Authenticate(IHeaderDictionary headers, byte[] payload)
    {
        string? key = headers["X-BAPI-API-KEY"], stamp = headers["X-BAPI-TIMESTAMP"], sign = headers["X-BAPI-SIGN"];
        if (string.IsNullOrEmpty(key) || string.IsNullOrEmpty(sign) || !long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var time))
        {
            return (401, WireAnswer.BadParameter("X-BAPI-API-KEY, X-BAPI-TIMESTAMP and X-BAPI-SIGN are required"), null);
        }

        if (session.SecretOf(key) is not { } secret)
        {
            return (200, new WireAnswer(10003, "API key is invalid.", null), null);
        }

        string window = headers["X-BAPI-RECV-WINDOW"].ToString();
        if (!long.TryParse(window.Length == 0 ? "5000" : window, NumberStyles.None, CultureInfo.InvariantCulture, out var windowMs))
        {
            return (200, WireAnswer.BadParameter($"X-BAPI-RECV-WINDOW must be milliseconds, was '{window}'"), null);
        }

        var now = NowMs();
        if (time < now - windowMs || time >= now + 1_000)
        {
            return (200, new WireAnswer(10002, FormattableString.Invariant(
                $"invalid request, please check your server timestamp or recv_window param. req_timestamp[{time}],server_timestamp[{now}],recv_window[{windowMs}]"), null), null);
        }

        var prefix = Encoding.UTF8.GetBytes(stamp + key + window);
        var text = new byte[prefix.Length + payload.Length];
        prefix.CopyTo(text, 0);
        payload.CopyTo(text, prefix.Length);
        return Signature.IsValid(secret, text, sign)
            ? (200, null, key)
            : (200, new WireAnswer(10004, "error sign! please check your signature generation algorithm.", null), null);
    }

    private async Task StateAsync(HttpContext context)
    {
        string? key = context.Request.Headers["X-BAPI-API-KEY"];
        if (string.IsNullOrEmpty(key) || session.SecretOf(key) is null)
        {
            await EnvelopeAsync(context, 401, new WireAnswer(10003, "X-BAPI-API-KEY must name an account", null));
            return;
        }

        var state = session.StateOf(key);
        await SendAsync(context, 200, WireText.Json(w => StateText.Write(w, state)));
    }

    private static WireAnswer? Guard(Func<WireAnswer?> read)
    {
        try
        {
            return read();
        }
        catch (FormatException fault)
        {
            return WireAnswer.BadParameter(fault.Message);
        }
    }

    private static async Task<byte[]> ReadBodyAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }

    private Task EnvelopeAsync(HttpContext context, int status, WireAnswer answer) => SendAsync(context, status, WireText.Json(w =>
    {
        w.WriteNumber("retCode", answer.Code);
        w.WriteString("retMsg", answer.Text);
        w.WriteStartObject("result");
        answer.Result?.Invoke(w);
        w.WriteEndObject();
        w.WriteStartObject("retExtInfo");
        w.WriteEndObject();
        w.WriteNumber("time", NowMs());
    }));

    private static async Task SendAsync(HttpContext context, int status, byte[] text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = text.Length;
        await context.Response.Body.WriteAsync(text, context.RequestAborted);
    }

    private long NowMs() => session.Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
