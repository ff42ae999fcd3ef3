namespace TicketBot.Host.Reports;

/// <summary>Writes report files whole or not at all.</summary>
public static class ReportFile
{
    /// <summary>Writes a file; its folder is made if it is missing.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        await File.WriteAllTextAsync(full + ".new", text, cancellationToken);
        File.Move(full + ".new", full, overwrite: true);
    }
}
