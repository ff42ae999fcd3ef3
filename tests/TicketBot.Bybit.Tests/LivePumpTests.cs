using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Bybit.Streams;
using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

/// <summary>Series side by side while the venue's history hangs for one of them. Market time is what the clock of the test says; an event that
/// never comes fails the test by the patience of <see cref="HearAsync"/>.</summary>
public sealed class LivePumpTests : IAsyncDisposable
{
    private const long Minute = 60_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly SeriesKey Btc = Of("BTCUSDT");
    private static readonly SeriesKey Eth = Of("ETHUSDT");
    private static readonly SeriesKey Sol = Of("SOLUSDT");
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds((10 * Minute) + 30_000));
    private readonly Channel<ExchangeEvent> _events = Channel.CreateUnbounded<ExchangeEvent>();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<SeriesKey, TaskCompletionSource> _hanging = new();
    private readonly ConcurrentDictionary<SeriesKey, int> _readings = new();
    private readonly Dictionary<SeriesKey, List<string>> _told = [];
    private readonly Dictionary<SeriesKey, List<string>> _given = [];
    private readonly List<string> _streams = [];
    private Task _running = Task.CompletedTask;
    private CandleFeed? _feed;
    private int _atOnce;
    private int _mostAtOnce;

    [Fact]
    public async Task A_reading_that_hangs_delays_neither_the_noticing_nor_the_repair_of_another_series()
    {
        var pump = Start(Btc, Eth, Sol);
        Hang(Btc);
        await PassAsync(11 * Minute);
        pump.Post(new StreamInput.Kline(Sol, Candle(10)));
        await HearAsync(Sol, "10");
        await PassAsync((11 * Minute) + 3_000);
        await HearAsync(Btc, "interrupted");
        await HearAsync(Eth, "interrupted", "restored", "10");

        // The reading of the first still hangs while another series misses its next candle, and a third is confirmed.
        await PassAsync(12 * Minute);
        pump.Post(new StreamInput.Kline(Eth, Candle(11)));
        await HearAsync(Eth, "11");
        await PassAsync((12 * Minute) + 3_000);
        await HearAsync(Sol, "interrupted", "restored", "11");
        Assert.Equal(1, _readings[Btc]);

        // What it then brings is old: the series is whole again only with the candle that is overdue meanwhile.
        Release(Btc);
        await HearAsync(Btc, "10");
        await PassAsync((12 * Minute) + 4_000);
        await HearAsync(Btc, "restored", "11");
    }

    [Fact]
    public async Task An_overdue_series_is_announced_within_five_seconds_of_the_close_while_every_reading_hangs()
    {
        var series = Enumerable.Range(0, 3 * CandleFeed.MostRepairs).Select(i => Of($"S{i:00}USDT")).ToArray();
        Start(series);
        Array.ForEach(series, Hang);
        await PassAsync((11 * Minute) + 3_000);
        foreach (var one in series)
        {
            await HearAsync(one, "interrupted");
        }

        await UntilAsync(() => Volatile.Read(ref _atOnce) == CandleFeed.MostRepairs);
        Array.ForEach(series, Release);
        foreach (var one in series)
        {
            await HearAsync(one, "restored", "10");
        }

        Assert.Equal(CandleFeed.MostRepairs, _mostAtOnce);
    }

    [Fact]
    public async Task A_stream_that_is_back_is_told_at_once_and_only_the_series_that_missed_a_candle_stay_interrupted()
    {
        var pump = Start(Btc, Eth, Sol);
        Hang(Btc);
        pump.Post(new StreamInput.Lost(StreamNames.Public, "cut"));
        Assert.Equal($"interrupted {StreamNames.Public}", await HearOfStreamAsync());
        await PassAsync(11 * Minute);
        pump.Post(new StreamInput.Kline(Sol, Candle(10)));
        await HearAsync(Sol, "10");
        pump.Post(new StreamInput.Restored(StreamNames.Public));
        Assert.Equal($"restored {StreamNames.Public}", await HearOfStreamAsync());
        await HearAsync(Eth, "interrupted", "restored", "10");
        await HearAsync(Btc, "interrupted");
        Release(Btc);
        await HearAsync(Btc, "restored", "10");
        Assert.Empty(_told[Sol]);
    }

    [Fact]
    public async Task A_comparison_with_the_history_that_hangs_holds_up_no_candle_of_its_own_series()
    {
        var pump = Start(Btc);
        await PassAsync(11 * Minute);
        pump.Post(new StreamInput.Kline(Btc, Candle(10)));
        await HearAsync(Btc, "10");
        Hang(Btc);
        await PassAsync((11 * Minute) + CandleFeed.LatestVerificationMs);
        await UntilAsync(() => _readings.GetValueOrDefault(Btc) == 1);
        await PassAsync(12 * Minute);
        pump.Post(new StreamInput.Kline(Btc, Candle(11)));
        await HearAsync(Btc, "11");
        Assert.Equal(1, _readings[Btc]);
    }

    // Invariant: whatever is lost, repeated or shuffled while readings come back in any order, each series gives each candle once and in order.
    [Fact]
    public async Task Each_series_gives_each_candle_once_and_in_order_however_the_readings_of_the_others_end()
    {
        SeriesKey[] series = [Btc, Eth, Sol];
        var pump = Start(series);
        var random = new SplitMix(5);
        for (var minute = 10; minute < 40; minute++)
        {
            var hung = series[random.Below(3)];
            Hang(hung);
            await PassAsync((minute + 1) * Minute);
            foreach (var one in series)
            {
                for (var i = random.Below(3); i > 0; i--)
                {
                    pump.Post(new StreamInput.Kline(one, Candle(Math.Max(10, minute - random.Below(4)))));
                }
            }

            await PassAsync(((minute + 1) * Minute) + 3_500);
            foreach (var one in series.Where(one => one != hung))
            {
                await HearThroughAsync(one, minute);
            }

            Release(hung);
            await HearThroughAsync(hung, minute);
        }

        foreach (var one in series)
        {
            Assert.Equal(Enumerable.Range(10, 30).Select(i => $"{i}"), _given[one]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _feed?.Dispose();
    }

    private static SeriesKey Of(string symbol) => new(new Symbol(symbol), Interval.OneMinute);

    private static Candle Candle(long minute) => new(new Instant(minute * Minute), 1, 1, 1, 1, 1, 1);

    private LivePump Start(params SeriesKey[] series)
    {
        _feed = new CandleFeed(ReadAsync, _events.Writer.WriteAsync, _time, confirmationMs: 3_000, new Counters(), NullLogger.Instance) { Now = Now };
        foreach (var one in series)
        {
            _feed.Start(one, Now());
            (_told[one], _given[one]) = ([], []);
        }

        var pump = new LivePump(_feed, _events.Writer, Now, _time);
        _running = pump.RunAsync(_stop.Token);
        return pump;
    }

    private Instant Now() => new(_time.GetUtcNow().ToUnixTimeMilliseconds());

    // The venue knows every candle that has closed; where it hangs, it answers when it is let go.
    private async Task<IReadOnlyList<Candle>> ReadAsync(SeriesKey series, Instant from, Instant until, CancellationToken cancellationToken)
    {
        _readings.AddOrUpdate(series, 1, (_, count) => count + 1);
        var now = Interlocked.Increment(ref _atOnce);
        InterlockedMax(now);
        try
        {
            if (_hanging.TryGetValue(series, out var hanging))
            {
                await hanging.Task.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _atOnce);
        }

        var first = from.UnixMilliseconds / Minute;
        return [.. Enumerable.Range(0, (int)((until.UnixMilliseconds / Minute) - first)).Select(i => Candle(first + i))];
    }

    private void InterlockedMax(int value)
    {
        for (var seen = Volatile.Read(ref _mostAtOnce); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref _mostAtOnce, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    private void Hang(SeriesKey series) => _hanging[series] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Release(SeriesKey series)
    {
        if (_hanging.TryRemove(series, out var hanging))
        {
            hanging.SetResult();
        }
    }

    // Market time goes on look by look until the time.
    private async Task PassAsync(long until)
    {
        while (Now().UnixMilliseconds < until)
        {
            await UntilAsync(() => _time.ActiveTimers > 0);
            _time.Advance(TimeSpan.FromMilliseconds(Math.Min(500, until - Now().UnixMilliseconds)));
        }
    }

    private async Task HearAsync(SeriesKey series, params string[] expected)
    {
        while (_told[series].Count < expected.Length)
        {
            await HearOneAsync();
        }

        Assert.Equal(expected, _told[series].Take(expected.Length));
        _told[series].RemoveRange(0, expected.Length);
    }

    private async Task HearThroughAsync(SeriesKey series, int minute)
    {
        while (!_given[series].Contains($"{minute}"))
        {
            await HearOneAsync();
        }
    }

    private async Task<string> HearOfStreamAsync()
    {
        while (_streams.Count == 0)
        {
            await HearOneAsync();
        }

        var told = _streams[0];
        _streams.RemoveAt(0);
        return told;
    }

    private async Task HearOneAsync()
    {
        var happened = await _events.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        switch (happened)
        {
            case ExchangeEvent.CandleClosed(var series, var candle):
                _told[series].Add($"{candle.OpenTime.UnixMilliseconds / Minute}");
                _given[series].Add(_told[series][^1]);
                break;
            case ExchangeEvent.StreamInterrupted(var stream, _):
                Tell(stream, "interrupted");
                break;
            case ExchangeEvent.StreamRestored(var stream):
                Tell(stream, "restored");
                break;
            default:
                break; // The time.
        }
    }

    private void Tell(string stream, string what)
    {
        if (StreamNames.TryReadCandles(stream, out var series))
        {
            _told[series].Add(what);
        }
        else
        {
            _streams.Add($"{what} {stream}");
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
