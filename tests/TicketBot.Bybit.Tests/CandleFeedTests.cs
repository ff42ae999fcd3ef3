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
    private readonly List<string> _told = [];
    private readonly Dictionary<long, double> _closes = [];
    private readonly Counters _counters = new();
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
                    : Task.FromResult<IReadOnlyList<Candle>>([.. _venue.Where(minute => minute * Minute >= from.UnixMilliseconds && minute * Minute < until.UnixMilliseconds).Order().Select(CandleOf)]);
            },
            (happened, _) =>
            {
                if (happened is ExchangeEvent.CandleClosed(_, var candle))
                {
                    _emitted.Add(candle.OpenTime.UnixMilliseconds / Minute);
                }

                _told.Add(happened switch
                {
                    ExchangeEvent.CandleClosed(_, var closed) => $"{closed.OpenTime.UnixMilliseconds / Minute}={closed.Close}",
                    ExchangeEvent.StreamInterrupted(var stream, _) => $"interrupted {stream}",
                    ExchangeEvent.StreamRestored(var stream) => $"restored {stream}",
                    _ => happened.ToString(),
                });
                return ValueTask.CompletedTask;
            },
            _time, confirmationMs: 3000, _counters, NullLogger.Instance);
        _feed.Start(Series, new Instant((10 * Minute) + 30_000));
    }

    [Fact]
    public async Task Candles_come_once_and_in_order()
    {
        foreach (var minute in new[] { 9, 10, 10, 11, 10, 12, 12 })
        {
            await _feed.AcceptAsync(Series, Candle(minute), Late, default);
        }

        Assert.Equal([10, 11, 12], _emitted);
        Assert.Equal(0, _readings);
    }

    [Fact]
    public async Task A_gap_is_read_before_what_follows_it()
    {
        _venue.UnionWith([10, 11, 12]);
        await _feed.AcceptAsync(Series, Candle(13), Late, default);
        Assert.Equal([10, 11, 12, 13], _emitted);
        Assert.Equal(1, _readings);
    }

    [Fact]
    public async Task A_gap_at_the_venue_is_real_only_after_a_second_reading()
    {
        _venue.UnionWith([10, 12]);
        var accepted = _feed.AcceptAsync(Series, Candle(13), Late, default);
        Assert.Empty(_emitted);
        _venue.Add(11);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await accepted);
        Assert.Equal([10, 11, 12, 13], _emitted);

        accepted = _feed.AcceptAsync(Series, Candle(15), Late, default);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await accepted);
        Assert.Equal([10, 11, 12, 13, 15], _emitted);
    }

    [Fact]
    public async Task Nothing_is_given_past_a_gap_that_cannot_be_read()
    {
        _isDown = true;
        Assert.False(await _feed.AcceptAsync(Series, Candle(12), Late, default));
        Assert.Empty(_emitted);
        _isDown = false;
        _venue.UnionWith([10, 11, 12]);
        await _feed.CheckOverdueAsync(new Instant((13 * Minute) + 1), default);
        Assert.Equal(["interrupted candles BTCUSDT/1m", "10=1", "11=1", "restored candles BTCUSDT/1m", "12=1"], _told);
    }

    [Fact]
    public async Task An_overdue_candle_is_announced_once_read_each_second_and_restored_before_it_is_given()
    {
        await _feed.CheckOverdueAsync(new Instant((11 * Minute) + 2999), default);
        Assert.Equal(0, _readings);
        await _feed.CheckOverdueAsync(new Instant((11 * Minute) + 3000), default);
        await _feed.CheckOverdueAsync(new Instant((11 * Minute) + 3500), default);
        Assert.Equal(1, _readings);
        await _feed.CheckOverdueAsync(new Instant((11 * Minute) + 4000), default);
        Assert.Equal(["interrupted candles BTCUSDT/1m"], _told);
        _venue.Add(10);
        await _feed.CheckOverdueAsync(new Instant((11 * Minute) + 5000), default);
        Assert.Equal(["interrupted candles BTCUSDT/1m", "restored candles BTCUSDT/1m", "10=1"], _told);
        Assert.Equal(3, _readings);
    }

    [Fact]
    public async Task A_late_confirmation_restores_the_series_and_is_not_given_twice()
    {
        await _feed.CheckOverdueAsync(new Instant((11 * Minute) + 3000), default);
        await _feed.AcceptAsync(Series, Candle(10), new Instant((11 * Minute) + 3100), default);
        await _feed.AcceptAsync(Series, Candle(10), new Instant((11 * Minute) + 3200), default);
        Assert.Equal(["interrupted candles BTCUSDT/1m", "restored candles BTCUSDT/1m", "10=1"], _told);
    }

    [Fact]
    public async Task A_hole_inside_what_is_read_is_not_passed_over_at_once()
    {
        _venue.UnionWith([10, 12]);
        var checking = _feed.CheckOverdueAsync(new Instant((13 * Minute) + 3000), default);
        Assert.Empty(_emitted);
        _venue.Add(11);
        _time.Advance(TimeSpan.FromSeconds(1));
        await checking;
        Assert.Equal([10, 11, 12], _emitted);
    }

    [Fact]
    public async Task What_cannot_be_caught_up_after_a_loss_is_announced_as_missing()
    {
        _isDown = true;
        await _feed.CatchUpAllAsync(new Instant((11 * Minute) + 10), default);
        Assert.Equal(["interrupted candles BTCUSDT/1m"], _told);
    }

    [Theory]
    [InlineData(11, 0)]
    [InlineData(12, 0)]
    [InlineData(100_000, 0)]
    [InlineData(10, 1)]
    public async Task A_candle_that_has_not_closed_or_lies_beside_the_grid_is_refused(long minute, long offset)
    {
        var candle = Candle(minute) with { OpenTime = new Instant((minute * Minute) + offset) };
        Assert.True(await _feed.AcceptAsync(Series, candle, new Instant((11 * Minute) + 500), default));
        Assert.Empty(_told);
        Assert.Equal(1, _counters.Read().CandlesRefused);
        await _feed.AcceptAsync(Series, Candle(10), new Instant((11 * Minute) + 500), default);
        Assert.Equal(["10=1"], _told);
    }

    [Fact]
    public async Task The_history_wins_over_a_stream_candle_that_disagrees_and_is_told_once()
    {
        _venue.UnionWith([10, 11]);
        _closes[10] = 2;
        await _feed.AcceptAsync(Series, Candle(10) with { Observations = new Observations(1.5, null, null, null) }, Late, default);
        await _feed.AcceptAsync(Series, Candle(11), Late, default);
        await _feed.VerifyAsync(new Instant((12 * Minute) + 14_999), onlyDoubted: false, default);
        Assert.Equal(0, _readings);
        await _feed.VerifyAsync(new Instant((12 * Minute) + 15_000), onlyDoubted: false, default);
        await _feed.VerifyAsync(new Instant((12 * Minute) + 16_000), onlyDoubted: false, default);
        Assert.Equal(["10=1", "11=1", "10=2"], _told);
        Assert.Equal((1, 1L), (_readings, _counters.Read().CandlesRevised));
    }

    [Fact]
    public async Task A_late_revision_by_the_stream_changes_nothing_but_has_the_history_asked_at_once()
    {
        _venue.Add(10);
        await _feed.AcceptAsync(Series, Candle(10), Late, default);
        await _feed.AcceptAsync(Series, Candle(10) with { Close = 0.9, Low = 0.9 }, new Instant(11 * Minute), default);
        Assert.Equal(["10=1"], _told);
        await _feed.VerifyAsync(new Instant(11 * Minute), onlyDoubted: false, default);
        Assert.Equal((1, "10=1"), (_readings, Assert.Single(_told)));
    }

    // Invariant: however confirmations are shuffled, repeated or lost, what comes out is each candle once, in order, without a gap.
    [Fact]
    public async Task Any_order_repetition_or_loss_gives_the_same_candles()
    {
        _venue.UnionWith(Enumerable.Range(10, 40).Select(i => (long)i));
        var random = new SplitMix(77);
        for (var minute = 10; minute < 50; minute++)
        {
            var now = new Instant((minute + 1) * Minute);
            for (var i = random.Below(4); i > 0; i--)
            {
                await _feed.AcceptAsync(Series, Candle(Math.Max(10, minute - random.Below(6))), now, default);
            }

            await _feed.CheckOverdueAsync(now.Plus(3000), default);
            await _feed.VerifyAsync(now.Plus(15_000), onlyDoubted: false, default);
        }

        Assert.Equal(Enumerable.Range(10, 40).Select(i => (long)i), _emitted);
    }

    [Fact]
    public async Task A_series_that_was_not_started_is_passed_over()
    {
        await _feed.AcceptAsync(new SeriesKey(new Symbol("ETHUSDT"), Interval.OneMinute), Candle(10), Late, default);
        Assert.Empty(_emitted);
    }

    private static readonly Instant Late = new(100_000 * Minute);

    private Candle CandleOf(long minute) => Candle(minute) with { Close = _closes.GetValueOrDefault(minute, 1), High = Math.Max(1, _closes.GetValueOrDefault(minute, 1)) };

    private static Candle Candle(long minute) => new(new Instant(minute * Minute), 1, 1, 1, 1, 1, 1);
}
