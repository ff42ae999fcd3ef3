using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Testing;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

#pragma warning disable CA2012 // Naming a call to a substitute is how its answer is set; nothing is awaited there.

namespace TicketBot.Trading.Tests;

public sealed class TradingLoopTests : IDisposable
{
    private static readonly SeriesKey Series = new(CoreHarness.Bitcoin, Interval.FifteenMinutes);

    // Only a test that fails waits this long: a loop that hangs must not hang the run of tests.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly FakeExchange _exchange = new("BTCUSDT") { Time = CoreHarness.Begin };
    private readonly MemoryJournal _journal = new();
    private readonly ICandleStore _store = Substitute.For<ICandleStore>();
    private readonly ITicketRegistry _registry = Substitute.For<ITicketRegistry>();
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<OrderRequest> _submitted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TradingLoopTests()
    {
        var warmup = RandomCandles.Walk(600, 1, Interval.FifteenMinutes, CoreHarness.Begin.Plus(-600 * 900_000L));
        _exchange.Candles[Series] = [.. warmup];
        _store.ReadAsync(default, default, default, default, default).ReturnsForAnyArgs(_ => ValueTask.FromResult<IReadOnlyList<Candle>>(warmup));
        _registry.ActiveSetAsync(default, default, default).ReturnsForAnyArgs(_ => ValueTask.FromResult<TicketSet?>(CoreHarness.Set(0.8, horizon: 50)));
        _exchange.OnSubmit = request =>
        {
            _submitted.TrySetResult(request);
            return new SubmitAnswer.Acknowledged(new VenueOrderId("v1"));
        };
    }

    [Fact]
    public async Task No_order_leaves_when_its_reason_cannot_be_committed()
    {
        using var loop = Make(_exchange);
        var running = loop.RunAsync(_stop.Token);
        _journal.CommitError = new IOException("no space left on device");

        _exchange.Close(Series, Next());

        var error = await Assert.ThrowsAsync<IOException>(() => Ended(running));
        Assert.Same(_journal.CommitError, error);
        Assert.Contains(_journal.All, r => r.Entry.Kind == FactJson.IntentKind);
        Assert.DoesNotContain(_journal.Committed, r => r.Entry.Kind == FactJson.IntentKind);
        Assert.Empty(_exchange.Submitted);
    }

    [Fact]
    public async Task A_venue_that_cannot_be_read_at_the_start_ends_the_loop_with_that_error()
    {
        using var loop = Make(_exchange);
        _exchange.ReadError = new ExchangeException("the key may not read");

        var error = await Assert.ThrowsAsync<ExchangeException>(() => Ended(loop.RunAsync(_stop.Token)));

        Assert.Same(_exchange.ReadError, error);
        Assert.Empty(_exchange.Submitted);
    }

    [Fact]
    public async Task A_registry_that_fails_at_the_start_ends_the_loop_with_that_error()
    {
        var broken = new InvalidOperationException("the ticket's weights are damaged");
        _registry.ActiveSetAsync(default, default, default).ThrowsAsyncForAnyArgs(broken);
        using var loop = Make(_exchange);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Ended(loop.RunAsync(_stop.Token)));

        Assert.Same(broken, error);
    }

    [Fact]
    public async Task A_stop_ends_within_ten_seconds_although_a_submit_never_returns()
    {
        var hanging = new HangingExchange(_exchange, _submitted);
        using var loop = Make(hanging);
        var running = loop.RunAsync(_stop.Token);
        _exchange.Close(Series, Next());
        var order = await _submitted.Task.WaitAsync(Patience, TimeProvider.System);

        await _stop.CancelAsync();
        var waited = TimeSpan.Zero;
        for (var begin = TimeProvider.System.GetTimestamp(); !running.IsCompleted && TimeProvider.System.GetElapsedTime(begin) < Patience; await Task.Yield())
        {
            if (_time.ActiveTimers > 0)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                waited += TimeSpan.FromSeconds(1);
            }
        }

        Assert.True(running.IsCompletedSuccessfully);
        Assert.InRange(waited, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10));
        Assert.Contains(_journal.Committed, r => FactJson.FromEntry(r) is Fact.Intended(var intent) && intent.Request.Id == order.Id);
        Assert.DoesNotContain(_journal.All, r => FactJson.FromEntry(r) is Fact.Answered);
    }

    [Fact]
    public async Task An_intent_is_committed_before_its_order_is_submitted()
    {
        var commits = -1;
        var known = false;
        _exchange.OnSubmit = request =>
        {
            commits = _journal.Commits;
            known = _journal.Committed.Any(r => FactJson.FromEntry(r) is Fact.Intended(var intent) && intent.Request == request);
            _submitted.TrySetResult(request);
            return new SubmitAnswer.Acknowledged(new VenueOrderId("v1"));
        };
        using var loop = Make(_exchange);
        var running = loop.RunAsync(_stop.Token);
        var before = _journal.Commits;

        _exchange.Close(Series, Next());
        await _submitted.Task.WaitAsync(Patience, TimeProvider.System);
        await _stop.CancelAsync();
        await Ended(running);

        Assert.Equal(before + 1, commits);
        Assert.True(known);
    }

    [Fact]
    public async Task What_was_answered_before_the_stop_is_committed_when_the_loop_has_ended()
    {
        using var loop = Make(_exchange);
        var running = loop.RunAsync(_stop.Token);

        _exchange.Close(Series, Next());
        var order = await _submitted.Task.WaitAsync(Patience, TimeProvider.System);
        await _stop.CancelAsync();
        await Ended(running);

        Assert.Contains(_journal.Committed, r => FactJson.FromEntry(r) is Fact.Answered { Outcome: AnswerOutcome.Accepted } a && a.Id == order.Id);
        Assert.Equal(_journal.All.Count, _journal.Committed.Count);
    }

    [Fact]
    public async Task A_bad_candle_is_refused_and_trading_goes_on()
    {
        using var loop = Make(_exchange);
        var running = loop.RunAsync(_stop.Token);
        var bad = Next() with { Low = 1e9 };
        Assert.NotNull(bad.Fault());

        _exchange.Emit(new ExchangeEvent.CandleClosed(Series, bad));
        var good = Next();
        _exchange.Close(Series, good);
        var order = await _submitted.Task.WaitAsync(Patience, TimeProvider.System);
        await _stop.CancelAsync();
        await Ended(running);

        Assert.Equal(Interval.FifteenMinutes.CloseOf(good.OpenTime), order.CausedAt);
        Assert.Equal(good, Assert.IsType<Fact.CandleClosed>(FactJson.FromEntry(
            Assert.Single(_journal.All, r => FactJson.FromEntry(r) is Fact.CandleClosed))).Candle);
        var stored = _store.ReceivedCalls().Where(c => c.GetMethodInfo().Name == nameof(ICandleStore.WriteAsync))
            .SelectMany(c => (IReadOnlyList<Candle>)c.GetArguments()[2]!).ToList();
        Assert.Contains(good, stored);
        Assert.DoesNotContain(bad, stored);
    }

    public void Dispose() => _stop.Dispose();

    private static Task Ended(Task running) => running.WaitAsync(Patience, TimeProvider.System);

    private Candle Next()
    {
        var last = _exchange.Candles[Series][^1];
        return new Candle(Interval.FifteenMinutes.CloseOf(last.OpenTime), last.Close, last.Close * 1.001, last.Close * 0.999, last.Close, 10, 10 * last.Close);
    }

    private TradingLoop Make(IExchange exchange) => new(
        exchange, _store, _registry, _journal, new TradingOptions { Symbols = ["BTCUSDT"], MinSimilarity = 0 }, null, _time, NullLogger<TradingLoop>.Instance);

    // Tells when an order arrived and never answers, whatever is cancelled.
    private sealed class HangingExchange(FakeExchange inner, TaskCompletionSource<OrderRequest> submitted) : IExchange
    {
        public ExchangeEnvironment Environment => inner.Environment;

        public ValueTask<Instant> GetMarketTimeAsync(CancellationToken cancellationToken) => inner.GetMarketTimeAsync(cancellationToken);

        public ValueTask<IReadOnlyList<Instrument>> GetInstrumentsAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellationToken) =>
            inner.GetInstrumentsAsync(symbols, cancellationToken);

        public ValueTask<IReadOnlyList<Candle>> GetCandlesAsync(
            Symbol symbol, Interval interval, Instant from, Instant? until, CancellationToken cancellationToken) =>
            inner.GetCandlesAsync(symbol, interval, from, until, cancellationToken);

        public ValueTask<IReadOnlyList<Candle>> GetLatestCandlesAsync(Symbol symbol, Interval interval, int count, CancellationToken cancellationToken) =>
            inner.GetLatestCandlesAsync(symbol, interval, count, cancellationToken);

        public ValueTask<ExchangeSnapshot> GetSnapshotAsync(
            IReadOnlyList<Symbol> symbols, Instant executionsSince, CancellationToken cancellationToken) =>
            inner.GetSnapshotAsync(symbols, executionsSince, cancellationToken);

        public ValueTask<OrderReport?> FindOrderAsync(Symbol symbol, ClientOrderId id, CancellationToken cancellationToken) =>
            inner.FindOrderAsync(symbol, id, cancellationToken);

        public ValueTask PrepareAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellationToken) => inner.PrepareAsync(symbols, cancellationToken);

        public ValueTask<SubmitAnswer> SubmitAsync(OrderRequest request, CancellationToken cancellationToken)
        {
            submitted.TrySetResult(request);
            return new ValueTask<SubmitAnswer>(new TaskCompletionSource<SubmitAnswer>().Task);
        }

        public ValueTask<RequestAnswer> CancelAsync(Symbol symbol, ClientOrderId id, CancellationToken cancellationToken) =>
            inner.CancelAsync(symbol, id, cancellationToken);

        public ValueTask<RequestAnswer> SetStopAsync(Symbol symbol, Price stop, bool byMarkPrice, CancellationToken cancellationToken) =>
            inner.SetStopAsync(symbol, stop, byMarkPrice, cancellationToken);

        public ValueTask ConnectAsync(IReadOnlyList<SeriesKey> series, ChannelWriter<ExchangeEvent> events, CancellationToken cancellationToken) =>
            inner.ConnectAsync(series, events, cancellationToken);

        public ValueTask ReportSentAsync(Instant marketTime, CancellationToken cancellationToken) => inner.ReportSentAsync(marketTime, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
