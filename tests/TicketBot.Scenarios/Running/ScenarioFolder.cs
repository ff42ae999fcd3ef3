namespace TicketBot.Scenarios.Running;

/// <summary>A data folder of one scenario, removed afterwards.</summary>
internal sealed class ScenarioFolder : IDisposable
{
    /// <summary>Full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("ticketbot-scenario-").FullName;

    /// <summary>Folder of the simulator's environment inside it.</summary>
    public string Environment => System.IO.Path.Combine(Path, "simulator");

    /// <summary>Returns the path of a file of the simulator's environment.</summary>
    public string FileOf(string name) => System.IO.Path.Combine(Environment, name);

    /// <summary>Copies a file of another folder's environment.</summary>
    public void Take(ScenarioFolder from, string name)
    {
        Directory.CreateDirectory(Environment);
        foreach (var file in Directory.GetFiles(from.Environment, name + "*"))
        {
            File.Copy(file, System.IO.Path.Combine(Environment, System.IO.Path.GetFileName(file)), overwrite: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
