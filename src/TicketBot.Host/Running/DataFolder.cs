using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Running;

/// <summary>The files of one environment's data folder; environments never share one.</summary>
public sealed class DataFolder
{
    /// <summary>Names the folder of an environment, creating it when missing.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    public DataFolder(string root, ExchangeEnvironment environment)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetFullPath(root), environment.ToString().ToLowerInvariant());
        Directory.CreateDirectory(Path);
    }

    /// <summary>Full path of the folder.</summary>
    public string Path { get; }

    /// <summary>Candles.</summary>
    public string MarketDatabase => In("market.db");

    /// <summary>Regime sets, tickets, ledger, runs.</summary>
    public string ResearchDatabase => In("research.db");

    /// <summary>What came in and what was decided.</summary>
    public string JournalDatabase => In("journal.db");

    /// <summary>What the simulated venue keeps across restarts.</summary>
    public string VenueFolder => In("venue");

    /// <summary>Address and token of the running daemon.</summary>
    public string DaemonFile => In("daemon.json");

    /// <summary>Held open by the running daemon.</summary>
    public string LockFile => In("daemon.lock");

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
