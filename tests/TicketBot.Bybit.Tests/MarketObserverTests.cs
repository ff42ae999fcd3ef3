using System.Text;
using TicketBot.Bybit.Streams;
using TicketBot.Domain;

namespace TicketBot.Bybit.Tests;

public sealed class MarketObserverTests
{
    private const long T0 = 1735689600000;
    private readonly MarketObserver _observer = new([Interval.OneMinute]);

    [Fact]
    public void A_candle_carries_the_book_at_its_close_the_flow_inside_it_and_the_rate_in_force()
    {
        _observer.TradesStand(new Instant(T0 - 5_000));
        Book(true, T0 - 4_000, 10, "99", "101");
        Ticker(true, T0 - 3_000, "\"fundingRate\":\"0.0001\"");
        Trades(T0 + 1_000, ("Buy", 3));
        Trades(T0 + 59_999, ("Sell", 1));
        Book(false, T0 + 50_000, 11, "99.9", "100.1");
        Book(false, T0 + 60_000, 12, "50", "60"); // Belongs to the next candle.
        Trades(T0 + 60_001, ("Sell", 100));
        Ticker(false, T0 + 60_100, "\"fundingRate\":\"0.5\"");
        Ticker(false, T0 + 60_200, "\"markPrice\":\"1\"");
        var seen = _observer.Of(Interval.OneMinute, Candle(T0, volume: 4));
        Assert.Equal(20, seen.SpreadBp!.Value, 6);
        Assert.Equal((0d, 0.5, 0.0001), (seen.BookImbalance, seen.SignedFlow, seen.FundingRate));
    }

    [Fact]
    public void What_was_interrupted_inside_the_candle_is_not_observed_and_the_next_whole_candle_is_again()
    {
        Whole(T0 - 1_000);
        Trades(T0 + 1_000, ("Buy", 1));
        _observer.Interrupt();
        Whole(T0 + 30_000);
        Trades(T0 + 61_000, ("Buy", 2));
        Assert.Equal(default, _observer.Of(Interval.OneMinute, Candle(T0, volume: 1)) with { FundingRate = null });
        var next = _observer.Of(Interval.OneMinute, Candle(T0 + 60_000, volume: 2));
        Assert.Equal(1.0, next.SignedFlow);
        Assert.NotNull(next.SpreadBp);
    }

    [Fact]
    public void A_gap_in_the_book_loses_spread_and_imbalance_but_not_the_flow()
    {
        Whole(T0 - 1_000);
        Trades(T0 + 1_000, ("Sell", 2));
        Assert.True(_observer.TakeBook(false, T0 + 2_000, Encoding.UTF8.GetBytes("""{"u":99,"b":[],"a":[]}""")));
        Book(true, T0 + 3_000, 500, "99", "101");
        var seen = _observer.Of(Interval.OneMinute, Candle(T0, volume: 2));
        Assert.Equal((null, null, -1.0), (seen.SpreadBp, seen.BookImbalance, seen.SignedFlow));
    }

    [Fact]
    public void Trades_that_do_not_add_up_to_the_candle_are_not_a_flow()
    {
        Whole(T0 - 1_000);
        Trades(T0 + 1_000, ("Buy", 1));
        Assert.Null(_observer.Of(Interval.OneMinute, Candle(T0, volume: 2)).SignedFlow);
    }

    [Fact]
    public void Trades_that_could_not_be_read_lose_the_flow()
    {
        Whole(T0 - 1_000);
        Trades(T0 + 1_000, ("Buy", 1));
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => _observer.TakeTrades(T0 + 2_000, Encoding.UTF8.GetBytes("""[{"T":1}]""")));
        Assert.Null(_observer.Of(Interval.OneMinute, Candle(T0, volume: 1)).SignedFlow);
    }

    [Fact]
    public void A_trade_from_the_future_is_not_believed()
    {
        Whole(T0 - 1_000);
        Assert.ThrowsAny<System.Text.Json.JsonException>(
            () => _observer.TakeTrades(T0, Encoding.UTF8.GetBytes($$"""[{"T":{{T0 + 86_400_000}},"S":"Buy","v":"1"}]""")));
    }

    [Fact]
    public void A_candle_before_the_first_message_is_not_observed() =>
        Assert.Equal(default, _observer.Of(Interval.OneMinute, Candle(T0, volume: 0)));

    private void Whole(long time)
    {
        _observer.TradesStand(new Instant(time));
        Book(true, time, 10, "99", "101");
    }

    private static Candle Candle(long open, double volume) => new(new Instant(open), 100, 101, 99, 100, volume, volume * 100);

    private void Book(bool isSnapshot, long time, long update, string bid, string ask)
    {
        var clear = isSnapshot ? "" : """["99","0"],["99.9","0"],""";
        var clearAsks = isSnapshot ? "" : """["101","0"],["100.1","0"],""";
        Assert.False(_observer.TakeBook(isSnapshot, time, Encoding.UTF8.GetBytes($$"""{"s":"BTCUSDT","b":[{{clear}}["{{bid}}","2"]],"a":[{{clearAsks}}["{{ask}}","2"]],"u":{{update}}}""")));
    }

    private void Trades(long time, params (string Side, int Size)[] trades) => _observer.TakeTrades(
        time + 100, Encoding.UTF8.GetBytes($$"""[{{string.Join(',', trades.Select(trade => $$"""{"T":{{time}},"S":"{{trade.Side}}","v":"{{trade.Size}}","p":"100"}"""))}}]"""));

    private void Ticker(bool isSnapshot, long time, string field) => _observer.TakeTicker(isSnapshot, time, Encoding.UTF8.GetBytes($$"""{"symbol":"BTCUSDT",{{field}}}"""));
}
