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
using TicketBot.Trading.Orders;
using TicketBot.Trading.Risk;

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
    public async Task No_entry_leaves_when_its_reason_cannot_be_committed_and_trading_goes_on_when_the_disk_is_back()
    {
        using var loop = Make(_exchange);
        var running = loop.RunAsync(_stop.Token);
        _journal.CommitError = new IOException("no space left on device");

        _exchange.Close(Series, Next());
        await UntilAsync(() => loop.Current.JournalFault is not null);

        Assert.Equal("no space left on device", loop.Current.JournalFault);
        Assert.Equal(AccountMode.Reducing, loop.Current.Mode);
        Assert.Empty(_exchange.Submitted);
        Assert.Contains(_journal.All, r => FactJson.FromEntry(r) is Fact.Withheld);
        Assert.DoesNotContain(_journal.Committed, r => r.Entry.Kind == FactJson.IntentKind);
        _exchange.Close(Series, Next());
        await UntilAsync(() => loop.Current.Decisions[0].Verdict == nameof(DenialCode.JournalNotDurable));

        _journal.CommitError = null;
        await UntilAsync(() => loop.Current.JournalFault is null);
        _exchange.Close(Series, Next());
        await _submitted.Task.WaitAsync(Patience, TimeProvider.System);
        await _stop.CancelAsync();
        await Ended(running);

        Assert.Contains(_journal.Committed, r => FactJson.FromEntry(r) is Fact.StreamRestored(StreamNames.Journal));
        Assert.Equal(_journal.All.Count, _journal.Committed.Count);
    }

    [Fact]
    public async Task An_exit_leaves_although_the_journal_cannot_be_written()
    {
        using var loop = Make(_exchange);
        var running = loop.RunAsync(_stop.Token);
        _exchange.Close(Series, Next());
        var entry = await _submitted.Task.WaitAsync(Patience, TimeProvider.System);
        await UntilAsync(() => _exchange.Orders.ContainsKey(entry.Id));
        _exchange.Fill(entry, 100m);
        await UntilAsync(() => loop.Current.Positions.Count == 1);

        _journal.CommitError = new IOException("read-only file system");
        loop.Command(OperatorCommand.Flatten, "now");
        await UntilAsync(() => _exchange.Submitted.Count == 2);

        Assert.True(_exchange.Submitted[1].ReduceOnly);
        Assert.DoesNotContain(_journal.Committed, r => FactJson.FromEntry(r) is Fact.Intended { Intent.Kind: IntentKind.Exit });
        _journal.CommitError = null;
        await _stop.CancelAsync();
        await Ended(running);
    }

    [Fact]
    public async Task A_stop_while_the_journal_cannot_be_written_is_no_orderly_end()
    {
        using var loop = Make(_exchange);
        var running = loop.RunAsync(_stop.Token);
        _journal.CommitError = new IOException("no space left on device");
        _exchange.Close(Series, Next());
        await UntilAsync(() => loop.Current.JournalFault is not null);

        await _stop.CancelAsync();

        Assert.Same(_journal.CommitError, await Assert.ThrowsAsync<IOException>(() => Ended(running)));
    }

    [Fact]
    public async Task The_account_is_read_regularly_and_a_reading_that_agrees_leaves_no_trace()
    {
        using var loop = Make(_exchange);
        var running = loop.RunAsync(_stop.Token);
        await UntilAsync(() => loop.Current.State == TradingState.Active);
        var entries = _journal.All.Count;

        for (var i = 1; i <= 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(15));
            _exchange.Emit(new ExchangeEvent.TimePassed(_exchange.Time.Plus(1_000)));
            var expected = i;
            await UntilAsync(() => loop.Current.Reconcile.Readings == expected);
        }

        Assert.Equal((0, ""), (loop.Current.Reconcile.Differences, loop.Current.Reconcile.LastDifference));
        Assert.Equal(entries, _journal.All.Count);
        await _stop.CancelAsync();
        await Ended(running);
    }

    [Fact]
    public async Task A_reading_is_over_before_the_market_may_go_on()
    {
        using var loop = Make(_exchange);
        var running = loop.RunAsync(_stop.Token);
        await UntilAsync(() => loop.Current.State == TradingState.Active);
        var reading = new TaskCompletionSource();
        _exchange.BeforeSnapshot = () => reading.Task;
        var reported = _exchange.ReportedSent.Count;
        _time.Advance(TimeSpan.FromSeconds(15));
        var tick = _exchange.Time.Plus(1_000);

        _exchange.Emit(new ExchangeEvent.TimePassed(tick));
        await UntilAsync(() => _exchange.SnapshotsAsked == 2);
        Assert.Equal(reported, _exchange.ReportedSent.Count);
        reading.SetResult();
        await UntilAsync(() => _exchange.ReportedSent.Count > reported);

        Assert.Equal(tick, _exchange.ReportedSent[^1]);
        await _stop.CancelAsync();
        await Ended(running);
    }

    [Fact]
    public async Task While_the_private_stream_is_away_the_account_is_read_every_two_seconds_and_what_it_missed_is_taken_in()
    {
        using var loop = Make(_exchange);
        var running = loop.RunAsync(_stop.Token);
        _exchange.Close(Series, Next());
        var entry = await _submitted.Task.WaitAsync(Patience, TimeProvider.System);
        await UntilAsync(() => _exchange.Orders.ContainsKey(entry.Id));
        _exchange.Emit(new ExchangeEvent.StreamInterrupted(StreamNames.Private, "cut"));
        _exchange.FillSilently(entry, 100m);

        for (var i = 0; i < 3 && loop.Current.Positions.Count == 0; i++)
        {
            var readings = loop.Current.Reconcile.Readings;
            _time.Advance(TimeSpan.FromSeconds(2));
            _exchange.Emit(new ExchangeEvent.TimePassed(_exchange.Time.Plus(2_000)));
            await UntilAsync(() => loop.Current.Reconcile.Readings > readings);
        }

        await UntilAsync(() => loop.Current.Positions.Count == 1);
        Assert.False(loop.Current.Positions[0].IsForeign);
        await _stop.CancelAsync();
        await Ended(running);
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

    // Turns the fake clock where somebody waits for it, so that pauses pass and nothing is timed by the machine.
    private async Task UntilAsync(Func<bool> holds)
    {
        for (var begin = TimeProvider.System.GetTimestamp(); !holds(); await Task.Yield())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < Patience, "what was waited for did not happen");
            if (_time.ActiveTimers > 0)
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
            }
        }
    }

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

        public ValueTask<OrderReport?> FindOrderAsync(Symbol symbol, ClientOrderId id, bool mayRepeat, CancellationToken cancellationToken) =>
            inner.FindOrderAsync(symbol, id, mayRepeat, cancellationToken);

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
