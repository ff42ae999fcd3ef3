using TicketBot.Host.Running;

namespace TicketBot.Host.Tests.Running;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class DaemonFileTests
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("ticketbot-daemon-").FullName, "daemon.json");

    [Fact]
    public void Only_the_owner_can_read_it_also_when_it_replaces_another()
    {
        File.WriteAllText(_path, "old");
        new DaemonFile("http://127.0.0.1:1", "secret", 7).Write(_path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_path));
        Assert.Equal(new DaemonFile("http://127.0.0.1:1", "secret", 7), DaemonFile.Read(_path));
    }

    [Fact]
    public void Without_a_file_there_is_no_daemon() => Assert.Null(DaemonFile.Read(_path));

    [Fact]
    public void A_damaged_file_is_a_fault_of_the_world()
    {
        File.WriteAllText(_path, "{");
        Assert.Contains("damaged", Assert.Throws<IOException>(() => DaemonFile.Read(_path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_differ() => Assert.NotEqual(DaemonFile.NewToken(), DaemonFile.NewToken());
}
