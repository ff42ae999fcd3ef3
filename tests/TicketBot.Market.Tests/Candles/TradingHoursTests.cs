using System.Globalization;
using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Testing;

namespace TicketBot.Market.Tests.Candles;

public sealed class TradingHoursTests
{
    [Theory]
    [InlineData("bybit", "always")]
    [InlineData("binance-perp", "always")]
    [InlineData("us-equity", "sessions")]
    [InlineData("fx-oanda", "weekdays")]
    [InlineData("fx", "weekdays")]
    [InlineData("fxtrade", "always")]
    public void The_venue_in_a_files_name_says_the_hours(string venue, string hours) => Assert.Equal(hours, TradingHours.OfVenue(venue).Name);

    [Theory]
    [InlineData("1h", "2021-03-04 20:00", "2021-03-05 14:00", true)] // A night.
    [InlineData("1h", "2021-03-12 20:00", "2021-03-15 13:00", true)] // A weekend in which summer time begins.
    [InlineData("1h", "2020-11-27 17:00", "2020-11-30 14:00", true)] // A short day and a weekend.
    [InlineData("1h", "2012-10-26 19:00", "2012-10-31 13:00", true)] // The storm of October 2012.
    [InlineData("1h", "2001-09-10 19:00", "2001-09-17 13:00", false)] // Six days without a session: prices of another world.
    [InlineData("1h", "2021-03-04 15:00", "2021-03-04 17:00", false)] // An hour is missing inside a session.
    [InlineData("1h", "2021-03-04 15:00", "2021-03-04 16:00", true)]
    [InlineData("1d", "2021-03-05 00:00", "2021-03-08 00:00", true)]
    [InlineData("1d", "2021-03-04 00:00", "2021-03-05 00:00", true)]
    [InlineData("1d", "2001-09-10 00:00", "2001-09-17 00:00", false)]
    [InlineData("15m", "2021-03-04 20:45", "2021-03-05 14:30", true)]
    public void Sessions_end_with_the_day_and_begin_on_a_later_one(string interval, string open, string next, bool follows) =>
        Assert.Equal(follows, TradingHours.Sessions.Follows(Interval.Parse(interval), At(open), At(next)));

    [Theory]
    [InlineData("1h", "2018-03-02 21:00", "2018-03-04 22:00", true)] // Winter.
    [InlineData("1h", "2018-07-06 20:00", "2018-07-08 21:00", true)] // Summer.
    [InlineData("1h", "2018-07-06 19:00", "2018-07-08 21:00", true)] // The earliest end: Friday 20:00.
    [InlineData("1h", "2018-07-06 18:00", "2018-07-08 21:00", false)] // Hours before the end are missing.
    [InlineData("1h", "2018-07-06 20:00", "2018-07-09 01:00", false)] // Hours after the beginning are.
    [InlineData("1h", "2018-07-06 20:00", "2018-07-15 21:00", false)] // A week is.
    [InlineData("1h", "2018-07-04 20:00", "2018-07-05 21:00", false)] // A day of the week is.
    [InlineData("1h", "2018-07-08 21:00", "2018-07-08 23:00", false)] // An hour of Sunday evening is.
    [InlineData("1d", "2018-07-06 00:00", "2018-07-08 00:00", true)]
    [InlineData("1d", "2018-07-06 00:00", "2018-07-09 00:00", true)]
    [InlineData("1d", "2018-07-05 00:00", "2018-07-08 00:00", false)]
    public void Weeks_end_on_friday_and_begin_on_sunday(string interval, string open, string next, bool follows) =>
        Assert.Equal(follows, TradingHours.Weekdays.Follows(Interval.Parse(interval), At(open), At(next)));

    [Theory]
    [InlineData("2021-03-04 20:00", "2021-03-04 21:00", true)]
    [InlineData("2021-03-04 20:00", "2021-03-05 14:00", false)]
    [InlineData("2018-07-06 20:00", "2018-07-08 21:00", false)]
    [InlineData("2018-07-06 20:00", "2018-07-06 19:00", false)]
    public void What_trades_always_has_no_night(string open, string next, bool follows) =>
        Assert.Equal(follows, TradingHours.Always.Follows(Interval.OneHour, At(open), At(next)));

    [Fact]
    public void No_hours_let_a_candle_follow_itself_or_a_later_one()
    {
        var random = new SeededRandom(5);
        for (var i = 0; i < 5_000; i++)
        {
            var interval = Interval.All[(int)(random.NextDouble() * 11)];
            var open = interval.OpenOf(new Instant((long)(random.NextDouble() * 1_600_000_000_000)));
            var next = interval.OpenOf(open.Plus(-(long)(random.NextDouble() * 1_000_000_000)));
            foreach (var hours in (TradingHours[])[TradingHours.Always, TradingHours.Sessions, TradingHours.Weekdays])
            {
                Assert.False(hours.Follows(interval, open, next));
                Assert.True(hours.Follows(interval, open, interval.CloseOf(open)));
            }
        }
    }

    [Fact]
    public void Sessions_are_contiguous_over_nights_and_not_over_a_missing_hour()
    {
        var hours = Enumerable.Range(0, 10).SelectMany(day => Enumerable.Range(14, 7).Select(hour => At("2021-03-01 00:00").Plus((day * Instant.MillisecondsPerDay) + (hour * 3_600_000L))))
            .Where(time => time.ToDateTimeOffset().DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)).ToList();
        Candle[] candles = [.. hours.Zip(RandomCandles.Walk(hours.Count, 1, Interval.OneHour), (time, candle) => candle with { OpenTime = time })];
        var whole = CandleSeries.Of(new Symbol("SPY"), Interval.OneHour, candles, TradingHours.Sessions);
        Assert.True(whole.IsContiguous(candles.Length - 1, candles.Length));
        Assert.False(CandleSeries.Of(new Symbol("SPY"), Interval.OneHour, candles).IsContiguous(candles.Length - 1, candles.Length));

        var holed = CandleSeries.Of(new Symbol("SPY"), Interval.OneHour, [.. candles.Where((_, i) => i != 24)], TradingHours.Sessions);
        Assert.False(holed.IsContiguous(24, 2));
        Assert.True(holed.IsContiguous(23, 24));
        Assert.True(holed.IsContiguous(holed.Count - 1, holed.Count - 24));
    }

    [Fact]
    public void A_night_is_no_gap_when_a_candle_arrives()
    {
        var candles = RandomCandles.Walk(2, 1, Interval.OneHour, At("2021-03-04 20:00"));
        var series = new CandleSeries(new Symbol("SPY"), Interval.OneHour, 10, TradingHours.Sessions);
        Assert.Equal(AppendResult.Appended, series.Append(candles[0]));
        Assert.Equal(AppendResult.Appended, series.Append(candles[1] with { OpenTime = At("2021-03-05 14:00") }));
        Assert.Equal(AppendResult.AppendedAfterGap, series.Append(candles[1] with { OpenTime = At("2021-03-05 16:00") }));
    }

    private static Instant At(string text) =>
        Instant.From(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
}
