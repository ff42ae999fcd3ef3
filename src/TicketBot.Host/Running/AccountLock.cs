using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Running;

/// <summary>Holds an account of a real venue for one daemon of this machine, whatever data folder it works on: two that trade one account
/// would fight over each other's positions.</summary>
/// <remarks>The operating system's lock on the <c>.lock</c> file is the truth, so a daemon that was killed blocks nobody; the <c>.json</c>
/// file beside it says who holds it. On a folder that several machines share that lock may not reach across, so there the word of
/// another host counts until it is taken away by hand.</remarks>
public sealed class AccountLock : IDisposable
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly FileStream _held;
    private readonly string _ownerPath;

    private AccountLock(FileStream held, string ownerPath, AccountOwner? recovered) => (_held, _ownerPath, Recovered) = (held, ownerPath, recovered);

    /// <summary>Who held it before and did not give it back (the process was killed), or <c>null</c>.</summary>
    public AccountOwner? Recovered { get; }

    /// <summary>Takes the lock of an account.</summary>
    /// <param name="folder">Folder of the locks, the same for every daemon of the machine.</param>
    /// <param name="environment">Venue.</param>
    /// <param name="name">What stands for the account: a hash of the API key (the key itself never reaches the disk), or the venue's id of it.</param>
    /// <param name="self">Who takes it.</param>
    /// <exception cref="IOException">Another daemon holds it, or the folder cannot be written; the message says who and what to do.</exception>
    public static AccountLock Take(string folder, ExchangeEnvironment environment, string name, AccountOwner self)
    {
        var path = Path.Combine(Path.GetFullPath(folder), NameOf(environment, name));
        var (lockPath, ownerPath) = (path + ".lock", path + ".json");
        FileStream held;
        try
        {
            MakeFolder(Path.GetDirectoryName(path)!);
            held = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new IOException($"the account lock '{lockPath}' cannot be opened: {fault.Message}. Either a daemon of another user trades this account, then stop that one; or let this user write there, "
                + "or name another folder in Host:AccountLockFolder", fault);
        }
        catch (IOException fault) when (File.Exists(lockPath))
        {
            throw new IOException(
                $"this {environment} account is traded by another daemon: {Read(ownerPath)?.ToString() ?? "its owner file cannot be read"}. Stop that one first; "
                + "or give this one the API key of another account", fault);
        }

        try
        {
            var before = Read(ownerPath);
            if (before is not null && before.Host != self.Host)
            {
                throw new IOException(
                    $"this {environment} account is held by a daemon of another machine: {before}. If that one is stopped for certain, delete '{ownerPath}' and start again; "
                    + "or keep the folder of Host:AccountLockFolder on a disk of this machine alone");
            }

            File.WriteAllText(ownerPath, JsonSerializer.Serialize(self, Form));
            return new AccountLock(held, ownerPath, before);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The owner file goes first: whoever takes the lock next must not find ours. The lock file stays, since deleting it would let two
        // processes hold "the" lock on two files of the same name.
        File.Delete(_ownerPath);
        _held.Dispose();
    }

    private static string NameOf(ExchangeEnvironment environment, string name)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{environment}|{name}"));
        return string.Create(CultureInfo.InvariantCulture, $"{environment.ToString().ToLowerInvariant()}-{Convert.ToHexStringLower(hash.AsSpan(0, 8))}");
    }

    // Daemons of different users meet here.
    private static void MakeFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
                | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
            File.SetUnixFileMode(folder, Everybody | UnixFileMode.StickyBit);
        }
    }

    private static AccountOwner? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<AccountOwner>(File.ReadAllText(path), Form) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // It is written again by whoever holds the lock.
        }
    }
}
