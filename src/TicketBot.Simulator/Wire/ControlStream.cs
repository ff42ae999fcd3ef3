using System.Text;

namespace TicketBot.Simulator.Wire;

/// <summary>What clients may say on <c>/simulator/control</c>: <c>attach</c> with a key, then <c>sent</c> with a step. Faults leave it alone.</summary>
internal static class ControlStream
{
    /// <summary>Serves a socket until it ends.</summary>
    internal static async Task ServeAsync(VenueSession session, SocketPeer socket, CancellationToken cancellationToken)
    {
        StreamHub.ControlPeer? peer = null;
        try
        {
            await socket.ServeAsync(
                message =>
                {
                    switch (StreamAnswers.Text(message, "op"))
                    {
                        case "attach" when peer is null && session.SecretOf(StreamAnswers.Text(message, "key") ?? "") is not null:
                            session.Attach(peer = new StreamHub.ControlPeer(socket, StreamAnswers.Text(message, "key")!));
                            return true;
                        case "sent" when peer is not null && message.TryGetProperty("step", out var step)
                            && step.ValueKind == System.Text.Json.JsonValueKind.Number && step.TryGetInt64(out var number):
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
}
