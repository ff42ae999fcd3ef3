using TicketBot.Domain;
using TicketBot.Host.Configuration;
using TicketBot.Host.Running;
using TicketBot.Research;
using TicketBot.Research.Transfer;
using TicketBot.Storage;
using TicketBot.Trading;

namespace TicketBot.Host.Jobs;

/// <summary>Measures how alike the markets of the candle store are and keeps the map for the page. The daemon runs it in a child.</summary>
/// <param name="settings">Configuration.</param>
/// <param name="folder">Data folder.</param>
public sealed class DomainMapWork(Settings settings, DataFolder folder)
{
    /// <summary>Does it; returns what came of it in plain words.</summary>
    /// <param name="progress">Told of each pair: done, of, and its name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<string> RunAsync(Action<int, int, string> progress, CancellationToken cancellationToken)
    {
        var interval = Interval.Parse(settings.Get<TradingOptions>().Interval);
        using var store = SqliteCandleStore.Open(folder.MarketDatabase);
        var markets = await MarketTables.ReadAsync(store, interval, settings.Get<ResearchOptions>(), cancellationToken);
        if (markets.Tables.Count < 2)
        {
            return $"skipped: {markets.Tables.Count} market of {interval} has rows enough, two are needed to compare{(markets.LeftOut.Count == 0 ? "; fetch or import another" : $"; left out: {string.Join("; ", markets.LeftOut)}")}";
        }

        var map = DomainMap.Of(interval, markets.Tables, markets.LeftOut, progress, cancellationToken);
        await new TransferFiles(folder).WriteAsync(map, markets.Newest, cancellationToken);
        var most = map.Pairs.MaxBy(pair => pair.Similarity)!;
        return FormattableString.Invariant($"{map.Pairs.Count} pairs of {map.Symbols.Count} markets; most alike {most.Source} to {most.Target} at {most.Similarity:0.000}{(map.LeftOut.Count == 0 ? "" : $"; left out: {string.Join("; ", map.LeftOut)}")}");
    }
}
