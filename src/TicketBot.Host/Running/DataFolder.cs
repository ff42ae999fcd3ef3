using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Running;

/// <summary>The files of one account's data folder. Environments never share one, and neither do two simulated markets: the folder of an
/// environment holds the daemon's address and lock, and below it each simulated account has a folder of its own.</summary>
public sealed class DataFolder
{
    /// <summary>Name of the lock file in an environment's folder.</summary>
    public const string LockName = "daemon.lock";

    /// <summary>Name of the note in an environment's folder that says which account its last run used.</summary>
    public const string CurrentName = "current";

    private const string VenueName = "venue";
    private readonly string _environmentFolder;

    private DataFolder(string environmentFolder, string path) => (_environmentFolder, Path) = (environmentFolder, path);

    /// <summary>Full path of the account's folder.</summary>
    public string Path { get; }

    /// <summary>Candles.</summary>
    public string MarketDatabase => In("market.db");

    /// <summary>Regime sets, tickets, ledger, runs.</summary>
    public string ResearchDatabase => In("research.db");

    /// <summary>Reports on tickets, one page and one JSON document each, named by the ticket's id.</summary>
    public string ReportsFolder => In("reports");

    /// <summary>What passes between markets and from old rows to new ones: the map of domains, and the last adaptation of each series.</summary>
    public string TransferFolder => In("transfer");

    /// <summary>Searches for architectures on this account's candles.</summary>
    public string SearchesFolder => In(Searches.SearchArchive.FolderName);

    /// <summary>Searches for architectures on tables and candle files, which belong to no account.</summary>
    public string SharedSearchesFolder => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(_environmentFolder)!, Searches.SearchArchive.FolderName);

    /// <summary>What came in and what was decided.</summary>
    public string JournalDatabase => In("journal.db");

    /// <summary>What the simulated venue keeps across restarts.</summary>
    public string VenueFolder => In(VenueName);

    /// <summary>The configuration of the last run: child processes and replays of the journal use it.</summary>
    public string EffectiveConfiguration => In("effective.json");

    /// <summary>Address and token of the running daemon.</summary>
    public string DaemonFile => System.IO.Path.Combine(_environmentFolder, "daemon.json");

    /// <summary>Held open by the running daemon.</summary>
    public string LockFile => System.IO.Path.Combine(_environmentFolder, LockName);

    /// <summary>Returns the folder of a run and notes it as the environment's current one; <paramref name="account"/> names a simulated
    /// account, <c>null</c> the only account of a real venue.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    public static DataFolder OfRun(string root, ExchangeEnvironment environment, string? account)
    {
        var above = EnvironmentFolder(root, environment);
        var folder = new DataFolder(above, account is null ? above : System.IO.Path.Combine(above, account));
        Directory.CreateDirectory(folder.Path);
        File.WriteAllText(System.IO.Path.Combine(above, CurrentName), account ?? "");
        return folder;
    }

    /// <summary>Returns the folder that the environment's last run used: what verbs without a market of their own work on.</summary>
    public static DataFolder OfLastRun(string root, ExchangeEnvironment environment)
    {
        var above = EnvironmentFolder(root, environment);
        var note = System.IO.Path.Combine(above, CurrentName);
        var account = File.Exists(note) ? File.ReadAllText(note).Trim() : "";
        return new DataFolder(above, account.Length == 0 ? above : System.IO.Path.Combine(above, account));
    }

    /// <summary>Returns the path of an environment's folder.</summary>
    public static string EnvironmentFolder(string root, ExchangeEnvironment environment) =>
        System.IO.Path.Combine(System.IO.Path.GetFullPath(root), environment.ToString().ToLowerInvariant());

    /// <summary>Returns where a simulated account remembers its venue.</summary>
    public static string VenueFolderOf(string root, ExchangeEnvironment environment, string account) =>
        System.IO.Path.Combine(EnvironmentFolder(root, environment), account, VenueName);

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
