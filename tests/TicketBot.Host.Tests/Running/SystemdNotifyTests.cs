using System.Net.Sockets;
using System.Text;
using TicketBot.Host.Health;

namespace TicketBot.Host.Tests.Running;

public sealed class SystemdNotifyTests
{
    [Fact]
    public void Says_ready_progress_and_stopping_over_the_socket_that_the_environment_names()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("ticketbot-notify-").FullName, "notify");
        using var supervisor = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        supervisor.Bind(new UnixDomainSocketEndPoint(path));
        supervisor.ReceiveTimeout = 10_000;
        using var notify = new SystemdNotify(name => name switch { "NOTIFY_SOCKET" => path, "WATCHDOG_USEC" => "30000000", _ => null });
        Assert.Equal(TimeSpan.FromSeconds(30), notify.WatchdogInterval);
        notify.Ready("trading");
        Assert.Equal("READY=1\nSTATUS=trading", Receive(supervisor));
        notify.Progress("equity 1");
        Assert.Equal("WATCHDOG=1\nSTATUS=equity 1", Receive(supervisor));
        notify.Stopping();
        Assert.Equal("STOPPING=1", Receive(supervisor));
    }

    [Fact]
    public void Without_a_supervisor_it_says_nothing()
    {
        using var notify = new SystemdNotify(_ => null);
        notify.Ready("trading");
        Assert.Null(notify.WatchdogInterval);
    }

    [Fact]
    public void A_supervisor_that_went_away_is_no_fault()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("ticketbot-notify-").FullName, "notify");
        var supervisor = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        supervisor.Bind(new UnixDomainSocketEndPoint(path));
        using var notify = new SystemdNotify(name => name == "NOTIFY_SOCKET" ? path : null);
        supervisor.Dispose();
        notify.Progress("still here");
    }

    private static string Receive(Socket socket)
    {
        var buffer = new byte[256];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }
}
