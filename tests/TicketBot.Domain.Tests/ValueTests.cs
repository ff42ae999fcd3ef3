namespace TicketBot.Domain.Tests;

public sealed class ValueTests
{
    [Fact]
    public void A_price_is_above_zero()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Price(0m));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Price(-1m));
        Assert.True(default(Price).IsDefault);
        Assert.True(new Price(2m) > new Price(1m) && new Price(1m) <= new Price(1m));
    }

    [Fact]
    public void A_quantity_is_never_negative()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Quantity(-0.001m));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Quantity(1m) - new Quantity(2m));
        Assert.Equal(new Quantity(3m), new Quantity(1m) + new Quantity(2m));
        Assert.True(default(Quantity).IsZero);
    }

    [Fact]
    public void A_price_times_a_quantity_is_money() =>
        Assert.Equal(new Money(15.15m), new Price(10.1m) * new Quantity(1.5m));

    [Fact]
    public void Money_adds_subtracts_and_scales()
    {
        Assert.Equal(new Money(-1m), new Money(2m) - new Money(3m));
        Assert.Equal(new Money(1m), -new Money(2m) + new Money(3m));
        Assert.Equal(new Money(0.5m), new Money(2m) * 0.25m);
        Assert.True(new Money(-1m) < Money.Zero && Money.Zero >= new Money(-1m));
    }

    [Theory]
    [InlineData("")]
    [InlineData("btcusdt")]
    [InlineData("BTC USDT")]
    [InlineData("ÄBC")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456")]
    public void A_symbol_of_another_form_is_refused(string text)
    {
        Assert.Throws<ArgumentException>(() => new Symbol(text));
        Assert.False(Symbol.IsValid(text));
    }

    [Fact]
    public void Symbols_compare_by_code_point()
    {
        Assert.True(new Symbol("1000PEPEUSDT").CompareTo(new Symbol("BTCUSDT")) < 0);
        Assert.Equal(new Symbol("BTC-PERP_1"), new Symbol("BTC-PERP_1"));
        Assert.Throws<InvalidOperationException>(() => default(Symbol).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("0123456789012345678901234567890123456")]
    [InlineData("é")]
    public void A_client_order_id_of_another_form_is_refused(string text) =>
        Assert.Throws<ArgumentException>(() => new ClientOrderId(text));

    [Fact]
    public void A_default_id_says_so()
    {
        Assert.True(default(ClientOrderId).IsDefault);
        Assert.Equal("(none)", default(ClientOrderId).ToString());
        Assert.False(new ClientOrderId("A-z_9").IsDefault);
    }

    [Fact]
    public void Sides_have_opposites_and_signs()
    {
        Assert.Equal((Side.Sell, Side.Buy), (Side.Buy.Opposite(), Side.Sell.Opposite()));
        Assert.Equal((1, -1), (Side.Buy.Sign(), Side.Sell.Sign()));
    }

    [Theory]
    [InlineData(-1, -86_400_000)]
    [InlineData(0, 0)]
    [InlineData(86_399_999, 0)]
    [InlineData(86_400_000, 86_400_000)]
    public void The_utc_day_starts_at_midnight(long milliseconds, long expected) =>
        Assert.Equal(expected, new Instant(milliseconds).StartOfUtcDay().UnixMilliseconds);

    [Fact]
    public void An_instant_moves_compares_and_prints()
    {
        var instant = new Instant(1_700_000_000_123);
        Assert.Equal("2023-11-14T22:13:20.123Z", instant.ToString());
        Assert.Equal(5_000, instant.Plus(5_000).Since(instant));
        Assert.Equal(instant, Instant.From(instant.ToDateTimeOffset()));
        Assert.Throws<OverflowException>(() => new Instant(long.MaxValue).Plus(1));
    }

    [Theory]
    [InlineData(10, 12, 9, 11, 1, 1, true)]
    [InlineData(10, 10, 10, 10, 0, 0, true)]
    [InlineData(10, 10.5, 9, 11, 1, 1, false)]
    [InlineData(10, 12, 10.5, 11, 1, 1, false)]
    [InlineData(10, 12, 0, 11, 1, 1, false)]
    [InlineData(double.NaN, 12, 9, 11, 1, 1, false)]
    [InlineData(10, double.PositiveInfinity, 9, 11, 1, 1, false)]
    [InlineData(10, 12, 9, 11, -1, 1, false)]
    [InlineData(10, 12, 9, 11, 1, double.NaN, false)]
    public void An_impossible_candle_has_a_fault(double open, double high, double low, double close, double volume, double turnover, bool possible) =>
        Assert.Equal(possible, new Candle(new Instant(0), open, high, low, close, volume, turnover).Fault() is null);
}
