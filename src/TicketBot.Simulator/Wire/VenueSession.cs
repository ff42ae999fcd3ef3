using System.Text.Json;
using Microsoft.Extensions.Logging;
using TicketBot.Simulator.Faults;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Wire;

/// <summary>A venue with its log, candles and listeners behind one lock, and the pace at which its market moves.</summary>
internal sealed class VenueSession : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SimulatorOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly MarketPlayer _player;
    private readonly Dictionary<string, string> _secrets;
    private readonly VenueLog? _log;
    private readonly StreamHub _hub;
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly Dictionary<string, RecentRows> _rows;
    private readonly long _wallOffsetMs;
    private bool _hasStarted;

    internal VenueSession(SimulatorOptions options, MarketSource market, VenueSettings settings, TimeProvider clock, ILogger logger)
    {
        (_options, _clock, _logger, Market) = (options, clock, logger, market);
        Faults = new FaultDesk((ulong)options.Seed, clock) { Carry = rule => VenueFaults.Carry(this, rule), Now = () => (Venue!.Step, Venue.Time) };
        _hub = new StreamHub(this);
        Feed = new PublicFeed(this);
        Derived = new DerivedCandles(this);
        Late = new LateWork(this);
        _secrets = new Dictionary<string, string>(options.MoreKeys) { [options.ApiKey] = options.ApiSecret };
        _hasStarted = !options.WaitForClient;
        Venue = new Venue(settings, market);
        foreach (var key in _secrets.Keys.Order(StringComparer.Ordinal))
        {
            Venue.OpenAccount(key, options.InitialBalance);
        }

        Candles = new CandleBook(market, options.CandlesKept);
        StepFeed.Check(market, options.TickLengthMs);
        _player = new MarketPlayer(market, Venue, Candles);
        if (options.LogFolder is { } folder)
        {
            _log = VenueLog.Open(folder,
            [
                new("market", market.Fingerprint),
                new("settings", settings.Fingerprint),
                new("accounts", string.Join(',', Venue.Accounts.Select(a => a.Key))),
                new("balance", WireText.Of(options.InitialBalance)),
            ],
            market.LiveFrom, clock.GetUtcNow().ToUnixTimeMilliseconds());
            _player.Rebuild(_log.Past);
            if (_log.Past.Count > 0)
            {
                Log.Rebuilt(_logger, Venue.Step, Venue.Time.ToString());
            }

            _log.ForgetPast();
        }

        _rows = Venue.Accounts.ToDictionary(a => a.Key, a => new RecentRows(Venue, a));
        if (_player.TickMs != options.TickLengthMs)
        {
            _log?.Ticks(options.TickLengthMs);
            _player.Switch(options.TickLengthMs);
        }

        Venue.OnAct = LogAct;

        var startedAt = _log?.StartedAtMs ?? clock.GetUtcNow().ToUnixTimeMilliseconds();
        var late = startedAt - market.LiveFrom.UnixMilliseconds;
        var shortest = market.Series.Min(s => s.Interval.NominalMilliseconds);

        // A market that begins with the current candle keeps wall time; any other keeps its distance from it.
        _wallOffsetMs = late >= 0 && late < shortest ? 0 : late;
    }

    internal MarketSource Market { get; }

    internal SimulatorOptions Options => _options;

    /// <summary>True wall time; what is told or checked on the wire is <see cref="FaultDesk.Clock"/> of <see cref="Faults"/>.</summary>
    internal TimeProvider Clock => _clock;

    /// <summary>What goes wrong here.</summary>
    internal FaultDesk Faults { get; }

    /// <summary>What the public topics tell; use it only inside <see cref="Locked"/>.</summary>
    internal PublicFeed Feed { get; }

    /// <summary>The budgets of all accounts.</summary>
    internal RateCounter Rates { get; } = new();

    /// <summary>The venue; read and change it only inside <see cref="Locked"/>.</summary>
    internal Venue Venue { get; }

    /// <summary>The candles; read them only inside <see cref="Locked"/>.</summary>
    internal CandleBook Candles { get; }

    /// <summary>The candles of every interval; use it only inside <see cref="Locked"/>.</summary>
    internal DerivedCandles Derived { get; }

    /// <summary>Work that faults put off; use it only inside <see cref="Locked"/>.</summary>
    internal LateWork Late { get; }

    /// <summary>The listeners; use them only inside <see cref="Locked"/>.</summary>
    internal StreamHub Hub => _hub;

    internal bool Holds => _options.Speed != 1;

    internal RecentRows RowsOf(Account account) => _rows[account.Key];

    internal string? SecretOf(string key) => _secrets.GetValueOrDefault(key);

    internal T Locked<T>(Func<T> work)
    {
        lock (_lock)
        {
            return work();
        }
    }

    internal void Locked(Action work) => Locked(() => { work(); return 0; });

    /// <summary>Logs and applies a request that may change the venue; its events are published at once.</summary>
    internal WireAnswer Apply(string key, string path, JsonElement body)
    {
        lock (_lock)
        {
            var account = Venue.AccountOf(key)!;
            var orders = account.OrderCount;
            _log?.Request(Venue.Step, key, path, body);
            var answer = WriteRequests.Apply(Venue, account, path, body);
            RowsOf(account).NoteMade(Venue.Time, account, orders);
            if (Venue.TickMs == 0)
            {
                _hub.Publish(account); // With ticks the next one tells it.
            }

            return answer;
        }
    }

    /// <summary>Lets something happen to an account from outside its client, logged like a request.</summary>
    internal VenueAnswer Act(string key, VenueAct act)
    {
        lock (_lock)
        {
            var account = Venue.AccountOf(key)!;
            var orders = account.OrderCount;
            var answer = Venue.Act(account, act);
            RowsOf(account).NoteMade(Venue.Time, account, orders);
            if (Venue.TickMs == 0)
            {
                _hub.Publish(account);
            }

            return answer;
        }
    }

    internal SimulatorState StateOf(string key) => Locked(() =>
    {
        var account = Venue.AccountOf(key)!;
        return new SimulatorState(
            Venue.Time.UnixMilliseconds, Venue.Step, _player.HasEnded, account.InitialBalance, Venue.WalletOf(account), account.Realised, account.Fees,
            account.Funding, account.FillCount, account.FundingCount, account.OrderCount,
            [.. Market.Series.Select(s => s.Symbol).Distinct().Select(s => Venue.PositionOf(account, s)).Where(p => p.SignedQuantity != 0)],
            [.. account.OpenOrders]);
    });

    /// <summary>Told the venue after each step, under the lock.</summary>
    internal Action<Venue>? Stepped { get; set; }

    /// <summary>Moves the market by some steps at once; returns how many there were.</summary>
    internal int Move(int steps)
    {
        lock (_lock)
        {
            var moved = 0;
            for (; moved < steps && !_player.HasEnded; moved++)
            {
                Move_NeedsLock();
            }

            return moved;
        }
    }

    /// <summary>Adds a control client and answers it.</summary>
    internal void Attach(StreamHub.ControlPeer peer)
    {
        lock (_lock)
        {
            _hub.Add(peer);
            peer.Socket.Send(WireText.Json(w =>
            {
                w.WriteString("op", "attached");
                w.WriteNumber("step", Venue.Step);
                w.WriteNumber("time", Venue.Time.UnixMilliseconds);
                w.WriteNumber("speed", _options.Speed);
                w.WriteBoolean("holds", Holds);
            }));
            if (_player.HasEnded)
            {
                peer.Socket.Send(StreamFrames.End(Venue.Step, Venue.Time));
            }
        }

        Pulse();
    }

    internal void Detach(StreamHub.ControlPeer peer)
    {
        lock (_lock)
        {
            _hub.Remove(peer);
        }

        Pulse();
    }

    /// <summary>Notes that a control client has sent all orders of a step.</summary>
    internal void Sent(StreamHub.ControlPeer peer, long step)
    {
        lock (_lock)
        {
            peer.SentStep = Math.Max(peer.SentStep, step);
            _hasStarted = true;
        }

        Pulse();
    }

    /// <summary>Moves the market until it is cancelled: one step whenever all clients that are waited for have reported, at the pace of the options.</summary>
    internal async Task PumpAsync(CancellationToken cancellationToken)
    {
        try
        {
            var lastMove = _clock.GetTimestamp();
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var moved = lastMove;
                var wait = Locked(() => CanMove_NeedsLock() ? PauseBeforeNext_NeedsLock(moved) : (TimeSpan?)null);
                if (wait is not { } pause)
                {
                    await _changed.WaitAsync(cancellationToken);
                    continue;
                }

                if (pause > TimeSpan.Zero)
                {
                    await Task.Delay(pause < TimeSpan.FromHours(1) ? pause : TimeSpan.FromHours(1), _clock, cancellationToken);
                    if (pause >= TimeSpan.FromHours(1))
                    {
                        continue;
                    }
                }

                lastMove = _clock.GetTimestamp();
                lock (_lock)
                {
                    if (CanMove_NeedsLock())
                    {
                        Move_NeedsLock();
                    }
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
        catch (Exception fault)
        {
            Log.PumpFailed(_logger, fault);
            throw;
        }
    }

    public void Dispose()
    {
        _log?.Dispose();
        _player.Dispose();
        _changed.Dispose();
    }

    private bool CanMove_NeedsLock()
    {
        if (_player.HasEnded || !_hasStarted)
        {
            return false;
        }

        if (_hub.Control.Count == 0)
        {
            return !_options.WaitForClient;
        }

        return !Holds || _hub.Control.All(c => c.SentStep >= Venue.Step);
    }

    // At speed 1 the market is a clock and catches up after standing still, as a real venue has moved on; at other speeds it is not.
    private TimeSpan PauseBeforeNext_NeedsLock(long lastMove) => _options.Speed switch
    {
        0 => TimeSpan.Zero,
        1 => TimeSpan.FromMilliseconds(_player.Next!.Time.UnixMilliseconds + _wallOffsetMs - _clock.GetUtcNow().ToUnixTimeMilliseconds()),
        var speed => TimeSpan.FromMilliseconds(_player.Next!.Time.Since(Venue.Time) / speed) - _clock.GetElapsedTime(lastMove),
    };

    private void Move_NeedsLock()
    {
        var step = _player.Play();
        if (_options.Speed == 1 && step.TickMs > 0)
        {
            step = CatchUp_NeedsLock(step);
        }

        _log?.Step(Venue.Step);
        Stepped?.Invoke(Venue);
        foreach (var account in Venue.Accounts)
        {
            _hub.Publish(account);
        }

        VenueFaults.OnStep(this);
        _hub.Publish(step, Venue);
        if (_player.HasEnded)
        {
            Log.Ended(_logger, Venue.Step, Venue.Time.ToString());
            _hub.PublishEnd(Venue.Step, Venue.Time);
        }
    }

    // After standing still the ticks up to now are told together, one frame per closing candle: nobody could act on the ones between.
    private MarketStep CatchUp_NeedsLock(MarketStep step)
    {
        while (step.Candles.Length == 0 && !_player.HasEnded && PauseBeforeNext_NeedsLock(0) <= TimeSpan.FromMilliseconds(-step.TickMs))
        {
            step = _player.Play();
        }

        return step;
    }

    private void LogAct(Account account, VenueAct act) => _log?.Request(Venue.Step, account.Key, ActText.Path, w => ActText.Write(w, act));

    private void Pulse()
    {
        lock (_lock)
        {
            if (_changed.CurrentCount == 0)
            {
                _changed.Release();
            }
        }
    }
}
