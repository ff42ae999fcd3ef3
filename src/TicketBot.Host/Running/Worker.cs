using TicketBot.Domain;
using TicketBot.Host.Alerts;
using TicketBot.Host.Configuration;
using TicketBot.Host.Health;
using TicketBot.Host.Jobs;
using TicketBot.Market;
using TicketBot.Research;
using TicketBot.Simulator;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Host.Running;

/// <summary>The daemon's life: opens the venue, loads history, sees to tickets, trades, and stops in order.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="settings">Configuration.</param>
/// <param name="folder">Data folder.</param>
/// <param name="state">Filled in as the life goes on.</param>
/// <param name="market">The simulated market, or none at a real venue.</param>
/// <param name="stores">Candles and tickets.</param>
/// <param name="journal">The journal; this is its only writer.</param>
/// <param name="jobs">Runs jobs.</param>
/// <param name="calendar">Starts jobs when due.</param>
/// <param name="tickets">Hands the trader what is in force.</param>
/// <param name="watch">Watches the trading loop.</param>
/// <param name="configuration">Watches the configuration files.</param>
/// <param name="account">The claim on the account.</param>
/// <param name="alerts">Tells operators what they should know.</param>
/// <param name="announce">Says that the daemon trades.</param>
/// <param name="life">The process.</param>
/// <param name="time">Clock.</param>
/// <param name="loggers">Where the rooms log.</param>
public sealed class Worker(
    RunRequest request, Settings settings, DataFolder folder, DaemonState state, MarketChoice market, DaemonStores stores, IJournal journal, JobRunner jobs,
    JobCalendar calendar, TicketWatch tickets, ProgressWatch watch, ConfigurationWatch configuration, AccountClaim account, AlertWatch alerts, Announcement announce,
    IHostApplicationLifetime life, TimeProvider time,
    ILoggerFactory loggers) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private readonly ILogger _log = loggers.CreateLogger<Worker>();
    private readonly TradingOptions _options = settings.Get<TradingOptions>();
    private readonly ShadowWatch _shadows = new(stores.Registry, journal, settings.Get<TradingOptions>().ShadowDecisions, loggers.CreateLogger<ShadowWatch>());
    private readonly TrackRecordWatch _records = new(
        journal, stores.Candles, stores.Registry, settings.Get<ResearchOptions>(), settings.Get<MarketOptions>(), settings.Get<TradingOptions>(),
        loggers.CreateLogger<TrackRecordWatch>());
    private readonly FeatureDriftWatch _features = new(stores.Candles, stores.Registry, time, loggers.CreateLogger<FeatureDriftWatch>());
    private readonly TicketNews _news = new(stores.Registry);
    private readonly Concord _concord = new();
    private Task _judging = Task.CompletedTask;
    private readonly DriftWatch _drift = new(settings.Get<TradingOptions>().MinSimilarity);

    private bool IsSimulated => settings.Get<Bybit.BybitOptions>().Environment == ExchangeEnvironment.Simulator;

    /// <summary>What ended the life, if it did not end in order.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>What simulator and journal said at the end; <c>null</c> at a real venue or before the end.</summary>
    public IReadOnlyList<ReconciledFigure>? Reconciled { get; private set; }

    /// <summary>The trader's last picture.</summary>
    public TradingStatus Last { get; private set; } = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // The page comes up while the daemon starts.
        try
        {
            await LiveAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before it traded.
        }
        catch (Exception fault)
        {
            Failure = fault;
            Log.Failed(_log, fault);
        }
        finally
        {
            life.StopApplication();
        }
    }

    private async Task LiveAsync(CancellationToken cancellationToken)
    {
        SeriesKey[] series = [.. _options.Symbols.Select(s => new SeriesKey(new Symbol(s), Interval.Parse(_options.Interval)))];
        var simulator = settings.Get<SimulatorOptions>();
        await using var venue = await Venue.OpenAsync(
            settings.Get<Bybit.BybitOptions>(), simulator, market.Simulated, folder.VenueFolder, time, loggers,
            settings.Get<MarketOptions>().UseObservations, cancellationToken);
        state.Connector = venue.Exchange is Bybit.BybitExchange connector ? () => connector.Counts : null;
        await ClaimAsync(venue.Exchange, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        (jobs.Exchange, jobs.Stopping) = (venue.Exchange, stop.Token);
        List<JobResult> early = []; // What ends before the journal's writer runs is journalled by it first thing.
        jobs.Journal = early.Add;
        await LoadHistoryAsync(venue.Exchange, series, cancellationToken);
        var jobsEnabled = settings.Get<HostOptions>().Jobs.Enabled;
        var standsStill = IsSimulated && simulator.WaitForClient;
        await _news.LookAsync(series, cancellationToken); // What the first search brings is news.
        var unknown = jobsEnabled && !await tickets.HasSetsAsync(series, cancellationToken);
        if (unknown && standsStill)
        {
            state.Enter(DaemonPhase.Identifying, "looking for the first tickets; the market stands still meanwhile");
            await jobs.RunAsync(JobNames.Reidentify, cancellationToken);
        }

        await tickets.LearnAsync(series, cancellationToken);
        state.Enter(DaemonPhase.Starting, "recovering: journal, orders and positions are brought to agree with the venue");
        using var loop = new TradingLoop(
            venue.Exchange, stores.Candles, stores.Registry, journal, _options,
            settings.Get<MarketOptions>().ReferenceSymbol is { } reference ? new Symbol(reference) : null, time, loggers.CreateLogger<TradingLoop>());
        void Journalled(JobResult result) => loop.Note(JobResult.Kind, result.Symbol, HostJson.Line(result));
        jobs.Journal = Journalled;
        early.ForEach(Journalled);
        loop.Note(RunNote.Kind, "", HostJson.Line(RunNote.Of(settings))); // Journalled after the start it is about.
        state.Attach(
            () => loop.Current,
            (command, reason, symbol, _) =>
            {
                loop.Command(command, reason, symbol);
                return Task.CompletedTask;
            });
        loop.Published = picture => _concord.Look(venue.Truth, picture);
        var trading = loop.RunAsync(stop.Token);
        try
        {
            await UntilTradingAsync(loop, trading, cancellationToken);
            if (jobsEnabled)
            {
                var onMarketTime = IsSimulated && simulator.Speed != 1;
                await calendar.StartAsync(onMarketTime, cancellationToken);
                if (unknown && !standsStill)
                {
                    await calendar.TriggerAsync(JobNames.Reidentify, "no tickets in force", cancellationToken);
                }
                else
                {
                    await calendar.StartOverdueAsync(journal, loop.Current.MarketTime, cancellationToken);
                }
            }

            await WatchAsync(venue, loop, trading, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // An orderly stop; the loop is stopped below.
        }
        finally
        {
            state.Enter(DaemonPhase.Stopping, "stopping");
            announce.Stopping();
            await stop.CancelAsync();
            await trading;
            await Task.WhenAny(_judging); // It was told to stop; what it met before that matters no more.
            Last = loop.Current;
            Reconcile(venue);
        }
    }

    // Two keys may open one account, which only the venue can tell; until it has, nothing is sent that changes anything there.
    private async Task ClaimAsync(IExchange exchange, CancellationToken cancellationToken)
    {
        if (!account.IsNeeded || exchange is not Bybit.BybitExchange venue)
        {
            return;
        }

        state.Enter(DaemonPhase.Starting, "asking the venue which account the key opens");
        if ((await account.TakeAccountAsync(venue.AccountData.KeyAsync, cancellationToken)).Reason is { Length: > 0 } reason)
        {
            Log.AccountUnnamed(_log, reason);
        }
    }

    private async Task LoadHistoryAsync(IExchange exchange, IEnumerable<SeriesKey> series, CancellationToken cancellationToken)
    {
        var count = Math.Max(settings.Get<ResearchOptions>().HistoryCandles, _options.CandlesInMemory);
        foreach (var one in series)
        {
            state.Enter(DaemonPhase.LoadingHistory, $"loading history of {one}");
            Log.HistoryLoaded(_log, one.ToString(), await CandleHistory.RefreshAsync(exchange, stores.Candles, one, count, cancellationToken));
        }
    }

    private async Task UntilTradingAsync(TradingLoop loop, Task trading, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), time);
        while (loop.Current.State == TradingState.Starting && !trading.IsCompleted)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        if (trading.IsCompleted)
        {
            await trading;
        }

        state.Enter(DaemonPhase.Trading, "trading closed candles");
        announce.Ready();
    }

    private async Task WatchAsync(Venue venue, TradingLoop loop, Task trading, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var registry = new RegistryWatch(
            async token =>
            {
                await tickets.LookAsync(loop, token);
                foreach (var news in await _news.LookAsync(loop.Series, token))
                {
                    alerts.Tell(news);
                }

                if (!IsSimulated)
                {
                    await _shadows.LookAsync(loop.Current, token);
                }
            },
            time, _log);
        var judged = new RegistryWatch(token => JudgeAsync(loop, token), time, _log);
        state.Records = () => _records.Records;
        var days = new DaySummary(journal, loop.Note);
        using var timer = new PeriodicTimer(Tick, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (trading.IsCompleted)
            {
                await trading;
                throw new InvalidOperationException("Invariant: the trading loop runs until it is stopped");
            }

            if (venue.Completion.IsFaulted)
            {
                await venue.Completion;
            }

            var picture = loop.Current;
            if (watch.Look())
            {
                announce.Progress(picture);
            }

            alerts.Look(picture, ClockOf(venue.Exchange), _news.Live);
            if (days.Look(picture) is { } day)
            {
                alerts.Tell(day);
            }

            LookAtConfiguration(loop);
            await registry.LookAsync(cancellationToken);
            if (_judging.IsCompleted)
            {
                await _judging;
                _judging = Task.Run(() => judged.LookAsync(cancellationToken), cancellationToken); // A long journal must not keep this watch from its rounds.
            }

            if (settings.Get<HostOptions>().Jobs.Enabled)
            {
                await calendar.MoveAsync(picture.MarketTime, cancellationToken);
                foreach (var drifted in _drift.Look(picture))
                {
                    await calendar.TriggerAsync(JobNames.Reidentify, $"the market of {drifted} has drifted from its tickets' training market", cancellationToken);
                }
            }

            if (request.Duration is { } limit && time.GetElapsedTime(started) >= limit)
            {
                Log.Stopping(_log, $"ran for the asked {limit}");
                return;
            }

            if (state.Phase == DaemonPhase.Trading && venue.HasEnded(picture.MarketTime))
            {
                Log.ReplayEnded(_log, picture.MarketTime.ToString());
                state.Enter(DaemonPhase.Finished, "the replay is played to its end");
                if (!request.Stay)
                {
                    return;
                }
            }
        }
    }

    private async Task JudgeAsync(TradingLoop loop, CancellationToken cancellationToken)
    {
        await _records.LookAsync(loop.Current, cancellationToken);
        if (!settings.Get<HostOptions>().Jobs.Enabled)
        {
            return;
        }

        foreach (var drift in await _features.LookAsync(loop.Current, cancellationToken))
        {
            loop.LimitSize(drift.Series, drift.Regimes, drift.IsConfirmed ? FeatureDrift.SizeFactor : 1, drift.Reason);
            if (drift.IsConfirmed)
            {
                await calendar.TriggerAsync(JobNames.Reidentify, $"{drift.Series}: {drift.Reason}", cancellationToken);
            }
        }
    }

    private static ClockReading? ClockOf(IExchange exchange) =>
        exchange is Bybit.BybitExchange { Clock: { IsMeasured: true } clock } ? new ClockReading(clock.OffsetMs, clock.RoundTripMs) : null;

    private void LookAtConfiguration(TradingLoop loop)
    {
        if (configuration.Look() is not { } edit)
        {
            return;
        }

        state.Configuration = edit;
        loop.Note(ConfigurationEdit.Kind, "", HostJson.Line(edit));
        if (edit.IsValid)
        {
            Log.EditSeen(_log, edit.ToString());
        }
        else
        {
            Log.EditRefused(_log, edit.ToString());
        }
    }

    private void Reconcile(Venue venue)
    {
        if (venue.Truth is not { } truth)
        {
            return;
        }

        var figures = Reconciliation.Of(truth, Last);
        var reached = new Instant(truth.MarketTimeMs);
        if (reached > Last.MarketTime && figures.Any(f => !f.Agrees))
        {
            // The stop came while a step was on its way to the trader, so what differs now may be that step alone. What counts is what
            // both said when they last stood at the same time.
            Log.StoppedInsideStep(_log, reached.ToString(), Last.MarketTime.ToString(), _concord.AgreedAt?.ToString() ?? "never");
            if (!_concord.IsBroken)
            {
                return;
            }

            figures = _concord.Newest;
        }

        Reconciled = figures;
        foreach (var figure in figures)
        {
            if (figure.Agrees)
            {
                Log.Reconciled(_log, "agree", figure.What, figure.Venue, figure.Journal);
            }
            else
            {
                Log.NotReconciled(_log, figure.What, figure.Venue, figure.Journal);
            }
        }
    }
}
