using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace TicketBot.Storage;

/// <summary>Holds a file for one writer process. The operating system's lock on <c>FILE.lock</c> is the truth, so a writer that was
/// killed blocks nobody; <c>FILE.owner</c> names the holder (host and process id) for people.</summary>
internal sealed class WriterLock : IDisposable
{
    private readonly FileStream _held;
    private readonly string _ownerPath;

    private WriterLock(FileStream held, string ownerPath) => (_held, _ownerPath) = (held, ownerPath);

    private sealed record Owner(string Host, int Pid);

    /// <summary>Takes the lock of <paramref name="path"/>.</summary>
    /// <exception cref="StorageException">Another writer holds it.</exception>
    public static WriterLock Take(string path, ILogger? logger)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var ownerPath = path + ".owner";
        FileStream held;
        try
        {
            held = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new StorageException(
                $"{path} is being written by {Describe(ownerPath)}; one data folder has one trader. Stop that process, or give this one another "
                + "Storage:DataFolder", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StorageException($"{path}.lock cannot be written; check that the folder belongs to this user", exception);
        }

        if (File.Exists(ownerPath) && logger is not null)
        {
            Log.LockTakenOver(logger, path, Describe(ownerPath));
        }

        File.WriteAllText(ownerPath, JsonSerializer.Serialize(new Owner(Environment.MachineName, Environment.ProcessId)));
        return new WriterLock(held, ownerPath);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The owner file goes first: whoever takes the lock next must not find ours. The lock file stays, since deleting it would let
        // two processes hold "the" lock on two files of the same name.
        File.Delete(_ownerPath);
        _held.Dispose();
    }

    private static string Describe(string ownerPath)
    {
        try
        {
            return JsonSerializer.Deserialize<Owner>(File.ReadAllText(ownerPath)) is { } owner
                ? $"process {owner.Pid} on {owner.Host}"
                : "an unnamed process";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return "an unnamed process";
        }
    }
}
