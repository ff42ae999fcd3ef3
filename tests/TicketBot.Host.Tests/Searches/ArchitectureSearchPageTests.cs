using System.Globalization;
using System.Xml.Linq;
using TicketBot.Host.Reports;
using TicketBot.Host.Searches;
using TicketBot.Research.ArchitectureSearch;

namespace TicketBot.Host.Tests.Searches;

public sealed class ArchitectureSearchPageTests
{
    [Fact]
    public void A_drawing_has_a_box_for_each_gene_between_input_and_head_and_a_line_for_each_skip()
    {
        var svg = XElement.Parse(ArchitectureDrawing.Of("conv1d:32x3/gelu,lstm:64@0.2,dense:16/tanh+0+1"));
        Assert.Equal(5, svg.Elements("rect").Count());
        string[] words = [.. svg.Elements("text").Select(t => t.Value).Where(t => t.Length > 0)];
        Assert.Equal(["input", "conv1d:32x3", "gelu", "lstm:64", "dropout 0.2", "dense:16", "tanh", "head"], words);
        var skips = svg.Elements("polyline").Where(l => l.Attribute("class")!.Value == "wire skip").Select(l => l.Attribute("points")!.Value.Split(' ').Select(XOf).ToArray()).Where(xs => xs.Length == 4).ToList();
        Assert.Equal(2, skips.Count);
        var boxes = svg.Elements("rect").Select(r => double.Parse(r.Attribute("x")!.Value, CultureInfo.InvariantCulture)).ToList();
        Assert.All(skips, (xs, i) => Assert.InRange(xs[0], boxes[i], boxes[i + 1])); // From the input, and from the first gene.
        Assert.All(skips, xs => Assert.InRange(xs[^1], boxes[3], boxes[4]));

        Assert.Equal(2, XElement.Parse(ArchitectureDrawing.Of("")).Elements("rect").Count());
        static double XOf(string point) => double.Parse(point.Split(',')[0], CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Dots_stand_by_the_logarithm_of_their_cost_and_what_lies_above_the_ceiling_at_it()
    {
        var svg = XElement.Parse(ScatterPlot.Of(
            "loss", "parameters", [new PlotSeries("front", "ticket", [new(100, 0.7), new(1_000, 0.6), new(10_000, 9)])], isLogarithmic: true, _ => true, level: 0.69, ceiling: 0.8));
        var dots = svg.Elements("circle").Skip(1).Select(c => (X: Of(c, "cx"), Y: Of(c, "cy"), Title: c.Element("title")!.Value)).ToList();
        Assert.Equal(dots[1].X - dots[0].X, dots[2].X - dots[1].X, 0.2);
        Assert.True(dots[2].Y < dots[0].Y && dots[0].Y < dots[1].Y);
        Assert.Equal(30, dots[2].Y, 0.5);
        Assert.Equal("front, 10000: 9.0000", dots[2].Title);
        Assert.Contains(svg.Elements("text"), t => t.Value == "1000");
        static double Of(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void The_page_shows_front_history_finalists_verdict_and_a_drawing_of_each_architecture_of_the_front()
    {
        var page = ArchitectureSearchPage.Of(Search(), "/searches");
        Assert.Contains("validation loss by parameters", page, StringComparison.Ordinal);
        Assert.Contains("validation loss by trial", page, StringComparison.Ordinal);
        Assert.Contains("shrinkage", page, StringComparison.Ordinal);
        Assert.Contains("Tickets drawn from it: not eligible", page, StringComparison.Ordinal);
        Assert.Contains("REFUSED", page, StringComparison.Ordinal);
        Assert.Contains("architecture dense:8", page, StringComparison.Ordinal);
        Assert.Contains("architecture without genes: linear", page, StringComparison.Ordinal);
        Assert.Contains("Finalists that lie behind the front", page, StringComparison.Ordinal);
        Assert.Contains("trends &amp; noise", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_that_is_not_done_and_a_list_without_any_are_pages_that_say_what_to_do()
    {
        Assert.Contains("goes on where it stood", ArchitectureSearchPage.Of(new SearchRecord { Name = "BTCUSDT 1h open", Source = "the store" }), StringComparison.Ordinal);
        Assert.Contains("ticketbot job run architectureSearch", ArchitectureSearchPage.List([]), StringComparison.Ordinal);
        var list = ArchitectureSearchPage.List([("/searches/account/BTCUSDT_1h", Search())]);
        Assert.Contains("href=\"/searches/account/BTCUSDT_1h\"", list, StringComparison.Ordinal);
        Assert.Contains("3 architectures tried, best dense:16", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kept_search_is_read_back_as_it_was_and_one_that_cannot_be_read_is_left_out()
    {
        var folder = Directory.CreateTempSubdirectory("ticketbot-searches-").FullName;
        var archive = new SearchArchive(Path.Combine(folder, "searches"));
        Assert.Empty(archive.All());
        await archive.KeepAsync(Search(), CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(folder, "searches", "broken.json"), "{");
        var (key, found) = Assert.Single(archive.All());
        Assert.Equal("BTCUSDT_1h", key);
        Assert.Equal(Search().Text(), found.Text());
        Assert.Equal(Search().Outcome(), archive.Find("BTCUSDT 1h")!.Outcome());
        archive.Forget("BTCUSDT 1h");
        Assert.Null(archive.Find("BTCUSDT 1h"));
        Directory.Delete(folder, recursive: true);
    }

    internal static SearchRecord Search() => new()
    {
        Name = "BTCUSDT 1h",
        Source = "candles of trends & noise",
        IsDone = true,
        How = "strategy evolution, seed 1",
        Space = "44 features",
        Rows = [1_000, 500, 300, 400],
        Objectives = ["loss", "parameters"],
        Trials = [TrialOf(1, "", 90, 0.692), TrialOf(2, "dense:8", 400, 0.690), TrialOf(3, "dense:16", 900, double.PositiveInfinity)],
        Front = [1, 2],
        Finalists = [FinalistOf("dense:16", 900), FinalistOf("dense:8", 400)],
        PriorLoss = 0.6931,
        Hypervolume = 0.2,
        Chosen = "dense:8",
        Reason = "within one standard error",
        Verdict = "notEligible",
        Tickets = [new SearchedTicket(new string('a', 64), "calm-bull", 0.05, 12, -1.5, [new SearchedGate("trades", 12, 100, 12, false, "too few"), new SearchedGate("replay", null, 0, 0, null, "notRun")])],
    };

    private static TrialReport TrialOf(int number, string genes, long parameters, double loss) => new()
    {
        Number = number, Architecture = genes, Parameters = parameters, MultiplyAdds = parameters, LatencyUs = null, ValidationLoss = loss, ValidationAccuracy = 0.5, Updates = 10, TrainingMultiplyAdds = 1,
    };

    private static FinalistReport FinalistOf(string genes, long parameters) => new()
    {
        Architecture = genes, Parameters = parameters, SearchScore = 0.003, ConfirmedScore = 0.002, RetestScore = 0.001, RetestLow = -0.001, RetestHigh = 0.003, TestAccuracy = 0.51,
    };
}
