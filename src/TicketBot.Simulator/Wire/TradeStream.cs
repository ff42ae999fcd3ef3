using System.Globalization;
using System.Text.Json;
using TicketBot.Simulator.Faults;

namespace TicketBot.Simulator.Wire;

/// <summary>What clients may say on <c>/v5/trade</c>, and what they are answered (https://bybit-exchange.github.io/docs/v5/websocket/trade/guideline).</summary>
/// <remarks>Orders count against the budgets of REST and meet the faults of REST's paths; <see cref="FaultKind"/> says which strike here, and how.</remarks>
internal static class TradeStream
{
    private const int MostIds = 100_000;

    /// <summary>Serves a socket until it ends.</summary>
    internal static Task ServeAsync(VenueSession session, SocketPeer socket, CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>();
        return StreamAnswers.ServeAsync(
            session, socket, () => session.Hub.AddTrade(socket), () => session.Hub.RemoveTrade(socket), message => Hear(session, socket, ids, message), cancellationToken);
    }

    private static void Hear(VenueSession session, SocketPeer socket, HashSet<string> ids, JsonElement message)
    {
        var op = StreamAnswers.Text(message, "op") ?? "";
        switch (op)
        {
            case "ping":
                Answer(socket, message, 0, "OK", "pong", w =>
                {
                    w.WriteStartArray("data");
                    w.WriteStringValue(NowMs(session).ToString(CultureInfo.InvariantCulture));
                    w.WriteEndArray();
                });
                break;
            case "auth":
                var fault = socket.AccountKey is null ? StreamAnswers.AuthFault(session, message, out var account) : (20001, "Repeat auth");
                if (fault is null)
                {
                    socket.AccountKey = StreamAnswers.Arguments(message)[0];
                }

                Answer(socket, message, fault?.Item1 ?? 0, fault?.Item2 ?? "OK", op, null);
                break;
            default:
                Order(session, socket, ids, message, op);
                break;
        }
    }

    private static void Order(VenueSession session, SocketPeer socket, HashSet<string> ids, JsonElement message, string op)
    {
        var path = "/v5/order/" + (op.StartsWith("order.", StringComparison.Ordinal) ? op[6..] : "");
        if (!WriteRequests.Knows(path))
        {
            Answer(socket, message, 10404, $"op not found: {op}", op, null);
            return;
        }

        if (Fault(session, socket, ids, message) is var (code, text))
        {
            Answer(socket, message, code, text, op, null);
            return;
        }

        // A fault may put it off until the message is gone.
        var key = socket.AccountKey!;
        message = message.Clone();
        var body = message.GetProperty("args")[0];
        var rate = session.Rates.Count(key, path, WriteRequestCost.Of(path, body), NowMs(session), isEnforced: session.Options.Speed == 1);
        void Reply(WireAnswer answer, bool isTruncated) => Answer(socket, message, answer.Code, answer.Text, op, isTruncated: isTruncated, more: w =>
        {
            w.WriteStartObject("data");
            answer.Result?.Invoke(w);
            w.WriteEndObject();
            w.WriteStartObject("retExtInfo");
            answer.ExtInfo?.Invoke(w);
            w.WriteEndObject();
            w.WriteStartObject("header");
            rate.WriteTo(w, NowMs(session));
            w.WriteEndObject();
        });
        if (rate.IsOver)
        {
            Reply(new WireAnswer(10429, "Too many visits. Exceeded the API Rate Limit.", null), false);
            return;
        }

        var faults = session.Faults.Meet(new FaultMoment(FaultOccasion.Request, $"WS {path}")
        {
            Path = path, Method = "WS", Account = key, Text = body.GetRawText(), Body = body,
        });
        session.Late.Do(DelayOf(faults, FaultKind.DelayRequest), () => Arrive(session, socket, key, path, body, faults, Reply));
    }

    // In the order of REST: lost, answered instead, applied, then lost or spoiled on the way back.
    private static void Arrive(
        VenueSession session, SocketPeer socket, string key, string path, JsonElement body, IReadOnlyList<FaultRule> faults, Action<WireAnswer, bool> reply)
    {
        if (faults.Any(f => f.Kind == FaultKind.LoseRequest))
        {
            socket.Cut();
            return;
        }

        if (Instead(faults, afterApplying: false) is { } instead)
        {
            reply(instead, false);
            return;
        }

        using var changed = FaultAnswers.Rewrite(faults, body);
        var done = session.Apply(key, path, changed?.RootElement ?? body);
        foreach (var carried in faults.Where(f => f.Kind >= FaultKind.SilentSocket))
        {
            session.Faults.Carry(carried);
        }

        session.Late.Do(DelayOf(faults, FaultKind.DelayAnswer), () =>
        {
            if (faults.Any(f => f.Kind == FaultKind.LoseAnswer))
            {
                socket.Cut();
                return;
            }

            reply(Instead(faults, afterApplying: true) ?? done, faults.Any(f => f.Kind == FaultKind.TruncatedJson));
        });
    }

    private static WireAnswer? Instead(IReadOnlyList<FaultRule> faults, bool afterApplying) =>
        faults.FirstOrDefault(f => f.AfterApplying == afterApplying && f.Kind is FaultKind.Code or FaultKind.Status) is not { } fault ? null
        : fault.Kind == FaultKind.Code ? FaultAnswers.CodeOf(fault) : FaultAnswers.OfStatus(fault);

    private static int DelayOf(IReadOnlyList<FaultRule> faults, FaultKind kind) => (int)Math.Min(int.MaxValue, faults.Where(f => f.Kind == kind).Sum(f => (long)f.DelayMs));

    private static (int Code, string Text)? Fault(VenueSession session, SocketPeer socket, HashSet<string> ids, JsonElement message)
    {
        if (socket.AccountKey is not { } key)
        {
            return (10005, "Permission denied: send auth first");
        }

        if (session.Faults.Active(FaultKind.RevokeKey, key) is { } revoked)
        {
            var answer = FaultAnswers.Revoked(revoked);
            return (answer.Code, answer.Text);
        }

        var id = StreamAnswers.Text(message, "reqId") ?? "";
        if (id.Length > 36)
        {
            return (10001, $"reqId has at most 36 characters, was '{id}'");
        }

        if (id.Length > 0 && !ids.Add(id))
        {
            return (20006, "duplicate reqId");
        }

        if (ids.Count > MostIds)
        {
            ids.Clear();
        }

        if (!message.TryGetProperty("header", out var header) || header.ValueKind != JsonValueKind.Object
            || !long.TryParse(Raw(header, "X-BAPI-TIMESTAMP"), NumberStyles.None, CultureInfo.InvariantCulture, out var time))
        {
            return (10001, "header.X-BAPI-TIMESTAMP is required");
        }

        var window = Raw(header, "X-BAPI-RECV-WINDOW");
        var windowMs = window.Length == 0 ? 5_000 : long.TryParse(window, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : -1;
        var now = NowMs(session);
        if (windowMs < 0 || time < now - windowMs || time >= now + 1_000)
        {
            return (10002, $"invalid request, please check your server timestamp or recv_window param. req_timestamp[{time}],server_timestamp[{now}],recv_window[{windowMs}]");
        }

        return message.TryGetProperty("args", out var args) && args.ValueKind == JsonValueKind.Array && args.GetArrayLength() == 1 && args[0].ValueKind == JsonValueKind.Object
            ? null
            : (10001, "args must hold one object");
    }

    private static string Raw(JsonElement header, string name) => header.TryGetProperty(name, out var value)
        ? value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()
        : "";

    private static void Answer(
        SocketPeer socket, JsonElement message, int code, string text, string op, Action<Utf8JsonWriter>? more, bool isTruncated = false)
    {
        var frame = WireText.Json(w =>
        {
            StreamAnswers.Echo(w, message, "reqId");
            w.WriteNumber("retCode", code);
            w.WriteString("retMsg", text);
            w.WriteString("op", op);
            more?.Invoke(w);
            w.WriteString("connId", socket.ConnectionId);
        });
        socket.Send(isTruncated ? frame[..(frame.Length / 2)] : frame);
    }

    private static long NowMs(VenueSession session) => session.Faults.Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
