using System.Globalization;
using System.Text.RegularExpressions;

namespace TicketBot.Host.Reports;

/// <summary>Draws an architecture: a box for each gene from the input to the head, and a line above for each output that a later gene adds.</summary>
public static partial class ArchitectureDrawing
{
    private const int Box = 104;
    private const int Gap = 26;
    private const int High = 52;
    private const int Lane = 13;

    /// <summary>Returns it as SVG.</summary>
    /// <param name="genes">Canonical gene list, for example <c>conv1d:32x3/gelu,lstm:64@0.2,dense:64+1</c>; empty for a linear network.</param>
    public static string Of(string genes)
    {
        string[] list = genes.Length == 0 ? [] : genes.Split(',');
        var skips = new List<(int From, int To)>();
        for (var i = 0; i < list.Length; i++)
        {
            skips.AddRange(Parts().Match(list[i]).Groups["skip"].Captures.Select(c => (int.Parse(c.ValueSpan, CultureInfo.InvariantCulture), i + 1)));
        }

        var above = 14 + (Lane * skips.Count);
        var svg = new Svg(((list.Length + 2) * (Box + Gap)) - Gap + 8, above + High + 10, $"architecture {(genes.Length == 0 ? "without genes: linear" : genes)}");
        static double Place(int gene) => 4 + (gene * (Box + Gap));
        for (var i = 0; i < list.Length + 2; i++)
        {
            var isEnd = i == 0 || i == list.Length + 1;
            svg.Rectangle(Place(i), above, Box, High, isEnd ? "box end" : "box", 0.1);
            var (name, more) = i == 0 ? ("input", "") : isEnd ? ("head", "") : WordsOf(list[i - 1]);
            svg.Text(Place(i) + (Box / 2.0), above + (more.Length == 0 ? 30 : 22), name, "middle").Text(Place(i) + (Box / 2.0), above + 40, more, "middle", "tick");
            if (i > 0)
            {
                svg.Line(Place(i) - Gap, above + (High / 2.0), Place(i), above + (High / 2.0), "wire")
                    .Path([(Place(i) - 6, above + (High / 2.0) - 4), (Place(i), above + (High / 2.0)), (Place(i) - 6, above + (High / 2.0) + 4)], "wire");
            }
        }

        for (var lane = 0; lane < skips.Count; lane++)
        {
            // Each in a lane of its own; it leaves at the right of a box and arrives at the left of one.
            var (from, to) = skips[lane];
            var y = 8 + (Lane * lane);
            var (leaves, arrives) = (Place(from) + Box - 14 - (3 * lane), Place(to) + 14 + (3 * lane));
            svg.Path([(leaves, above), (leaves, y), (arrives, y), (arrives, above)], "wire skip")
                .Path([(arrives - 4, above - 6), (arrives, above), (arrives + 4, above - 6)], "wire skip");
        }

        return svg.ToString();
    }

    private static (string Name, string More) WordsOf(string gene)
    {
        var parts = Parts().Match(gene);
        var (activation, dropout) = (parts.Groups["activation"].Value, parts.Groups["dropout"].Value);
        return (parts.Groups["layer"].Value, string.Join(", ", new[] { activation, dropout.Length == 0 ? "" : $"dropout {dropout}" }.Where(word => word.Length > 0)));
    }

    [GeneratedRegex(@"^(?<layer>[^/+@]+)(/(?<activation>[^+@]+))?(\+(?<skip>\d+))*(@(?<dropout>.+))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Parts();
}
