using System.Buffers;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Benchmarks.OrderPath;
using TicketBot.Bybit;
using TicketBot.Bybit.Rest;
using TicketBot.Domain;
using TicketBot.Market.Regimes;
using TicketBot.Storage;
using TicketBot.Testing;
using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Benchmarks.BesideTraining;

/// <summary>How long an order took.</summary>
/// <param name="Ticks">Stopwatch ticks from the confirmed candle to its signed bytes.</param>
/// <param name="IsExit">Whether it closes.</param>
internal readonly record struct Latency(long Ticks, bool IsExit);

/// <summary>The daemon's trading loop over an exchange played here: a confirmed candle goes in, the signed bytes of its order come out.</summary>
internal sealed class LiveTrading : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Stage _stage;
    private readonly FakeExchange _exchange = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Signer _signer = new(new BybitCredentials("measured-key", "measured-secret-of-36-letters-in-all"));
    private readonly ArrayBufferWriter<byte> _bytes = new(1_024);
    private readonly SemaphoreSlim _left = new(0);
    private readonly IJournal _journal;
    private readonly TradingLoop _loop;
    private readonly Task _running;
    private OrderRequest? _request;
    private long _done;
    private int _next = Stage.WarmCandles;

    /// <summary>Starts it.</summary>
    /// <param name="stage">Candles, regimes, tickets.</param>
    /// <param name="journal">Takes every fact; disposed with this.</param>
    public LiveTrading(Stage stage, IJournal journal)
    {
        (_stage, _journal) = (stage, journal);
        _exchange.Instruments.Add(Stage.Instrument);
        _exchange.Candles[Stage.Series] = [.. stage.All.Take(Stage.WarmCandles)];
        _exchange.Time = Stage.Series.Interval.CloseOf(stage.All[Stage.WarmCandles - 1].OpenTime);
        _exchange.InitialBalance = new Money(1_000_000m);
        _exchange.OnSubmit = Leave;
        _exchange.Kept = _ => _left.Release();
        _loop = new TradingLoop(
            _exchange, new InMemoryCandleStore(), new OneSet(new TicketSet(Stage.Series.Symbol, Stage.Series.Interval, stage.Regimes, stage.Tickets)), journal,
            new TradingOptions { Symbols = [Stage.Series.Symbol.Value], MinSimilarity = 0 }, null, TimeProvider.System, NullLogger<TradingLoop>.Instance);
        _running = _loop.RunAsync(_stop.Token);
    }

    /// <summary>Candles that are left to play.</summary>
    public int Left => _stage.All.Length - _next;

    /// <summary>Waits until it trades.</summary>
    public async Task ReadyAsync()
    {
        while (_loop.Current.State != TradingState.Active)
        {
            await Task.WhenAny(_running, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None));
            if (_running.IsCompleted)
            {
                await _running;
            }
        }
    }

    /// <summary>Closes candles one after the other and returns the stopwatch ticks from each to the signed bytes of its order, an entry or an exit by turns.</summary>
    /// <param name="candles">How many.</param>
    /// <param name="pauseMs">Milliseconds between an order's fill and the next candle.</param>
    /// <exception cref="TimeoutException">No order followed a candle.</exception>
    public async Task<List<Latency>> MeasureAsync(int candles, int pauseMs)
    {
        var latencies = new List<Latency>(candles);
        for (var i = 0; i < candles; i++)
        {
            var candle = _stage.All[_next++];
            var began = Stopwatch.GetTimestamp();
            _exchange.Close(Stage.Series, candle);
            if (!await _left.WaitAsync(Patience))
            {
                throw new TimeoutException($"no order followed the candle of {candle.OpenTime}: {_loop.Current.State} {_loop.Current.StateReason}");
            }

            latencies.Add(new Latency(_done - began, _request!.ReduceOnly));
            _exchange.Fill(_request, Stage.Instrument.NearestTick(candle.Close).Value);
            await Task.Delay(TimeSpan.FromMilliseconds(pauseMs), TimeProvider.System, CancellationToken.None);
        }

        return latencies;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _loop.Dispose();
        await _journal.DisposeAsync();
        await _exchange.DisposeAsync();
        _stop.Dispose();
        _left.Dispose();
    }

    private SubmitAnswer.Acknowledged Leave(OrderRequest request)
    {
        SignedOrder.Build(request, _signer, _exchange.Time, 5_000, _bytes);
        (_done, _request) = (Stopwatch.GetTimestamp(), request);
        return new SubmitAnswer.Acknowledged(new VenueOrderId($"v-{request.Id}"));
    }

    // What is in force never changes here.
    private sealed class OneSet(TicketSet set) : ITicketRegistry
    {
        public ValueTask<TicketSet?> ActiveSetAsync(Symbol symbol, Interval interval, CancellationToken cancellationToken) => ValueTask.FromResult<TicketSet?>(set);

        public ValueTask<RegistryEntry?> FindAsync(string idOrPrefix, CancellationToken cancellationToken) => ValueTask.FromResult<RegistryEntry?>(null);

        public ValueTask<long> RevisionAsync(CancellationToken cancellationToken) => ValueTask.FromResult(1L);

        public ValueTask<IReadOnlyList<RegistryEntry>> ListAsync(Symbol? symbol, Interval? interval, TicketState? state, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<RegimeSet?> FindRegimesAsync(RegimeSetId id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask AddAsync(Symbol symbol, Interval interval, RegimeSet regimes, IReadOnlyList<Ticket> tickets, Instant at, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask ActivateAsync(
            Symbol symbol, Interval interval, RegimeSetId regimes, IReadOnlyDictionary<TicketId, TicketState> states, string reason, Instant at, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask ChangeStateAsync(TicketId id, TicketState state, string reason, Instant at, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
