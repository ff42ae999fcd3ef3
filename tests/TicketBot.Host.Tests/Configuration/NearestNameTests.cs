using TicketBot.Host.Configuration;

namespace TicketBot.Host.Tests.Configuration;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("Interval", "interval", 0)]
    public void Counts_the_letters_that_differ(string left, string right, int distance) => Assert.Equal(distance, NearestName.Distance(left, right));

    [Fact]
    public void Names_the_candidate_with_the_fewest_differences() =>
        Assert.Equal("Trading:Interval", NearestName.Of("Trading:Intervall", ["Trading:Symbols", "Trading:Interval", "Host:Jobs"]));

    [Fact]
    public void Names_nothing_when_even_the_nearest_is_far() => Assert.Null(NearestName.Of("zzzzzzzz", ["Trading:Interval"]));
}
