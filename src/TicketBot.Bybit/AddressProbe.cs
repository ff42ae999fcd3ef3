using System.Net.Sockets;
using System.Net.WebSockets;

namespace TicketBot.Bybit;

/// <summary>Whether a stream's address answers.</summary>
public static class AddressProbe
{
    private static readonly ReadOnlyMemory<byte> Ping = """{"op":"ping"}"""u8.ToArray();

    /// <summary>Opens a stream, says ping and waits for any frame; returns <c>null</c> when one came, else why not.</summary>
    /// <param name="address">Address of a stream.</param>
    /// <param name="limit">Longest wait for both together.</param>
    /// <param name="time">Wall time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<string?> AskAsync(Uri address, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var socket = new ClientWebSocket();
        try
        {
            await socket.ConnectAsync(address, either.Token);
            await socket.SendAsync(Ping, WebSocketMessageType.Text, endOfMessage: true, either.Token);
            var answer = await socket.ReceiveAsync(new Memory<byte>(new byte[4096]), either.Token);
            return answer.MessageType == WebSocketMessageType.Close ? $"it was closed at once ({socket.CloseStatus} {socket.CloseStatusDescription})" : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {limit.TotalMilliseconds:F0} ms";
        }
        catch (Exception e) when (e is WebSocketException or HttpRequestException or IOException or SocketException)
        {
            return e.GetBaseException().Message;
        }
    }
}
