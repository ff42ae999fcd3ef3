using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Bybit.Streams;
using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

public sealed class CandleFeedTests
{
    private const long Minute = 60_000;
    private static readonly SeriesKey Series = new(new Symbol("BTCUSDT"), Interval.OneMinute);
    private readonly FakeTimeProvider _time = new();
    private readonly List<long> _emitted = [];
    private readonly HashSet<long> _venue = [];
    private readonly CandleFeed _feed;
    private int _readings;
    private bool _isDown;

    public CandleFeedTests()
    {
        _feed = new CandleFeed(
            (_, from, until, _) =>
            {
                _readings++;
                return _isDown
                    ? throw new ExchangeException("down")
                    : Task.FromResult<IReadOnlyList<Candle>>([.. _venue.Where(minute => minute * Minute >= from.UnixMilliseconds && minute * Minute < until.UnixMilliseconds).Order().Select(Candle)]);
            },
            (happened, _) =>
            {
                _emitted.Add(((ExchangeEvent.CandleClosed)happened).Candle.OpenTime.UnixMilliseconds / Minute);
                return ValueTask.CompletedTask;
            },
            _time, confirmationMs: 5000, NullLogger.Instance);
        _feed.Start(Series, new Instant((10 * Minute) + 30_000));
    }

    [Fact]
    public async Task Candles_come_once_and_in_order()
    {
        foreach (var minute in new[] { 9, 10, 10, 11, 10, 12, 12 })
        {
            await _feed.AcceptAsync(Series, Candle(minute), default);
        }

        Assert.Equal([10, 11, 12], _emitted);
        Assert.Equal(0, _readings);
    }

    [Fact]
    public async Task A_gap_is_read_before_what_follows_it()
    {
        _venue.UnionWith([10, 11, 12]);
        await _feed.AcceptAsync(Series, Candle(13), default);
        Assert.Equal([10, 11, 12, 13], _emitted);
        Assert.Equal(1, _readings);
    }

    [Fact]
    public async Task A_gap_at_the_venue_is_real_only_after_a_second_reading()
    {
        _venue.UnionWith([10, 12]);
        var accepted = _feed.AcceptAsync(Series, Candle(13), default);
        Assert.Empty(_emitted);
        _venue.Add(11);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await accepted);
        Assert.Equal([10, 11, 12, 13], _emitted);

        accepted = _feed.AcceptAsync(Series, Candle(15), default);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await accepted);
        Assert.Equal([10, 11, 12, 13, 15], _emitted);
    }

    [Fact]
    public async Task Nothing_is_given_past_a_gap_that_cannot_be_read()
    {
        _isDown = true;
        Assert.False(await _feed.AcceptAsync(Series, Candle(12), default));
        Assert.Empty(_emitted);
        _isDown = false;
        _venue.UnionWith([10, 11, 12]);
        await _feed.CheckOverdueAsync(new Instant((13 * Minute) + 1), default);
        Assert.Equal([10, 11, 12], _emitted);
    }

    [Fact]
    public async Task An_overdue_candle_is_read_and_asked_for_again_only_after_a_pause()
    {
        await _feed.CheckOverdueAsync(new Instant((11 * Minute) + 4999), default);
        Assert.Equal(0, _readings);
        await _feed.CheckOverdueAsync(new Instant((11 * Minute) + 5000), default);
        await _feed.CheckOverdueAsync(new Instant((11 * Minute) + 6000), default);
        Assert.Equal(1, _readings);
        _venue.Add(10);
        await _feed.CheckOverdueAsync(new Instant((11 * Minute) + 10_000), default);
        Assert.Equal([10], _emitted);
    }

    [Fact]
    public async Task A_series_that_was_not_started_is_passed_over()
    {
        await _feed.AcceptAsync(new SeriesKey(new Symbol("ETHUSDT"), Interval.OneMinute), Candle(10), default);
        Assert.Empty(_emitted);
    }

    private static Candle Candle(long minute) => new(new Instant(minute * Minute), 1, 1, 1, 1, 1, 1);
}
