using System.Security.Cryptography;
using System.Text.Json;

namespace TicketBot.Host.Running;

/// <summary>How the client verbs find the running daemon: written to the data folder with mode 600, removed at a clean stop.</summary>
/// <param name="Address">Address of the local API, without a trailing slash.</param>
/// <param name="Token">Secret that actions need.</param>
/// <param name="ProcessId">The daemon's process.</param>
public sealed record DaemonFile(string Address, string Token, int ProcessId)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Returns a new secret of 32 random bytes as hex; unlike all other chance here it must not be foreseeable.</summary>
    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>Writes the file so that only its owner can read it.</summary>
    public void Write(string path)
    {
        var temporary = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        File.Delete(temporary);
        using (var file = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(file, this, Form);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Returns what the file holds, or <c>null</c> when there is none.</summary>
    /// <exception cref="IOException">The file is damaged.</exception>
    public static DaemonFile? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<DaemonFile>(File.ReadAllText(path), Form);
        }
        catch (JsonException fault)
        {
            throw new IOException($"'{path}' is damaged ({fault.Message}); restart the daemon to write it anew", fault);
        }
    }
}
