using TicketBot.Host.Running;
using TicketBot.Market.Regimes;
using TicketBot.Storage;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Verbs;

/// <summary>Reads what trades, for a backtest: the live tickets of a registry, or ticket files with their regime sets.</summary>
public static class TicketSets
{
    /// <summary>Pattern of the files in which exported regime sets lie beside exported tickets.</summary>
    public const string RegimeFiles = "regimes-*.json";

    /// <summary>Returns the name of a regime set's file.</summary>
    public static string RegimeFileOf(RegimeSetId id) => $"regimes-{id.Value[..12]}.json";

    /// <summary>Returns the sets of the series that have one.</summary>
    /// <param name="folder">A data folder, its folder of tickets, or a folder of exported tickets.</param>
    /// <param name="series">The series wanted.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="UsageException">The folder holds no tickets, or they do not go together.</exception>
    public static async Task<IReadOnlyList<TicketSet>> ReadAsync(string folder, IReadOnlyCollection<SeriesKey> series, CancellationToken cancellationToken)
    {
        // A registry's ticket files lie below it; which of them trade stands in the registry alone.
        var registry = RunFolder.Find(folder, "research.db")
            ?? (Path.GetFullPath(Path.Combine(folder, "..")) is var above && Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) == "tickets"
                ? RunFolder.Find(above, "research.db") : null);
        if (registry is not null)
        {
            return await LiveAsync(Path.Combine(registry, "research.db"), series, cancellationToken);
        }

        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, $"*{TicketFile.Extension}") : [];
        if (files.Length == 0)
        {
            throw new UsageException($"'{folder}' holds neither research.db nor a ticket file (*{TicketFile.Extension}); give a data folder, or export tickets into a folder");
        }

        var regimes = Directory.EnumerateFiles(folder, RegimeFiles).Select(RegimesOf).DistinctBy(r => r.Id).ToDictionary(r => r.Id);
        var tickets = files.Order(StringComparer.Ordinal).Select(f => TicketFile.Read(f)).DistinctBy(t => t.Id).ToList();
        return [.. series.Select(s => SetOf(folder, s, [.. tickets.Where(t => t.Symbol == s.Symbol && t.Interval == s.Interval)], regimes)).OfType<TicketSet>()];
    }

    private static async Task<IReadOnlyList<TicketSet>> LiveAsync(string database, IReadOnlyCollection<SeriesKey> series, CancellationToken cancellationToken)
    {
        using var registry = SqliteTicketRegistry.Open(database);
        var sets = new List<TicketSet>();
        foreach (var one in series)
        {
            if (await registry.ActiveSetAsync(one.Symbol, one.Interval, cancellationToken) is { } set)
            {
                sets.Add(set);
            }
        }

        return sets;
    }

    private static TicketSet? SetOf(string folder, SeriesKey series, IReadOnlyList<Ticket> tickets, Dictionary<RegimeSetId, RegimeSet> regimes)
    {
        if (tickets.Count == 0)
        {
            return null;
        }

        var ids = tickets.Select(t => t.RegimeSetId).Distinct().ToList();
        if (ids.Count > 1)
        {
            throw new UsageException($"the tickets of {series} in '{folder}' belong to {ids.Count} regime sets; one is in force at a time: keep the tickets of one");
        }

        if (tickets.GroupBy(t => t.Regime).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new UsageException($"'{folder}' holds {twice.Count()} tickets of {series} for the regime {twice.Key}: {string.Join(" and ", twice.Select(t => t.Id.Short))}; keep one");
        }

        return regimes.TryGetValue(ids[0], out var set)
            ? new TicketSet(series.Symbol, series.Interval, set, tickets)
            : throw new UsageException($"'{folder}' lacks the regime set {ids[0]} of its {series} tickets; 'ticketbot tickets export' writes it as {RegimeFileOf(ids[0])} beside the ticket");
    }

    private static RegimeSet RegimesOf(string path)
    {
        try
        {
            return RegimeSet.FromJson(File.ReadAllText(path));
        }
        catch (FormatException fault)
        {
            throw new UsageException($"'{path}' is no regime set: {fault.Message}; export the ticket again", fault);
        }
    }
}
