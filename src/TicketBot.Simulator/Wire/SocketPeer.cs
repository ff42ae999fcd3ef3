using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace TicketBot.Simulator.Wire;

/// <summary>One client's socket: frames out in the order they were given, text messages in. A client that lets 200,000 frames pile up is cut.</summary>
internal sealed class SocketPeer(WebSocket socket, string path, long number)
{
    private const int MostFrames = 200_000;
    private readonly Channel<byte[]> _out = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostFrames) { SingleReader = true });

    internal string ConnectionId { get; } = number.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>The path it was opened on.</summary>
    internal string Path { get; } = path;

    /// <summary>Key of the account it speaks for, or <c>null</c>.</summary>
    internal string? AccountKey { get; set; }

    /// <summary>Whether it has fallen silent.</summary>
    internal bool IsMute { get; private set; }

    /// <summary>Lets it stay connected and say nothing any more.</summary>
    internal void Mute() => IsMute = true;

    /// <summary>Cuts the connection without a closing handshake.</summary>
    internal void Cut()
    {
        IsMute = true;
        _out.Writer.TryComplete();
        socket.Abort();
    }

    /// <summary>Queues a frame, never waits; returns whether it was queued.</summary>
    internal bool Send(byte[] frame)
    {
        if (IsMute)
        {
            return false;
        }

        if (!_out.Writer.TryWrite(frame))
        {
            _out.Writer.TryComplete();
            socket.Abort();
            return false;
        }

        return true;
    }

    /// <summary>Serves the socket until either side closes it; <paramref name="receive"/> is given each text message in order and says whether to go on.</summary>
    internal async Task ServeAsync(Func<JsonElement, bool> receive, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = SendLoopAsync(ending.Token);
        try
        {
            await ReceiveLoopAsync(receive, ending.Token);
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException)
        {
            socket.Abort(); // The client is gone or the server stops; nothing is left to say.
        }
        finally
        {
            _out.Writer.TryComplete();
            await ending.CancelAsync();
            await sending;
        }
    }

    private async Task ReceiveLoopAsync(Func<JsonElement, bool> receive, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        using var message = new MemoryStream();
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", cancellationToken);
                return;
            }

            message.Write(buffer, 0, part.Count);
            if (!part.EndOfMessage)
            {
                continue;
            }

            bool goesOn;
            try
            {
                using var document = JsonDocument.Parse(message.GetBuffer().AsMemory(0, (int)message.Length));
                goesOn = receive(document.RootElement);
            }
            catch (JsonException)
            {
                Send(Encoding.UTF8.GetBytes("""{"success":false,"ret_msg":"Params Error: a message is one JSON object"}"""));
                goesOn = true;
            }

            message.SetLength(0);
            if (!goesOn)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, "", cancellationToken);
                return;
            }
        }
    }

    private async Task SendLoopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var frame in _out.Reader.ReadAllAsync(cancellationToken))
            {
                await socket.SendAsync(frame, WebSocketMessageType.Text, true, cancellationToken);
            }
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException)
        {
            socket.Abort();
        }
    }
}
