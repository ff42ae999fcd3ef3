using System.Globalization;
using System.Text.Json;

namespace TicketBot.Simulator.Wire;

/// <summary>What clients may say on <c>/v5/private</c>, and what they are answered (https://bybit-exchange.github.io/docs/v5/ws/connect).</summary>
internal static class PrivateStream
{
    private static readonly string[] Plain = ["order", "execution", "position", "wallet", "greeks", "execution.fast"];
    private static readonly string[] Categories = ["linear", "inverse", "spot", "option"];

    /// <summary>Serves a socket until it ends.</summary>
    internal static Task ServeAsync(VenueSession session, SocketPeer socket, CancellationToken cancellationToken)
    {
        var peer = new StreamHub.PrivatePeer(socket);
        return StreamAnswers.ServeAsync(
            session, socket, () => session.Hub.Add(peer), () => session.Hub.Remove(peer), message => Hear(session, peer, message), cancellationToken);
    }

    private static void Hear(VenueSession session, StreamHub.PrivatePeer peer, JsonElement message)
    {
        var op = StreamAnswers.Text(message, "op") ?? "";
        switch (op)
        {
            case "ping":
                peer.Socket.Send(WireText.Json(w =>
                {
                    StreamAnswers.Echo(w, message, "req_id");
                    w.WriteString("op", "pong");
                    w.WriteStartArray("args");
                    w.WriteStringValue(session.Faults.Clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
                    w.WriteEndArray();
                    w.WriteString("conn_id", peer.Socket.ConnectionId);
                }));
                break;
            case "auth":
                var fault = StreamAnswers.AuthFault(session, message, out var account);
                peer.AccountKey = fault is null ? account : peer.AccountKey;
                StreamAnswers.Acknowledge(peer.Socket, message, op, fault is null, fault?.Text ?? "");
                break;
            case "subscribe":
                Subscribe(peer, message);
                break;
            case "unsubscribe":
                StreamAnswers.Unsubscribe(peer.Socket, peer.Topics, message);
                break;
            default:
                StreamAnswers.Acknowledge(peer.Socket, message, op, false, "Params Error: op must be auth, ping, subscribe or unsubscribe");
                break;
        }
    }

    private static void Subscribe(StreamHub.PrivatePeer peer, JsonElement message)
    {
        var topics = StreamAnswers.Arguments(message);
        var fault = peer.AccountKey is null ? "Request not authorized"
            : topics.Count == 0 ? "Params Error: args must hold at least one topic"
            : topics.FirstOrDefault(t => !IsKnown(t)) is { } unknown ? $"error:handler not found,topic:{unknown}"
            : topics.FirstOrDefault(t => Categories.Any(c => topics.Contains($"{t}.{c}"))) is { } both
                ? $"Params Error: {both} and its categorised form are in one request"
            : null;
        if (fault is null)
        {
            peer.Topics.UnionWith(topics);
        }

        StreamAnswers.Acknowledge(peer.Socket, message, "subscribe", fault is null, fault ?? "");
    }

    private static bool IsKnown(string topic) =>
        Plain.Contains(topic) || topic.StartsWith("dcp.", StringComparison.Ordinal) || (IsCategorised(topic) && Plain.Contains(topic[..topic.LastIndexOf('.')]));

    private static bool IsCategorised(string topic) => topic.LastIndexOf('.') is > 0 and var dot && Categories.Contains(topic[(dot + 1)..]);
}
