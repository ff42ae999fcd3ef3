using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Bybit;
using TicketBot.Host.Configuration;
using TicketBot.Host.Reports;
using TicketBot.Host.Running;
using TicketBot.Host.Searches;
using TicketBot.Market;
using TicketBot.Research;
using TicketBot.Research.ArchitectureSearch;
using TicketBot.Research.ArchitectureSearch.Candles;
using TicketBot.Research.ArchitectureSearch.Latency;
using TicketBot.Storage;
using TicketBot.Storage.Csv;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Verbs;

/// <summary>The part of <c>search</c> that works on candles: of files, whose tickets are judged, or of the store, whose tickets go into the registry.</summary>
/// <param name="verb">Streams.</param>
/// <param name="settings">Configuration.</param>
/// <param name="plan">How it is searched.</param>
/// <param name="window">Candles whose feature rows a network reads at once.</param>
/// <param name="drawsTickets">Whether tickets are drawn.</param>
/// <param name="page">HTML page to write, or <c>null</c>.</param>
internal sealed class CandleSearches(VerbContext verb, Settings settings, ArchitectureSearchPlan plan, int window, bool drawsTickets, string? page)
{
    /// <summary>Searches each file; its trials are entered in the ledger of <paramref name="database"/>, and what its tickets are worth is only said: a file belongs to no account that trades.</summary>
    /// <exception cref="UsageException">There is too little to work with.</exception>
    public async Task<int> OfFilesAsync(IReadOnlyList<CandleFile> files, LatencyTable? latency, string database, CancellationToken cancellationToken)
    {
        if (page is not null && files.Count > 1)
        {
            throw new UsageException($"--report shows one search, {files.Count} files were given; search one after the other");
        }

        var (shared, trading) = (settings.Get<ResearchOptions>(), settings.Get<TradingOptions>());
        var research = shared.With(shared.Architecture, shared.Window);
        research.Alpha /= files.Count; // The tickets of one call are one family, as those of evaluate are.
        using var runs = SqliteRunStore.Open(database);
        using var ledger = SqliteTrialLedger.Open(database);
        var archive = new SearchArchive(Path.Combine(settings.Get<StorageOptions>().DataFolder, SearchArchive.FolderName));
        var documents = new List<object>();
        foreach (var file in files)
        {
            var profile = CostProfile.Of(file.Hours, trading, shared);
            verb.Say($"{file.Symbol} {profile}");
            var input = new SearchInput { Symbol = file.Symbol, Interval = file.Interval, Hours = file.Hours, Candles = file.Candles, AsOf = file.Interval.CloseOf(file.Candles[^1].OpenTime) };
            var progress = new ProgressLines(verb.Error, TimeProvider.System);
            CandleSearchReport report;
            try
            {
                report = await new CandleSearch(research, settings.Get<MarketOptions>(), profile.ApplyTo(trading), TimeProvider.System, NullLogger<TicketFactory>.Instance).RunAsync(
                    new CandleSearchRequest
                    {
                        Input = input, Plan = plan, Window = window, Latency = latency, DrawsTickets = drawsTickets, Progress = p => Say(progress, p),
                        TicketProgress = p => verb.Say($"{file.Symbol} {p.Stage} {p.Done}/{p.Of} {p.Detail}"), Say = verb.Say,
                    },
                    runs, ledger, cancellationToken);
            }
            catch (ResearchRefusedException refusal)
            {
                throw new UsageException($"{file.Path}: {refusal.Message}", refusal);
            }

            var name = Path.GetFileName(file.Path);
            documents.Add(Tell(report, name, profile, null));
            await KeepAsync(verb, archive, SearchRecord.Of(name, report), page, cancellationToken);
        }

        if (verb.WantsJson)
        {
            verb.WriteJson(documents.Count == 1 ? documents[0] : new { searches = documents });
        }

        return Exit.Done;
    }

    /// <summary>Searches a series of the store; its tickets go into the registry as those of a re-identification do.</summary>
    /// <exception cref="ResearchRefusedException">There is too little to work with.</exception>
    public async Task<int> OfStoreAsync(SeriesKey series, LatencyTable? latency, CancellationToken cancellationToken)
    {
        var folder = DataFolder.OfLastRun(settings.Get<StorageOptions>().DataFolder, settings.Get<BybitOptions>().Environment);
        var progress = new ProgressLines(verb.Error, TimeProvider.System);
        var (report, record) = await new StoreSearch(settings, folder, TimeProvider.System, NullLoggerFactory.Instance).RunAsync(
            series.Symbol, series.Interval, plan, window, drawsTickets, latency, p => Say(progress, p), p => verb.Say($"{series.Symbol} {p.Stage} {p.Done}/{p.Of} {p.Detail}"), verb.Say, cancellationToken);
        var document = Tell(report, $"{series} of the store", CostProfile.Of(Market.Candles.TradingHours.Always, settings.Get<TradingOptions>(), settings.Get<ResearchOptions>()), record.Admission);
        await KeepAsync(verb, null, record, page, cancellationToken);
        if (verb.WantsJson)
        {
            verb.WriteJson(document);
        }

        return Exit.Done;
    }

    /// <summary>Keeps a finished search for the dashboard, and writes its page where one is asked for.</summary>
    /// <param name="verb">Streams.</param>
    /// <param name="archive">Where it is kept; <c>null</c> where it is already.</param>
    /// <param name="record">The search.</param>
    /// <param name="page">HTML page to write, or <c>null</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task KeepAsync(VerbContext verb, SearchArchive? archive, SearchRecord record, string? page, CancellationToken cancellationToken)
    {
        if (archive is not null)
        {
            await archive.KeepAsync(record, cancellationToken);
        }

        if (page is not null)
        {
            await ReportFile.WriteAsync(page, ArchitectureSearchPage.Of(record), cancellationToken);
            verb.Say($"wrote {Path.GetFullPath(page)}");
        }
    }

    private static void Say(ProgressLines progress, ArchitectureSearchProgress p) =>
        progress.Say(p.Done, p.Of, p.Reused, FormattableString.Invariant($"front of {p.Front}; {p.Detail}"));

    // For people at once; as a document, for the end.
    private object Tell(CandleSearchReport report, string name, CostProfile profile, string? admission)
    {
        var evaluated = report.Tickets is { } tickets ? new EvaluatedFile(name, tickets.Report, profile) : null;
        if (!verb.WantsJson)
        {
            ArchitectureSearchText.Write(verb.Output, report, evaluated, admission);
        }

        return ArchitectureSearchDocument.Of(report.Search, ArchitectureSearchDocument.CandlesOf(report, evaluated, admission));
    }
}
