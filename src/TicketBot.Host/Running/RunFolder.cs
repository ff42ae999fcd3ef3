namespace TicketBot.Host.Running;

/// <summary>Finds the folder of databases that a path means: an account's folder itself, or a data folder above it.</summary>
public static class RunFolder
{
    /// <summary>Returns the folder that holds <paramref name="database"/>: <paramref name="path"/>, or the folder of the last run of the
    /// environment or data folder that it is; <c>null</c> when there is none.</summary>
    public static string? Find(string path, string database)
    {
        if (File.Exists(Path.Combine(path, database)))
        {
            return path;
        }

        var current = Path.Combine(path, DataFolder.CurrentName);
        if (File.Exists(current) && Path.Combine(path, File.ReadAllText(current).Trim()) is var last && File.Exists(Path.Combine(last, database)))
        {
            return last;
        }

        var below = Directory.Exists(path)
            ? Directory.EnumerateDirectories(path).Where(d => File.Exists(Path.Combine(d, DataFolder.CurrentName))).ToList()
            : [];
        return below is [var environment] ? Find(environment, database) : null;
    }
}
