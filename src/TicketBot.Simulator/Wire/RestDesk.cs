using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using TicketBot.Simulator.Faults;

namespace TicketBot.Simulator.Wire;

/// <summary>Takes an HTTP request, lets the faults in force have their way with it, checks who sent it, and answers in Bybit's envelope.</summary>
/// <remarks>Checks in this order: address (403), headers present (401), key known (10003), time (10002), signature (10004), permission (10005),
/// rate (10006), parameters (10001). Sources: https://bybit-exchange.github.io/docs/v5/guide and /rate-limit.</remarks>
internal sealed class RestDesk(VenueSession session, ILogger logger, CancellationToken stopping)
{
    private const string JsonType = "application/json; charset=utf-8";
    private readonly AddressLimit _addresses = new(session.Options.RequestsPerAddress);
    private readonly FaultEndpoint _faultEndpoint = new(session.Faults, session.Options.TestKey);

    internal async Task ServeAsync(HttpContext context)
    {
        var path = WireText.Path(context.Request.Path.Value);
        try
        {
            await AnswerAsync(context, path);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested || stopping.IsCancellationRequested)
        {
            // The client left, or the server stops.
        }
        catch (BadHttpRequestException fault)
        {
            await SendAsync(context, Envelope(fault.StatusCode, WireAnswer.BadParameter(fault.Message)));
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
        var bytes = await ReadBodyAsync(context);
        using var document = WireText.TryParse(bytes);
        var request = new WireRequest(context.Request.Method, path, raw, bytes, document?.RootElement ?? default, context.Request.Headers);
        if (path.StartsWith("/simulator/", StringComparison.Ordinal))
        {
            await SendAsync(context, path switch
            {
                "/simulator/state" => State(request),
                "/simulator/faults" => _faultEndpoint.Answer(request, new WireQuery(raw)),
                _ => Envelope(404, NotFound(request)),
            });
            return;
        }

        var faults = session.Faults.Meet(request.Moment);
        if (session.Faults.Active(FaultKind.Outage) is not null)
        {
            await SendAsync(context, FaultAnswers.Html(503));
            return;
        }

        // A delayed request is under way: it arrives even when the client has given up meanwhile.
        await PauseAsync(faults, FaultKind.DelayRequest, stopping);
        if (faults.Any(f => f.Kind == FaultKind.LoseRequest))
        {
            context.Abort();
            return;
        }

        if (FaultAnswers.Of(faults, afterApplying: false) is { } instead)
        {
            await SendAsync(context, instead(Envelope));
            return;
        }

        var reply = FaultAnswers.Change(faults, request, Handle(context, request, faults));
        foreach (var fault in faults.Where(f => f.Occasion == FaultOccasion.Request && f.Kind >= FaultKind.SilentSocket))
        {
            session.Faults.Carry(fault);
        }

        await PauseAsync(faults, FaultKind.DelayAnswer, stopping);
        if (faults.Any(f => f.Kind == FaultKind.LoseAnswer))
        {
            context.Abort();
            return;
        }

        await SendAsync(context, FaultAnswers.Of(faults, afterApplying: true) is { } spoiled ? spoiled(Envelope) : reply);
    }

    private WireReply Handle(HttpContext context, WireRequest request, IReadOnlyList<FaultRule> faults)
    {
        if (_addresses.IsOver(context.Connection.RemoteIpAddress, NowMs()))
        {
            return new WireReply(403, Encoding.UTF8.GetBytes("access too frequent, please try again in 10 minutes"), "text/plain");
        }

        var isGet = HttpMethods.IsGet(request.Method);
        if (isGet && request.Body.Length > 0)
        {
            return new WireReply(403, Encoding.UTF8.GetBytes("a GET request has no body"), "text/plain");
        }

        var isUnserved = Unserved.Has(isGet, request.Path);
        var isWrite = WriteRequests.Knows(request.Path) || (isUnserved && !isGet);
        if (isWrite ? !HttpMethods.IsPost(request.Method) : !isGet)
        {
            return Envelope(isWrite ? 400 : 404, NotFound(request));
        }

        RateCounter.Untouched(request.Path).WriteTo(context.Response.Headers, NowMs());
        if (!isWrite && Told(() => MarketRequests.Answer(session, request.Path, new WireQuery(request.Query))) is { } market)
        {
            return market;
        }

        if (isUnserved && isGet && request.Header("X-BAPI-API-KEY").Length == 0)
        {
            return Envelope(200, Unserved.Answer); // Some of them need no key.
        }

        if (!isWrite && request.Header("X-BAPI-API-KEY").Length == 0 && Read(session.Options.ApiKey, request, []) is null)
        {
            return Envelope(404, NotFound(request));
        }

        var (status, refusal, key) = Authenticate(request, isWrite ? request.Body : Encoding.UTF8.GetBytes(request.Query));
        if (refusal is { } refused)
        {
            return Envelope(status, refused);
        }

        var rate = session.Rates.Count(key!, request.Path, WriteRequestCost.Of(request), NowMs(), isEnforced: session.Options.Speed == 1);
        rate.WriteTo(context.Response.Headers, NowMs());
        if (rate.IsOver)
        {
            return Envelope(200, new WireAnswer(10006, "Too many visits. Exceeded the API Rate Limit.", null));
        }

        if (isUnserved)
        {
            return Envelope(200, Unserved.Answer);
        }

        if (isWrite)
        {
            return Write(key!, request, faults);
        }

        return Read(key!, request, faults) ?? Envelope(404, NotFound(request));
    }

    private WireReply? Read(string key, WireRequest request, IReadOnlyList<FaultRule> faults) => Told(() => ReadRequests.Answer(
        session, new AccountView(session, session.Venue.AccountOf(key)!, FaultAnswers.LagOf(faults)), request.Path, new WireQuery(request.Query)));

    // An answer writes what it tells when it is written: that happens under the lock as well, or the venue would move meanwhile.
    private WireReply? Told(Func<WireAnswer?> read) => session.Locked(() => Guard(read) is { } answer ? Envelope(200, answer) : (WireReply?)null);

    private WireReply Write(string key, WireRequest request, IReadOnlyList<FaultRule> faults)
    {
        if (!request.IsJson)
        {
            return Envelope(200, WireAnswer.BadParameter($"the content type must be application/json, was '{request.Header("Content-Type")}'"));
        }

        if (request.Json.ValueKind != JsonValueKind.Object)
        {
            return Envelope(200, WireAnswer.BadParameter("the body must be one JSON object"));
        }

        using var changed = FaultAnswers.Rewrite(faults, request.Json);
        return Envelope(200, session.Apply(key, request.Path, changed?.RootElement ?? request.Json));
    }

    private (int Status, WireAnswer? Refusal, string? Key) Authenticate(WireRequest request, byte[] payload)
    {
        var (key, stamp, sign) = (request.Header("X-BAPI-API-KEY"), request.Header("X-BAPI-TIMESTAMP"), request.Header("X-BAPI-SIGN"));
        if (key.Length == 0 || sign.Length == 0 || !long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var time))
        {
            return (401, WireAnswer.BadParameter("X-BAPI-API-KEY, X-BAPI-TIMESTAMP and X-BAPI-SIGN are required"), null);
        }

        if (session.SecretOf(key) is not { } secret)
        {
            return (200, new WireAnswer(10003, "API key is invalid.", null), null);
        }

        if (session.Faults.Active(FaultKind.RevokeKey, key) is { } revoked)
        {
            return (200, FaultAnswers.Revoked(revoked), null);
        }

        var window = request.Header("X-BAPI-RECV-WINDOW");
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

    private WireReply State(WireRequest request)
    {
        var key = request.Header("X-BAPI-API-KEY");
        if (key.Length == 0 || session.SecretOf(key) is null)
        {
            return Envelope(401, new WireAnswer(10003, "X-BAPI-API-KEY must name an account", null));
        }

        var state = session.StateOf(key);
        return new WireReply(200, WireText.Json(w => StateText.Write(w, state)), JsonType);
    }

    private async Task PauseAsync(IReadOnlyList<FaultRule> faults, FaultKind kind, CancellationToken cancellationToken)
    {
        foreach (var fault in faults)
        {
            if (fault.Kind == kind)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMs), session.Clock, cancellationToken);
            }
        }
    }

    private static WireAnswer NotFound(WireRequest request) => new(10017, $"path or method not found: {request.Method} {request.Path}", null);

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

    private WireReply Envelope(int status, WireAnswer answer) => new(status, WireText.Json(w =>
    {
        w.WriteNumber("retCode", answer.Code);
        w.WriteString("retMsg", answer.Text);
        w.WriteStartObject("result");
        answer.Result?.Invoke(w);
        w.WriteEndObject();
        w.WriteStartObject("retExtInfo");
        answer.ExtInfo?.Invoke(w);
        w.WriteEndObject();
        w.WriteNumber("time", NowMs());
    }), JsonType);

    private static async Task SendAsync(HttpContext context, WireReply reply)
    {
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.ContentType;
        context.Response.ContentLength = reply.Body.Length;
        await context.Response.Body.WriteAsync(reply.Body, context.RequestAborted);
    }

    private long NowMs() => session.Faults.Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
