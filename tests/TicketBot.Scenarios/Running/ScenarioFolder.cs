using System.Text.Json;

namespace TicketBot.Scenarios.Running;

/// <summary>A data folder of one scenario, removed afterwards.</summary>
internal sealed class ScenarioFolder : IDisposable
{
    /// <summary>Full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("ticketbot-scenario-").FullName;

    /// <summary>The token of the daemon that runs on it.</summary>
    public string Token
    {
        get
        {
            using var file = JsonDocument.Parse(File.ReadAllText(FileOf("daemon.json")));
            return file.RootElement.GetProperty("token").GetString()!;
        }
    }

    /// <summary>Returns the files of that name, wherever in the folder.</summary>
    public IReadOnlyList<string> FilesOf(string name) => Directory.GetFiles(Path, name, SearchOption.AllDirectories);

    /// <summary>Returns the one file of that name, wherever in the folder.</summary>
    public string FileOf(string name) => FilesOf(name) is [var only]
        ? only
        : throw new InvalidOperationException($"one {name} was expected in {Path}, found {FilesOf(name).Count} among: {string.Join(", ", FilesOf("*"))}");

    /// <summary>Copies the files of another folder that match <paramref name="pattern"/> to the same places in this one.</summary>
    public void Take(ScenarioFolder from, string pattern)
    {
        foreach (var file in from.FilesOf(pattern))
        {
            var to = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(from.Path, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(to)!);
            File.Copy(file, to, overwrite: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
