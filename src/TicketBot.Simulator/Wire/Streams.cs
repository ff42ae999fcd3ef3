using System.Globalization;
using System.Text;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Wire;

/// <summary>What clients may say on the three kinds of socket, and what they are answered.</summary>
internal static class Streams
{
    private static readonly string[] PrivateTopics = ["order", "execution", "position", "wallet"];

    /// <summary>Serves <c>/v5/public/linear</c>.</summary>
    internal static async Task ServePublicAsync(VenueSession session, SocketPeer socket, CancellationToken cancellationToken)
    {
        var peer = new StreamHub.PublicPeer(socket);
        session.Locked(() => { session.Hub.Add(peer); return 0; });
        try
        {
            await socket.ServeAsync(message => session.Locked(() => HearPublic(session, peer, message)), cancellationToken);
        }
        finally
        {
            session.Locked(() => { session.Hub.Remove(peer); return 0; });
        }
    }

    /// <summary>Serves <c>/v5/private</c>.</summary>
    internal static async Task ServePrivateAsync(VenueSession session, SocketPeer socket, CancellationToken cancellationToken)
    {
        var peer = new StreamHub.PrivatePeer(socket);
        session.Locked(() => { session.Hub.Add(peer); return 0; });
        try
        {
            await socket.ServeAsync(message => session.Locked(() => HearPrivate(session, peer, message)), cancellationToken);
        }
        finally
        {
            session.Locked(() => { session.Hub.Remove(peer); return 0; });
        }
    }

    /// <summary>Serves <c>/simulator/control</c>.</summary>
    internal static async Task ServeControlAsync(VenueSession session, SocketPeer socket, CancellationToken cancellationToken)
    {
        StreamHub.ControlPeer? peer = null;
        try
        {
            await socket.ServeAsync(
                message =>
                {
                    switch (Text(message, "op"))
                    {
                        case "attach" when peer is null && session.SecretOf(Text(message, "key") ?? "") is not null:
                            session.Attach(peer = new StreamHub.ControlPeer(socket, Text(message, "key")!));
                            return true;
                        case "sent" when peer is not null && message.TryGetProperty("step", out var step) && step.TryGetInt64(out var number):
                            session.Sent(peer, number);
                            return true;
                        default:
                            socket.Send(Encoding.UTF8.GetBytes("""{"op":"refused","reason":"expected attach with a known key, then sent with a step"}"""));
                            return false;
                    }
                },
                cancellationToken);
        }
        finally
        {
            if (peer is not null)
            {
                session.Detach(peer);
            }
        }
    }

    private static bool HearPublic(VenueSession session, StreamHub.PublicPeer peer, JsonElement message)
    {
        switch (Text(message, "op"))
        {
            case "ping":
                Acknowledge(peer.Socket, message, "ping", true, "pong");
                break;
            case "subscribe":
                Subscribe(session, peer, message);
                break;
            case "unsubscribe":
                foreach (var topic in Arguments(message))
                {
                    peer.Topics.Remove(topic);
                }

                Acknowledge(peer.Socket, message, "unsubscribe", true, "");
                break;
            default:
                Acknowledge(peer.Socket, message, Text(message, "op") ?? "", false, "Params Error: op must be ping, subscribe or unsubscribe");
                break;
        }

        return true;
    }

    private static void Subscribe(VenueSession session, StreamHub.PublicPeer peer, JsonElement message)
    {
        foreach (var topic in Arguments(message))
        {
            if (!TryReadTopic(session, topic, out _, out _))
            {
                // One bad topic refuses the whole request.
                Acknowledge(peer.Socket, message, "subscribe", false, $"Invalid symbol or topic :[{topic}]");
                return;
            }
        }

        Acknowledge(peer.Socket, message, "subscribe", true, "");
        foreach (var topic in Arguments(message))
        {
            TryReadTopic(session, topic, out var series, out var ticker);
            if (peer.Topics.Add(topic) && series is null)
            {
                peer.Socket.Send(Tickers.Frame(session, ticker));
            }
        }
    }

    private static bool HearPrivate(VenueSession session, StreamHub.PrivatePeer peer, JsonElement message)
    {
        switch (Text(message, "op"))
        {
            case "ping":
                peer.Socket.Send(WireText.Json(w =>
                {
                    EchoId(w, message);
                    w.WriteString("op", "pong");
                    w.WriteStartArray("args");
                    w.WriteStringValue(session.Faults.Clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
                    w.WriteEndArray();
                    w.WriteString("conn_id", peer.Socket.ConnectionId);
                }));
                break;
            case "auth":
                var fault = AuthFault(session, message, out var account);
                peer.AccountKey = fault is null ? account : peer.AccountKey;
                Acknowledge(peer.Socket, message, "auth", fault is null, fault ?? "");
                break;
            case "subscribe" when peer.AccountKey is null:
                Acknowledge(peer.Socket, message, "subscribe", false, "Request not authorized");
                break;
            case "subscribe":
                var unknown = Arguments(message).FirstOrDefault(t => !PrivateTopics.Contains(Plain(t)));
                if (unknown is null)
                {
                    peer.Topics.UnionWith(Arguments(message));
                }

                Acknowledge(peer.Socket, message, "subscribe", unknown is null, unknown is null ? "" : $"Invalid topic :[{unknown}]");
                break;
            case "unsubscribe":
                peer.Topics.ExceptWith(Arguments(message));
                Acknowledge(peer.Socket, message, "unsubscribe", true, "");
                break;
            default:
                Acknowledge(peer.Socket, message, Text(message, "op") ?? "", false, "Params Error: op must be auth, ping, subscribe or unsubscribe");
                break;
        }

        return true;
    }

    private static string? AuthFault(VenueSession session, JsonElement message, out string? account)
    {
        var arguments = Arguments(message);
        account = arguments.Count > 0 ? arguments[0] : null;
        if (arguments.Count != 3 || !long.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out var expires))
        {
            return "Params Error: auth takes key, expires and signature";
        }

        if (session.SecretOf(account!) is not { } secret)
        {
            return "API key is invalid.";
        }

        if (expires <= session.Faults.Clock.GetUtcNow().ToUnixTimeMilliseconds())
        {
            return "Params Error: expires lies in the past";
        }

        return Signature.IsValid(secret, Encoding.UTF8.GetBytes($"GET/realtime{arguments[1]}"), arguments[2]) ? null : "Params Error: sign invalid";
    }

    private static string Plain(string topic) => topic.EndsWith(".linear", StringComparison.Ordinal) ? topic[..^7] : topic;

    private static bool TryReadTopic(VenueSession session, string topic, out SeriesKey? series, out Symbol ticker)
    {
        (series, ticker) = (null, default);
        switch (topic.Split('.'))
        {
            case ["kline", var code, var name] when Symbol.IsValid(name) && Interval.TryParse(code, out var interval) && interval.VenueCode == code:
                var key = new SeriesKey(new Symbol(name), interval);
                series = key;
                return session.Candles.Has(key);
            case ["tickers", var name] when Symbol.IsValid(name):
                ticker = new Symbol(name);
                return session.Venue.InstrumentOf(ticker) is not null;
            default:
                return false;
        }
    }

    private static void Acknowledge(SocketPeer socket, JsonElement message, string op, bool success, string text) => socket.Send(WireText.Json(w =>
    {
        w.WriteBoolean("success", success);
        w.WriteString("ret_msg", text);
        w.WriteString("conn_id", socket.ConnectionId);
        EchoId(w, message);
        w.WriteString("op", op);
    }));

    // The id comes back in its own JSON type, and only when one was sent.
    private static void EchoId(Utf8JsonWriter w, JsonElement message)
    {
        if (message.ValueKind == JsonValueKind.Object && message.TryGetProperty("req_id", out var id))
        {
            w.WritePropertyName("req_id");
            id.WriteTo(w);
        }
    }

    private static List<string> Arguments(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty("args", out var args) && args.ValueKind == JsonValueKind.Array
            ? [.. args.EnumerateArray().Select(a => a.ValueKind == JsonValueKind.String ? a.GetString()! : a.GetRawText())]
            : [];

    private static string? Text(JsonElement message, string name) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
