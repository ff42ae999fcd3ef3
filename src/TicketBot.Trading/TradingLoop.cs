using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Market.Regimes;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;

namespace TicketBot.Trading;

/// <summary>The live sentence: one task reads one channel; every fact goes through the core, is journalled, and only then its effects
/// leave. Start-up is recovery.</summary>
public sealed class TradingLoop : IDisposable
{
    private static readonly TimeSpan PublishPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CommitPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RepairPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CheckPauseWhileDeaf = TimeSpan.FromMilliseconds(1_500); // Asked at ticks of a second: every second one.

    // A stop must be over within ten seconds whatever the venue does: twice this for orders, once for the candle store.
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);
    private readonly IExchange _exchange;
    private readonly ICandleStore _store;
    private readonly CandleKeeper _keeper;
    private readonly ITicketRegistry _registry;
    private readonly IJournal _journal;
    private readonly TradingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly TradingCore _core;
    private readonly Outbox _outbox;
    private readonly Channel<Message> _inbox = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<TradingEffect> _effects = [];
    private TradingStatus _current = new();
    private long _published;
    private long _committed;
    private long _checked;
    private long? _lastReading;
    private long _failedSince;
    private string? _journalFault;
    private bool _uncommitted;
    private bool _unpublished;

    /// <summary>Makes a loop; nothing happens before <see cref="RunAsync"/>.</summary>
    /// <param name="exchange">The account.</param>
    /// <param name="store">Takes closed candles.</param>
    /// <param name="registry">Hands out tickets.</param>
    /// <param name="journal">Takes every fact.</param>
    /// <param name="options">Limits.</param>
    /// <param name="reference">Symbol of cross-asset features, or <c>null</c>.</param>
    /// <param name="time">Wall time: for publishing and back-off only, never for a decision.</param>
    /// <param name="log">Log.</param>
    public TradingLoop(
        IExchange exchange, ICandleStore store, ITicketRegistry registry, IJournal journal, TradingOptions options, Symbol? reference,
        TimeProvider time, ILogger<TradingLoop> log)
    {
        (_exchange, _store, _registry, _journal, _options, _time, _log) = (exchange, store, registry, journal, options, time, log);
        _core = new TradingCore(options, reference, journal);
        _core.Recorded = new FactLog(log, _core, time).Write;
        _outbox = new Outbox(exchange, [.. _core.Series.Select(s => s.Symbol).Distinct()], fact => _inbox.Writer.TryWrite(new Message(fact, null)), Break, time, log);
        _keeper = new CandleKeeper(store, log);
    }

    /// <summary>The newest picture; safe to read from any thread.</summary>
    public TradingStatus Current => Volatile.Read(ref _current);

    /// <summary>Called on the loop's task after each new picture; must be quick.</summary>
    public Action<TradingStatus>? Published { get; set; }

    /// <summary>The followed series.</summary>
    public IReadOnlyList<SeriesKey> Series => _core.Series;

    /// <summary>Hands the operator's command to the loop.</summary>
    /// <param name="command">What.</param>
    /// <param name="reason">The operator's words.</param>
    /// <param name="symbol">The contract that a resume is about, or <c>null</c> for all.</param>
    public void Command(OperatorCommand command, string reason, Symbol? symbol = null) =>
        _inbox.Writer.TryWrite(new Message(new Fact.Commanded(command, reason, symbol), null));

    /// <summary>Hands a regime set with its tickets to the loop; it takes force between two candles.</summary>
    public void Activate(TicketSet set) => _inbox.Writer.TryWrite(new Message(null, set));

    /// <summary>Limits the size of a series' entries while a regime set is in force, or lifts that.</summary>
    /// <param name="series">Symbol and interval.</param>
    /// <param name="regimes">The regime set it is about.</param>
    /// <param name="factor">Largest share of the size that an entry could have, 0..1; 1 lifts it.</param>
    /// <param name="reason">Plain words with the numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor lies outside its range.</exception>
    public void LimitSize(SeriesKey series, RegimeSetId regimes, double factor, string reason) => _inbox.Writer.TryWrite(new Message(
        new Fact.SizeLimited(
            series, regimes, factor is >= 0 and <= 1 ? factor : throw new ArgumentOutOfRangeException(nameof(factor), factor, $"a share of the size lies between 0 and 1, was {factor}"), reason),
        null));

    /// <summary>Has a note journalled that is no fact of trading, for example how a job ended (kind <c>job</c>).</summary>
    /// <param name="kind">A kind that no fact has.</param>
    /// <param name="symbol">The contract it is about; empty if none.</param>
    /// <param name="payload">JSON document.</param>
    public void Note(string kind, string symbol, string payload) =>
        _inbox.Writer.TryWrite(new Message(null, null, new JournalEntry(default, kind, symbol, payload, null)));

    /// <summary>Recovers, then trades until cancelled; what was decided is carried out and journalled before it returns.</summary>
    /// <param name="cancellationToken">Stops the loop.</param>
    /// <exception cref="ExchangeException">The account cannot be used.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var streams = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var storing = new CancellationTokenSource();
        var keeping = KeepCandlesAsync(storing.Token);
        try
        {
            await RecoverAsync(streams.Token);
            await TradeAsync(cancellationToken);
            await SettleAsync();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // An orderly stop: answers that are on their way are still taken in.
            await streams.CancelAsync();
            await SettleAsync();
        }
        finally
        {
            // After a fault nothing more is journalled: start-up is recovery.
            await streams.CancelAsync();
            if (!await _outbox.StopAsync(StopGrace))
            {
                Log.StillHanging(_log);
            }

            _keeper.Complete();
            await Task.WhenAny(keeping, Task.Delay(StopGrace, _time, CancellationToken.None));
            await storing.CancelAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _outbox.Dispose();

    private async Task TradeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var more = _inbox.Reader.WaitToReadAsync(cancellationToken).AsTask();
            while (!more.IsCompleted && (_uncommitted || _unpublished))
            {
                // What the pauses held back must not wait for the next message, which may never come.
                await Task.WhenAny(more, Task.Delay(PublishPause, _time, CancellationToken.None));
                if (!more.IsCompleted)
                {
                    TryCommit();
                    CarryOut();
                    Publish(true);
                }
            }

            if (!await more)
            {
                return;
            }

            while (!cancellationToken.IsCancellationRequested && _inbox.Reader.TryRead(out var message))
            {
                Take(message);
                CarryOut();
            }

            CommitSometimes();
            Publish(false);
        }
    }

    // What was sent before the stop is answered, and what the venue had told is kept; nothing new is decided.
    private async Task SettleAsync()
    {
        await _outbox.StopAsync(StopGrace);
        while (_inbox.Reader.TryRead(out var message))
        {
            if (message.Note is not null
                || message.Fact is Fact.Answered or Fact.StopAnswered or Fact.CancelAnswered or Fact.Executed or Fact.OrderChanged or Fact.PositionChanged)
            {
                Take(message);
            }
        }

        _journal.Commit(); // What cannot be written now is lost with the process, and that must not look like an orderly end.
        Publish(true);
    }

    // Somebody who works for the loop failed in a way that nobody expected: the loop ends with that error and so does the daemon.
    private void Break(Exception error) => _inbox.Writer.TryComplete(error);

    private async Task KeepCandlesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _keeper.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The store hangs; the candles are had again from the venue.
        }
        catch (Exception e)
        {
            Break(e);
        }
    }

    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        await new Recovery(_exchange, _store, _registry, _options.CandlesInMemory, _log).RunAsync(_core, _journal, new EventWriter(_inbox.Writer), _effects, cancellationToken);
        _checked = _time.GetTimestamp();
        _lastReading = _checked;
        CarryOut();
        Publish(true);
    }

    private void Take(Message message)
    {
        _uncommitted = true;
        if (message.Note is { } note)
        {
            _journal.Append(note with { Time = _core.Account.MarketTime });
            return;
        }

        if (message.Set is { } set)
        {
            _core.Activate(set, _effects);
            return;
        }

        var fact = message.Fact!;
        if (fact is Fact.CandleClosed closed)
        {
            if (closed.Candle.Fault() is { } fault)
            {
                Log.BadCandle(_log, closed.Series.ToString(), closed.Candle.OpenTime.ToString(), fault);
                return;
            }

            _keeper.Keep(closed.Series, closed.Candle);
        }

        _core.CheckDue |= fact is Fact.TimePassed && IsCheckDue();
        if (fact is Fact.Reconciled)
        {
            _lastReading = _time.GetTimestamp();
        }

        _core.Handle(fact, _effects);
    }

    // Wall time decides only when the account is read, never what follows: a reading that agrees changes nothing.
    private bool IsCheckDue()
    {
        var pause = _core.Account.Interrupted.Contains(StreamNames.Private) ? CheckPauseWhileDeaf : TimeSpan.FromMilliseconds(_options.ReconcileMs);
        var now = _time.GetTimestamp();
        if (_time.GetElapsedTime(_checked, now) < pause)
        {
            return false;
        }

        _checked = now;
        return true;
    }

    private void CarryOut()
    {
        if (_effects.Count == 0)
        {
            return;
        }

        if (_effects.Exists(e => e is not (TradingEffect.ReportSent or TradingEffect.Check)) && !TryCommit())
        {
            WithholdEntries();
        }

        foreach (var effect in _effects)
        {
            _outbox.Dispatch(effect);
        }

        _effects.Clear();
    }

    // An entry whose reason is not on disk must not exist. Exits, stops, cancels and look-ups leave all the same: what they do is had
    // again from the venue if the process dies before the disk is back, and a position that cannot be closed is worse.
    private void WithholdEntries()
    {
        foreach (var entry in _effects.OfType<TradingEffect.Submit>().Where(e => !e.Request.ReduceOnly).ToList())
        {
            _effects.Remove(entry);
            _core.Handle(new Fact.Withheld(entry.Request.Id, $"the journal cannot be written: {_journalFault}"), _effects);
        }
    }

    // Reasons of orders are durable before the orders leave; the rest may wait a little, so that a fast market is not slowed to
    // the disk's pace: after a crash it is had again from the venue.
    private void CommitSometimes()
    {
        if (_uncommitted && _time.GetElapsedTime(_committed) >= CommitPause)
        {
            TryCommit();
        }
    }

    // A disk that fails is tried again every second; between, nothing waits for it.
    private bool TryCommit()
    {
        if (_journalFault is not null && _time.GetElapsedTime(_committed) < RepairPause)
        {
            return false;
        }

        try
        {
            _journal.Commit();
        }
        catch (IOException e)
        {
            _committed = _time.GetTimestamp();
            if (_journalFault is null)
            {
                _failedSince = _committed;
                Log.JournalFails(_log, e.Message);
                _core.Handle(new Fact.StreamInterrupted(StreamNames.Journal, e.Message), _effects);
            }

            (_journalFault, _uncommitted, _unpublished) = (e.Message, true, true);
            return false;
        }

        (_committed, _uncommitted) = (_time.GetTimestamp(), false);
        if (_journalFault is not null)
        {
            _journalFault = null;
            Log.JournalBack(_log, _time.GetElapsedTime(_failedSince).TotalSeconds);
            _core.Handle(new Fact.StreamRestored(StreamNames.Journal), _effects);
            (_uncommitted, _unpublished) = (true, true);
        }

        return true;
    }

    private void Publish(bool always)
    {
        _unpublished = true;
        var now = _time.GetTimestamp();
        if (always || _time.GetElapsedTime(_published, now) >= PublishPause)
        {
            (_published, _unpublished) = (now, false);
            var picture = _core.Picture();
            picture = picture with
            {
                JournalFault = _journalFault,
                Reconcile = picture.Reconcile with { AgeSeconds = _lastReading is { } read ? (long)_time.GetElapsedTime(read, now).TotalSeconds : null },
            };
            Volatile.Write(ref _current, picture);
            Published?.Invoke(picture);
        }
    }

    private readonly record struct Message(Fact? Fact, TicketSet? Set, JournalEntry? Note = null);

    // Turns exchange events into facts of the one channel, in their order.
    private sealed class EventWriter(ChannelWriter<Message> inner) : ChannelWriter<ExchangeEvent>
    {
        public override bool TryWrite(ExchangeEvent item) =>
            EffectRunner.FactOf(item) is not { } fact || inner.TryWrite(new Message(fact, null));

        public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) =>
            inner.WaitToWriteAsync(cancellationToken);

        public override bool TryComplete(Exception? error = null) => inner.TryComplete(error);
    }
}
