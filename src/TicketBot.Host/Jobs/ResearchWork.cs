using TicketBot.Bybit;
using TicketBot.Domain;
using TicketBot.Host.Configuration;
using TicketBot.Host.Reports;
using TicketBot.Host.Running;
using TicketBot.Host.Searches;
using TicketBot.Market;
using TicketBot.Research;
using TicketBot.Research.Admission;
using TicketBot.Storage;
using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Jobs;

/// <summary>Does a research job in this process: reads the candle store, writes the registry. The daemon runs it in a child.</summary>
/// <param name="settings">Configuration.</param>
/// <param name="folder">Data folder.</param>
/// <param name="time">Wall time, for durations only.</param>
/// <param name="loggers">Where research logs.</param>
public sealed class ResearchWork(Settings settings, DataFolder folder, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>Does the job for one contract; returns what came of it in plain words.</summary>
    /// <exception cref="ResearchRefusedException">There is too little to work with; the message says what is missing.</exception>
    public async Task<string> RunAsync(string name, Symbol symbol, Action<FactoryProgress> progress, CancellationToken cancellationToken)
    {
        if (name == JobNames.ArchitectureSearch)
        {
            return await SearchAsync(symbol, progress, cancellationToken);
        }

        using var candles = SqliteCandleStore.Open(folder.MarketDatabase);
        using var registry = SqliteTicketRegistry.Open(folder.ResearchDatabase);
        using var runs = SqliteRunStore.Open(folder.ResearchDatabase);
        using var ledger = SqliteTrialLedger.Open(folder.ResearchDatabase);
        var (research, trading) = (settings.Get<ResearchOptions>(), settings.Get<TradingOptions>());
        var factory = new TicketFactory(research, settings.Get<MarketOptions>(), trading, time, loggers.CreateLogger<TicketFactory>());
        var admission = new TicketAdmission(registry, research, trading, loggers.CreateLogger<TicketAdmission>());
        var input = await InputAsync(settings, folder, candles, symbol, Interval.Parse(trading.Interval), cancellationToken);
        var liveAtOnce = settings.Get<BybitOptions>().Environment == ExchangeEnvironment.Simulator;
        switch (name)
        {
            case JobNames.Reidentify:
                FactoryResult found;
                try
                {
                    found = await factory.IdentifyAsync(input, runs, ledger, progress, cancellationToken);
                }
                catch (ResearchRefusedException refusal)
                {
                    return await new ColdStart(research, candles, registry, folder).RunAsync(
                        input, refusal.Message, live => factory.ColdStartAsync(input, live, runs, ledger, progress, cancellationToken),
                        made => admission.AdmitAsync(input, made, liveAtOnce, cancellationToken), cancellationToken);
                }

                var outcome = await admission.AdmitAsync(input, found, liveAtOnce, cancellationToken);
                await ReportAsync(found, registry, candles, runs, progress, cancellationToken);
                return Text(found, outcome);
            case JobNames.Finetune or JobNames.Reevaluate when await registry.ActiveSetAsync(symbol, input.Interval, cancellationToken) is not { Tickets.Count: > 0 }:
                return $"skipped: no ticket of {symbol} {input.Interval} is live, nothing to do";
            case JobNames.Finetune:
                FactoryResult tuned;
                try
                {
                    tuned = await factory.FineTuneAsync(input, await LiveAsync(registry, input, cancellationToken), runs, ledger, progress, cancellationToken);
                }
                catch (ResearchRefusedException refusal)
                {
                    return $"skipped: {refusal.Message}"; // Nothing is wrong: there is only nothing new to train on yet.
                }

                var words = $"{Text(tuned, await admission.AdmitAsync(input, tuned, liveAtOnce, cancellationToken))}; {Forgotten(tuned)}";
                await new TransferFiles(folder).WriteAsync(input, tuned, null, words, cancellationToken);
                return words;
            case JobNames.Reevaluate:
                var live = await LiveAsync(registry, input, cancellationToken);
                var evaluations = factory.ReEvaluate(input, live, cancellationToken);
                var retired = await admission.DemoteAsync(live, evaluations, input.AsOf, cancellationToken);
                return $"{evaluations.Count} live tickets judged again, {retired} retired: {string.Join("; ", evaluations.Select(e => $"{e.Ticket.Short} {e.Reason}"))}";
            case JobNames.Challenge:
                var trials = await admission.ChallengeAsync(input, settings.Get<MarketOptions>(), cancellationToken);
                return trials.Count == 0
                    ? $"skipped: no ticket of {symbol} {input.Interval} is in shadow, nothing to do"
                    : string.Join("; ", trials.Select(t => $"{string.Join(' ', t.Tickets.Select(k => k.Id.Short))} {t.Verdict.ToString().ToLowerInvariant()}: {t.Reason}"));
            default:
                throw new ArgumentException($"a research job is one of {string.Join(' ', JobNames.All.Where(JobNames.IsResearch))}, was '{name}'", nameof(name));
        }
    }

    private async Task<string> SearchAsync(Symbol symbol, Action<FactoryProgress> progress, CancellationToken cancellationToken)
    {
        var options = settings.Get<ResearchOptions>().ArchitectureSearch;
        void Say(string text) => progress(new FactoryProgress("search", 0, 0, text));
        var file = Path.Combine(settings.Get<StorageOptions>().DataFolder, LatencyFile.Name);
        var latency = File.Exists(file) || options.LatencyWeight > 0
            ? await LatencyFile.ReadOrMeasureAsync(file, Say, (done, of) => progress(new FactoryProgress("latency", done, of, "sizes of layers measured")), cancellationToken)
            : null;
        var plan = options.Plan() with { Time = TimeSpan.FromMinutes(options.Minutes), MaxParameters = options.MaxParameters };
        var (_, record) = await new StoreSearch(settings, folder, time, loggers).RunAsync(
            symbol, Interval.Parse(settings.Get<TradingOptions>().Interval), plan, options.Window, drawsTickets: true, latency,
            p => progress(new FactoryProgress("search", p.Done, p.Of, p.Detail)), progress, Say, cancellationToken);
        return record.Outcome();
    }

    // A picture that cannot be drawn must not cost a ticket that was found.
    private async Task ReportAsync(
        FactoryResult found, SqliteTicketRegistry registry, SqliteCandleStore candles, SqliteRunStore runs, Action<FactoryProgress> progress, CancellationToken cancellationToken)
    {
        var reports = new TicketReports(folder);
        foreach (var ticket in found.Tickets.Where(t => t.Gates.Passed))
        {
            try
            {
                var entry = await registry.FindAsync(ticket.Id.Value, cancellationToken) ?? throw new ResearchRefusedException("the registry does not know it");
                await reports.MakeAsync(entry, registry, candles, runs, settings.Get<ResearchOptions>().Threads, progress, cancellationToken);
            }
            catch (Exception fault) when (fault is ResearchRefusedException or StorageException or TicketFileException or IOException or UnauthorizedAccessException)
            {
                Log.NoReport(loggers.CreateLogger<ResearchWork>(), ticket.Id.Short, fault.Message);
            }
        }
    }

    /// <summary>Returns all candles of a series of the store as the input of research.</summary>
    /// <exception cref="ResearchRefusedException">There are none.</exception>
    internal static async Task<SearchInput> InputAsync(
        Settings settings, DataFolder folder, SqliteCandleStore candles, Symbol symbol, Interval interval, CancellationToken cancellationToken)
    {
        var own = await candles.ReadAsync(symbol, interval, null, null, cancellationToken);
        if (own.Count == 0)
        {
            throw new ResearchRefusedException($"the store '{folder.MarketDatabase}' has no candle of {symbol} {interval}; run the daemon or import a file first");
        }

        var reference = settings.Get<MarketOptions>().ReferenceSymbol is { } name && name != symbol.Value ? new Symbol(name) : (Symbol?)null;
        return new SearchInput
        {
            Symbol = symbol, Interval = interval, Candles = own, AsOf = interval.CloseOf(own[^1].OpenTime),
            ReferenceCandles = reference is { } other ? await candles.ReadAsync(other, interval, null, null, cancellationToken) : null,
        };
    }

    private static async Task<TicketSet> LiveAsync(SqliteTicketRegistry registry, SearchInput input, CancellationToken cancellationToken) =>
        await registry.ActiveSetAsync(input.Symbol, input.Interval, cancellationToken)
        ?? throw new ResearchRefusedException($"the tickets of {input.Symbol} {input.Interval} were taken out of force meanwhile");

    private static string Forgotten(FactoryResult tuned) => string.Join("; ", tuned.Adaptations.Select(a =>
    {
        var name = a.IsPooled ? "pooled" : a.Regimes[0];
        if (a.Best == 0)
        {
            return FormattableString.Invariant($"{name}: no update lowered the loss on new rows, {a.Looks[0].NewLoss:0.0000}, so nothing was learned and nothing forgotten");
        }

        // Below zero the regime gained by what was learned of the new rows.
        var forgotten = a.Forgotten.Select(f => FormattableString.Invariant($"{f.Regime} {1_000 * (f.LossAfter - f.LossBefore):+0.0;-0.0;0.0}"));
        return FormattableString.Invariant(
            $"{name} after {a.Best} updates: loss on new rows {a.Looks[0].NewLoss:0.0000} > {a.Looks.Min(look => look.NewLoss):0.0000}, forgotten in thousandths of a nat: {(a.Forgotten.Count == 0 ? "unknown, there are no older rows" : string.Join(", ", forgotten))}");
    }));

    private static string Text(FactoryResult found, AdmissionOutcome outcome)
    {
        var refusals = found.Tickets.Where(t => !t.Gates.Passed).Select(t => $"{t.Regime} refused at {t.Gates.FirstRefusal?.Name}");
        return string.Join("; ", [$"{found.Tickets.Count(t => t.Gates.Passed)} of {found.Tickets.Count} tickets passed, {outcome.Reason}", .. refusals]);
    }
}
