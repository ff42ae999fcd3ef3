using System.Globalization;
using System.Xml.Linq;
using TicketBot.Domain;
using TicketBot.Host.Reports;

namespace TicketBot.Host.Tests.Reports;

public sealed class TimePlotTests
{
    private static readonly Instant Begin = Instant.From(new DateTimeOffset(2025, 1, 10, 6, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_long_curve_keeps_its_first_last_lowest_and_highest_point()
    {
        var points = Enumerable.Range(0, 50_000).Select(i => (Begin.Plus(i * 60_000L), Value: i == 31_234 ? -9.0 : i == 40_001 ? 9 : Math.Sin(i / 900.0))).ToList();
        var kept = TimePlot.Thin(points);
        Assert.InRange(kept.Count, 500, 1_100);
        Assert.Equal(points[0], kept[0]);
        Assert.Equal(points[^1], kept[^1]);
        Assert.Contains(points[31_234], kept);
        Assert.Contains(points[40_001], kept);
        Assert.Equal(kept.OrderBy(p => p.Item1), kept);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(45)]
    [InlineData(400)]
    [InlineData(3_000)]
    public void Times_below_the_curve_differ_and_stand_inside(int days)
    {
        var svg = XElement.Parse(TimePlot.Of("equity", "ticket", "0", [.. Enumerable.Range(0, (days * 4) + 1).Select(i => (Begin.Plus(i * 21_600_000L), 100.0 + i))], 100));
        var times = svg.Elements("text").Where(t => double.Parse(t.Attribute("y")!.Value, CultureInfo.InvariantCulture) > 235).ToList();
        Assert.InRange(times.Count, 1, 6);
        Assert.Equal(times.Select(t => t.Value).Distinct(), times.Select(t => t.Value));
        Assert.All(times, t => Assert.InRange(double.Parse(t.Attribute("x")!.Value, CultureInfo.InvariantCulture), 60, 579));
    }

    [Fact]
    public void A_curve_that_never_moves_is_drawn_at_its_level()
    {
        var svg = XElement.Parse(TimePlot.Of("equity", "ticket", "0", [(Begin, 100), (Begin.Plus(1), 100)], 100));
        var zero = svg.Elements("line").Single(l => l.Attribute("class")!.Value == "zero" && l.Attribute("y1")!.Value == l.Attribute("y2")!.Value).Attribute("y1")!.Value;
        Assert.All(svg.Elements("polyline").Last().Attribute("points")!.Value.Split(' '), p => Assert.Equal(zero, p.Split(',')[1]));
    }
}
