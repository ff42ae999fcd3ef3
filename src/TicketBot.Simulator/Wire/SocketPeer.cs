using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace TicketBot.Simulator.Wire;

/// <summary>One client's socket: frames out in the order they were given, text messages in. A client that lets 200,000 frames pile up, sends a
/// message of more than a million bytes or says nothing for its idle time is cut.</summary>
internal sealed class SocketPeer(WebSocket socket, string path, long number, TimeSpan idle, TimeProvider clock)
{
    private const int MostFrames = 200_000;
    private const int MostMessageBytes = 1_000_000;
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
            socket.Abort(); // The client is gone or idle, or the server stops; nothing is left to say.
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
        using var patience = new CancellationTokenSource(idle, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), either.Token);
            patience.CancelAfter(idle);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", cancellationToken);
                return;
            }

            message.Write(buffer, 0, part.Count);
            if (message.Length > MostMessageBytes)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig, "", cancellationToken);
                return;
            }

            if (!part.EndOfMessage)
            {
                continue;
            }

            var goesOn = Read(message.GetBuffer().AsMemory(0, (int)message.Length), receive);
            message.SetLength(0);
            if (!goesOn)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, "", cancellationToken);
                return;
            }
        }
    }

    private bool Read(ReadOnlyMemory<byte> message, Func<JsonElement, bool> receive)
    {
        using var document = WireText.TryParse(message);
        if (document is { RootElement.ValueKind: JsonValueKind.Object })
        {
            return receive(document.RootElement);
        }

        Send(Encoding.UTF8.GetBytes("""{"success":false,"ret_msg":"Params Error: a message is one JSON object","op":""}"""));
        return true;
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
