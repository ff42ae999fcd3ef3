using System.Globalization;
using System.Xml.Linq;
using TicketBot.Host.Reports;

namespace TicketBot.Host.Tests.Reports;

public sealed class PlotTests
{
    [Fact]
    public void Fewer_weights_stand_further_right_and_larger_numbers_higher_up()
    {
        var svg = XElement.Parse(LinePlot.Of(
            "accuracy", "weights left", "0.00", [new PlotSeries("ticket", "ticket", [new(1, 60), new(0.5, 62), new(0.25, 61)])], isRemaining: true));
        var dots = svg.Elements("circle").Select(c => (X: Number(c, "cx"), Y: Number(c, "cy"), Title: c.Element("title")!.Value)).ToList();
        Assert.Equal(3, dots.Count);
        Assert.True(dots[0].X < dots[1].X && dots[1].X < dots[2].X);
        Assert.Equal(dots[1].X - dots[0].X, dots[2].X - dots[1].X, 0.2); // Half as many weights is one step, wherever it starts.
        Assert.True(dots[1].Y < dots[2].Y && dots[2].Y < dots[0].Y);
        Assert.Equal("ticket, 50 % of weights: 62.00", dots[1].Title);
        Assert.Contains(svg.Elements("text"), t => t.Value == "25 %");
    }

    [Fact]
    public void An_interval_reaches_from_its_lower_to_its_upper_end_and_zero_is_drawn()
    {
        var svg = XElement.Parse(LinePlot.Of(
            "differences", "weights left", "0.00", [new PlotSeries("minus dense", "dense", [new(0.5, 1, 0.5, 2)]), new PlotSeries("minus random", "random", [new(0.5, 2, 1, 3)])], isRemaining: true, zero: true));
        var zero = Number(Assert.Single(svg.Elements("line"), l => l.Attribute("class")!.Value == "zero"), "y1");
        var dots = svg.Elements("circle").ToList();
        var interval = svg.Elements("line").First(l => l.Attribute("class")!.Value == "whisker dense" && Number(l, "x1") == Number(l, "x2"));
        double At(double value) => zero + ((Number(dots[0], "cy") - zero) * value);
        Assert.Equal(At(0.5), Number(interval, "y1"), 0.2);
        Assert.Equal(At(2), Number(interval, "y2"), 0.2);
        Assert.NotEqual(Number(dots[0], "cx"), Number(dots[1], "cx"));
    }

    [Fact]
    public void A_line_without_height_is_drawn_between_ticks_that_differ()
    {
        foreach (var height in (double[])[0, 200])
        {
            var svg = XElement.Parse(LinePlot.Of("flat", "x", "0.0", [new PlotSeries("a", "ticket", [new(0, height), new(1, height)])], isRemaining: false, zero: true));
            var ticks = svg.Elements("text").Where(t => t.Attribute("text-anchor")!.Value == "end").Select(t => t.Value).ToList();
            Assert.True(ticks.Count > 2);
            Assert.Equal(ticks.Distinct(), ticks);
            Assert.All(svg.Elements("circle"), c => Assert.InRange(Number(c, "cy"), 30, 256));
        }
    }

    [Fact]
    public void Bars_are_as_long_as_their_shares_and_chance_is_a_line_across_them()
    {
        var svg = XElement.Parse(BarPlot.Of("survival", [new BarPlot.Bar("a<b", 0.4, true, 0.5), new BarPlot.Bar("c", 0.1, false)], 0.2));
        var bars = svg.Elements("rect").ToList();
        Assert.Equal(4, Number(bars[0], "width") / Number(bars[1], "width"), 0.05);
        var left = Number(bars[0], "x");
        var chance = Number(Assert.Single(svg.Elements("line")), "x1") - left;
        Assert.Equal(Number(bars[0], "width") / 2, chance, 0.2);
        Assert.Equal(Number(bars[0], "width") * 1.25, Number(Assert.Single(svg.Elements("circle")), "cx") - left, 0.2);
        Assert.Contains(svg.Elements("text"), t => t.Value == "a<b");
        Assert.Equal(["bar above", "bar"], bars.Select(b => b.Attribute("class")!.Value));
    }

    [Fact]
    public void Cells_hold_their_numbers_and_the_strongest_overlap_is_the_darkest()
    {
        var svg = XElement.Parse(HeatMap.Of("overlap", ["a", "b", "c"], [[1, 0.8, 0.2], [0.8, 1, 0.5], [0.2, 0.5, 1]]));
        var cells = svg.Elements("rect").ToList();
        Assert.Equal(9, cells.Count);
        Assert.Equal("a and b: 0.80", cells[1].Element("title")!.Value);
        Assert.True(Number(cells[1], "fill-opacity") > Number(cells[5], "fill-opacity"));
        Assert.True(Number(cells[5], "fill-opacity") > Number(cells[2], "fill-opacity"));
        Assert.Equal(3, svg.Elements("rect").Count(c => c.Attribute("class")!.Value == "cell same"));
        Assert.Equal(2, svg.Elements("text").Count(t => t.Value == "0.50"));
    }

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
