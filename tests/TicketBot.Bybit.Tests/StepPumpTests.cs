using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Bybit.Streams;
using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

public sealed class StepPumpTests : IDisposable
{
    private const long Minute = 60_000;
    private static readonly SeriesKey Series = new(new Symbol("BTCUSDT"), Interval.OneMinute);
    private readonly FakeTimeProvider _time = new();
    private readonly Channel<ExchangeEvent> _events = Channel.CreateUnbounded<ExchangeEvent>();
    private readonly CancellationTokenSource _stop = new();
    private readonly StepPump _pump;
    private int _readings;

    public StepPumpTests()
    {
        var feed = new CandleFeed(
            (_, from, _, _) =>
            {
                _readings++;
                return Task.FromResult<IReadOnlyList<Candle>>([CandleOf(from.UnixMilliseconds / Minute, 2)]);
            },
            _events.Writer.WriteAsync, _time, confirmationMs: 3000, new Counters(), NullLogger.Instance);
        feed.Start(Series, new Instant(10 * Minute));
        _pump = new StepPump(feed, _events.Writer, (_, _) => { }, _time, arrivalMs: 100, NullLogger.Instance);
    }

    [Fact]
    public async Task A_message_that_is_missing_while_the_private_socket_is_away_does_not_restore_the_stream()
    {
        var running = _pump.RunAsync(_stop.Token);
        _pump.Post(new StreamInput.Lost(StreamNames.Private, "cut"));
        _pump.Post(new StreamInput.Step(1, new Instant(11 * Minute), [], ["m1"]));

        Assert.Equal(["interrupted private", "interrupted private", "time"], await TakeAsync(3));

        _pump.Post(new StreamInput.Restored(StreamNames.Private));
        Assert.Equal(["restored private"], await TakeAsync(1));
        _pump.Post(new StreamInput.Step(2, new Instant(11 * Minute), [], ["m2"]));
        Assert.Equal(["interrupted private", "restored private", "time"], await TakeAsync(3));
        await EndAsync(running);
    }

    [Fact]
    public async Task A_candle_that_history_contradicts_is_revised_at_a_tick_between_candles()
    {
        var running = _pump.RunAsync(_stop.Token);
        _pump.Post(new StreamInput.Kline(Series, CandleOf(10, 1)));
        _pump.Post(new StreamInput.Step(1, new Instant(11 * Minute), [(Series, new Instant(10 * Minute))], []));
        Assert.Equal(["10=1", "time"], await TakeAsync(2));
        Assert.Equal(0, _readings);

        _pump.Post(new StreamInput.Step(2, new Instant((11 * Minute) + 15_000), [], []));

        Assert.Equal(["10=2", "time"], await TakeAsync(2));
        Assert.Equal(1, _readings);
        await EndAsync(running);
    }

    [Fact]
    public async Task A_candle_of_which_the_stream_says_two_things_is_asked_for_at_that_step()
    {
        var running = _pump.RunAsync(_stop.Token);
        _pump.Post(new StreamInput.Kline(Series, CandleOf(10, 1)));
        _pump.Post(new StreamInput.Kline(Series, CandleOf(10, 3)));
        _pump.Post(new StreamInput.Step(1, new Instant(11 * Minute), [(Series, new Instant(10 * Minute))], []));

        Assert.Equal(["10=1", "10=2", "time"], await TakeAsync(3));
        await EndAsync(running);
    }

    public void Dispose() => _stop.Dispose();

    private static Candle CandleOf(long minute, double close) => new(new Instant(minute * Minute), close, close, close, close, 1, close);

    private async Task EndAsync(Task running)
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private async Task<List<string>> TakeAsync(int count)
    {
        var told = new List<string>();
        while (told.Count < count)
        {
            if (_events.Reader.TryRead(out var happened))
            {
                told.Add(happened switch
                {
                    ExchangeEvent.CandleClosed(_, var closed) => $"{closed.OpenTime.UnixMilliseconds / Minute}={closed.Close}",
                    ExchangeEvent.StreamInterrupted(var stream, _) => $"interrupted {stream}",
                    ExchangeEvent.StreamRestored(var stream) => $"restored {stream}",
                    _ => "time",
                });
            }
            else
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                await Task.Yield();
            }
        }

        return told;
    }
}
