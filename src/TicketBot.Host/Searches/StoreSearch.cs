using System.Text.Json;
using TicketBot.Bybit;
using TicketBot.Domain;
using TicketBot.Host.Configuration;
using TicketBot.Host.Jobs;
using TicketBot.Host.Running;
using TicketBot.Market;
using TicketBot.Research;
using TicketBot.Research.Admission;
using TicketBot.Research.ArchitectureSearch;
using TicketBot.Research.ArchitectureSearch.Candles;
using TicketBot.Research.ArchitectureSearch.Latency;
using TicketBot.Research.Stages;
using TicketBot.Storage;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Searches;

/// <summary>Searches architectures on the candles of the store and brings the tickets drawn from the chosen one into the registry, as a re-identification does. A search that was interrupted is taken
/// up at the candles it began with, so that its finished trainings are found.</summary>
/// <param name="settings">Configuration.</param>
/// <param name="folder">Data folder of the account.</param>
/// <param name="time">Wall time.</param>
/// <param name="loggers">Where research logs.</param>
public sealed class StoreSearch(Settings settings, DataFolder folder, TimeProvider time, ILoggerFactory loggers)
{
    private const int MostDaysOld = 7; // Of a search that is taken up: later, what it would find is a week behind the market.

    /// <summary>Searches; returns the report and the record that was kept.</summary>
    /// <param name="symbol">The contract.</param>
    /// <param name="interval">The candle length.</param>
    /// <param name="plan">How it is searched.</param>
    /// <param name="window">Candles whose feature rows a network reads at once.</param>
    /// <param name="drawsTickets">Whether tickets are drawn, judged and admitted.</param>
    /// <param name="latency">Measured latencies; null leaves latency out.</param>
    /// <param name="progress">Told how far the search is.</param>
    /// <param name="ticketProgress">Told how far the tickets are.</param>
    /// <param name="say">Told what else is going on.</param>
    /// <param name="cancellationToken">Ends it; finished trainings stay.</param>
    /// <exception cref="ResearchRefusedException">There is too little to work with; the message says what is missing.</exception>
    public async Task<(CandleSearchReport Report, SearchRecord Record)> RunAsync(
        Symbol symbol, Interval interval, ArchitectureSearchPlan plan, int window, bool drawsTickets, LatencyTable? latency, Action<ArchitectureSearchProgress> progress,
        Action<FactoryProgress> ticketProgress, Action<string> say, CancellationToken cancellationToken)
    {
        using var candles = SqliteCandleStore.Open(folder.MarketDatabase);
        using var registry = SqliteTicketRegistry.Open(folder.ResearchDatabase);
        using var runs = SqliteRunStore.Open(folder.ResearchDatabase);
        using var ledger = SqliteTrialLedger.Open(folder.ResearchDatabase);
        var (research, trading) = (settings.Get<ResearchOptions>(), settings.Get<TradingOptions>());
        var input = await ResearchWork.InputAsync(settings, folder, candles, symbol, interval, cancellationToken);
        var source = $"candles of the store, windows of {window}";
        var archive = new SearchArchive(folder.SearchesFolder);
        var open = new SearchRecord
        {
            Name = $"{symbol} {interval} open", Source = source, AsOfMs = input.AsOf.UnixMilliseconds, Plan = StageHash.Of("search", JsonSerializer.Serialize(plan), window, drawsTickets),
        };
        if (archive.Find(open.Name) is { } begun && begun.Plan == open.Plan && open.AsOfMs - begun.AsOfMs is >= 0 and <= MostDaysOld * Instant.MillisecondsPerDay)
        {
            (open, input) = (begun, input with { AsOf = new Instant(begun.AsOfMs) });
            say($"{symbol} {interval}: a search as of {input.AsOf} was interrupted and goes on");
        }

        await archive.KeepAsync(open, cancellationToken);
        CandleSearchReport report;
        try
        {
            var search = new CandleSearch(research, settings.Get<MarketOptions>(), trading, time, loggers.CreateLogger<TicketFactory>());
            report = await search.RunAsync(
                new CandleSearchRequest { Input = input, Plan = plan, Window = window, Latency = latency, DrawsTickets = drawsTickets, Progress = progress, TicketProgress = ticketProgress, Say = say },
                runs, ledger, cancellationToken);
        }
        catch (ResearchRefusedException)
        {
            archive.Forget(open.Name); // It would be refused again.
            throw;
        }

        var admitted = "";
        if (report.Tickets is { } found)
        {
            var admission = new TicketAdmission(registry, research, trading, loggers.CreateLogger<TicketAdmission>());
            admitted = (await admission.AdmitAsync(input, found, settings.Get<BybitOptions>().Environment == ExchangeEnvironment.Simulator, cancellationToken)).Reason;
        }

        var record = SearchRecord.Of(source, report, open.Plan, admitted);
        await archive.KeepAsync(record, cancellationToken);
        archive.Forget(open.Name);
        return (report, record);
    }
}
