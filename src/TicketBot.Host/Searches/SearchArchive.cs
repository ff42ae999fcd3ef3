using TicketBot.Host.Reports;

namespace TicketBot.Host.Searches;

/// <summary>The searches of a folder: the newest of each name, as one JSON file.</summary>
/// <param name="folder">The folder; it need not be there yet.</param>
public sealed class SearchArchive(string folder)
{
    private const string Extension = ".json";

    /// <summary>Name of the folder in an account's folder, and, for tables and candle files, in the data folder.</summary>
    public const string FolderName = "searches";

    /// <summary>Returns every search with the key it is asked for by, by key; files that cannot be read are left out.</summary>
    public IReadOnlyList<(string Key, SearchRecord Search)> All()
    {
        var found = new List<(string, SearchRecord)>();
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + Extension).Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            if (Read(file) is { } search)
            {
                found.Add((Path.GetFileNameWithoutExtension(file), search));
            }
        }

        return found;
    }

    /// <summary>Returns the search kept under a name, or <c>null</c>.</summary>
    public SearchRecord? Find(string name) => Read(PathOf(name));

    /// <summary>Keeps a search in the place of an earlier one of its name.</summary>
    public Task KeepAsync(SearchRecord search, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        return ReportFile.WriteAsync(PathOf(search.Name), search.Text(), cancellationToken);
    }

    /// <summary>Forgets the search of a name.</summary>
    public void Forget(string name) => File.Delete(PathOf(name));

    private string PathOf(string name) => Path.Combine(folder, string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_')) + Extension);

    // A file of another version, or one half deleted by hand, is as good as none: the search can be made again.
    private static SearchRecord? Read(string file)
    {
        try
        {
            return File.Exists(file) ? SearchRecord.Parse(File.ReadAllText(file)) : null;
        }
        catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
