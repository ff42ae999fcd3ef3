using System.Net.WebSockets;

namespace TicketBot.Bybit.Streams;

/// <summary>An open socket whose sends are one at a time. Safe for use by several threads.</summary>
internal sealed class SocketSession : IDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly SemaphoreSlim _sending = new(1);

    public SocketSession(ClientWebSocket socket) => _socket = socket;

    /// <summary>Sends one text frame.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Says goodbye.</summary>
    public Task CloseAsync(CancellationToken cancellationToken) =>
        _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);

    public void Dispose() => _sending.Dispose();
}
