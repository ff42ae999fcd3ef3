namespace TicketBot.Storage.Tests;

/// <summary>A folder of one test, deleted with it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("ticketbot-test-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    public static implicit operator string(TemporaryFolder folder) => folder._path;

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
