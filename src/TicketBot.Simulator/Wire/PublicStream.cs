using System.Text.Json;

namespace TicketBot.Simulator.Wire;

/// <summary>What clients may say on <c>/v5/public/linear</c>, and what they are answered (https://bybit-exchange.github.io/docs/v5/ws/connect).</summary>
/// <remarks>One bad topic refuses the whole request. The public paths of spot, inverse and options exist and know no symbol.</remarks>
internal static class PublicStream
{
    private const int MostArgumentCharacters = 21_000;

    /// <summary>Serves a socket until it ends.</summary>
    internal static Task ServeAsync(VenueSession session, SocketPeer socket, CancellationToken cancellationToken)
    {
        var peer = new StreamHub.PublicPeer(socket);
        return StreamAnswers.ServeAsync(
            session, socket, () => session.Hub.Add(peer), () => session.Hub.Remove(peer), message => Hear(session, peer, message), cancellationToken);
    }

    private static void Hear(VenueSession session, StreamHub.PublicPeer peer, JsonElement message)
    {
        var op = StreamAnswers.Text(message, "op") ?? "";
        switch (op)
        {
            case "ping":
                StreamAnswers.Acknowledge(peer.Socket, message, op, true, "pong");
                break;
            case "subscribe":
                Subscribe(session, peer, message);
                break;
            case "unsubscribe":
                StreamAnswers.Unsubscribe(peer.Socket, peer.Topics, message);
                break;
            default:
                StreamAnswers.Acknowledge(peer.Socket, message, op, false, "Params Error: op must be ping, subscribe or unsubscribe");
                break;
        }
    }

    private static void Subscribe(VenueSession session, StreamHub.PublicPeer peer, JsonElement message)
    {
        var asked = StreamAnswers.Arguments(message);
        var isLinear = peer.Socket.Path == "/v5/public/linear";
        string? fault = null;
        var topics = new List<(string Text, PublicTopic Topic)>();
        foreach (var text in asked)
        {
            var topic = default(PublicTopic);
            fault ??= isLinear ? PublicTopic.TryRead(session, text, out topic) : $"Invalid symbol :[{text}]";
            topics.Add((text, topic));
        }

        if (asked.Count == 0)
        {
            fault = "Params Error: args must hold at least one topic";
        }
        else if (peer.Topics.Union(asked).Sum(t => t.Length + 3) > MostArgumentCharacters)
        {
            fault = $"args size >{MostArgumentCharacters}";
        }

        StreamAnswers.Acknowledge(peer.Socket, message, "subscribe", fault is null, fault ?? "");
        foreach (var (text, topic) in fault is null ? topics : [])
        {
            if (peer.Topics.Add(text) && session.Feed.First(topic) is { } first)
            {
                peer.Socket.Send(first);
            }
        }
    }
}
