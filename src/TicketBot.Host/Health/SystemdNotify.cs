using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace TicketBot.Host.Health;

/// <summary>Tells systemd how the daemon is, over the datagram socket that it names in <c>NOTIFY_SOCKET</c> (sd_notify(3)); does nothing
/// without one.</summary>
public sealed class SystemdNotify : IDisposable
{
    private readonly Socket? _socket;

    /// <summary>Opens the socket that the environment names.</summary>
    public SystemdNotify(Func<string, string?> variable)
    {
        WatchdogInterval = long.TryParse(variable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
        var path = variable("NOTIFY_SOCKET");
        if (string.IsNullOrEmpty(path))
        {
            return;
        }

        // An address that begins with '@' lies in the abstract namespace, whose names begin with a zero byte.
        var end = new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path);
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        _socket.Connect(end);
    }

    /// <summary>Within which time the watchdog wants to be fed, or <c>null</c> when there is none.</summary>
    public TimeSpan? WatchdogInterval { get; }

    /// <summary>The daemon trades.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={status}");

    /// <summary>The trading loop got on.</summary>
    public void Progress(string status) => Send($"WATCHDOG=1\nSTATUS={status}");

    /// <summary>The daemon stops.</summary>
    public void Stopping() => Send("STOPPING=1");

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private void Send(string text)
    {
        try
        {
            _socket?.Send(Encoding.UTF8.GetBytes(text));
        }
        catch (SocketException)
        {
            // The supervisor is gone; trading goes on without it.
        }
    }
}
