using FsCheck;
using FsCheck.Fluent;

namespace TicketBot.Domain.Tests;

/// <summary>Invariants: every instant lies in exactly one candle; candles follow one another without a gap; shifting composes and
/// is undone by its negative; names and venue codes are read back.</summary>
public sealed class IntervalTests
{
    private static readonly Gen<(Interval Interval, Instant Time)> Moments =
        from interval in Gen.Elements<Interval>(Interval.All)
        from day in Gen.Choose(-20_000, 60_000)
        from millisecond in Gen.Choose(0, (int)Instant.MillisecondsPerDay - 1)
        select (interval, new Instant((day * Instant.MillisecondsPerDay) + millisecond));

    [Fact]
    public void Every_instant_lies_in_exactly_one_candle() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Moments.ToArbitrary(), moment =>
        {
            var open = moment.Interval.OpenOf(moment.Time);
            var close = moment.Interval.CloseOf(open);
            return open <= moment.Time && moment.Time < close
                && moment.Interval.OpenOf(open) == open && moment.Interval.OpenOf(close) == close && moment.Interval.OpenOf(close.Plus(-1)) == open;
        }));

    [Fact]
    public void Shifts_compose_and_are_undone_by_their_negative() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), Prop.ForAll(
            Moments.ToArbitrary(), Gen.Choose(-300, 300).ToArbitrary(), Gen.Choose(-300, 300).ToArbitrary(), (moment, a, b) =>
            {
                var open = moment.Interval.OpenOf(moment.Time);
                return moment.Interval.Shift(moment.Interval.Shift(open, a), b) == moment.Interval.Shift(open, a + b)
                    && moment.Interval.Shift(open, 1) == moment.Interval.CloseOf(open)
                    && moment.Interval.Shift(moment.Interval.Shift(open, a), -a) == open;
            }));

    [Theory]
    [InlineData("1w", "2024-02-29T12:00:00Z", "2024-02-26T00:00:00Z", "2024-03-04T00:00:00Z")]
    [InlineData("1w", "1970-01-01T00:00:00Z", "1969-12-29T00:00:00Z", "1970-01-05T00:00:00Z")]
    [InlineData("1M", "2024-02-29T23:59:59Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z")]
    [InlineData("1M", "2023-12-31T23:59:59Z", "2023-12-01T00:00:00Z", "2024-01-01T00:00:00Z")]
    [InlineData("1d", "2024-03-10T05:00:00Z", "2024-03-10T00:00:00Z", "2024-03-11T00:00:00Z")]
    [InlineData("12h", "2024-03-10T13:00:00Z", "2024-03-10T12:00:00Z", "2024-03-11T00:00:00Z")]
    [InlineData("15m", "2024-03-10T13:14:59Z", "2024-03-10T13:00:00Z", "2024-03-10T13:15:00Z")]
    public void Opens_and_closes_on_the_calendar(string name, string time, string open, string close)
    {
        var interval = Interval.Parse(name);
        var expected = (At(open), At(close));
        Assert.Equal(expected, (interval.OpenOf(At(time)), interval.CloseOf(interval.OpenOf(At(time)))));
    }

    [Fact]
    public void Names_and_venue_codes_are_read_back_and_all_differ()
    {
        foreach (var interval in Interval.All)
        {
            Assert.Equal(interval, Interval.Parse(interval.Name));
            Assert.Equal(interval, Interval.Parse(interval.VenueCode));
            Assert.Equal(interval.Name, interval.ToString());
        }

        var texts = Interval.All.Select(i => i.Name).Concat(Interval.All.Select(i => i.VenueCode)).ToList();
        Assert.Equal(texts.Count, texts.Distinct().Count());
        Assert.Equal(Interval.All.Select(i => i.NominalMilliseconds).Order(), Interval.All.Select(i => i.NominalMilliseconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1H")]
    [InlineData("7m")]
    [InlineData("d")]
    public void Refuses_other_texts_and_names_what_is_allowed(string text)
    {
        var error = Assert.Throws<FormatException>(() => Interval.Parse(text));
        Assert.Contains("15m", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_has_no_length()
    {
        Assert.True(default(Interval).IsDefault);
        Assert.Throws<InvalidOperationException>(() => default(Interval).NominalMilliseconds);
    }

    private static Instant At(string text) =>
        Instant.From(DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
}
