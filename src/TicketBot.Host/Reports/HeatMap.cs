using System.Globalization;

namespace TicketBot.Host.Reports;

/// <summary>A square table of numbers as coloured cells, each with its number in it.</summary>
public static class HeatMap
{
    private const double Cell = 44;
    private const double Row = 26;

    /// <summary>Returns the table as SVG.</summary>
    /// <param name="label">What it shows.</param>
    /// <param name="names">Names of rows and columns.</param>
    /// <param name="values">The numbers, <c>[row][column]</c>, 0..1.</param>
    public static string Of(string label, IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<double>> values)
    {
        var count = names.Count;
        var longest = 6.3 * names.Max(n => n.Length);
        var (left, top) = (longest + 12, (longest * 0.71) + 18);
        // The diagonal is 1 by definition and would wash out the rest.
        var others = Enumerable.Range(0, count).SelectMany(row => Enumerable.Range(0, count).Where(column => column != row).Select(column => values[row][column])).DefaultIfEmpty(1).ToList();
        var (low, high) = (others.Min(), others.Max());
        var svg = new Svg((int)(left + (Cell * count) + (longest * 0.71)), (int)(top + (Row * count) + 4), label);
        for (var row = 0; row < count; row++)
        {
            svg.Text(left - 6, top + (Row * row) + 17, names[row], "end", "legend").Text(left + (Cell * row) + 20, top - 6, names[row], "start", "legend", -45);
            for (var column = 0; column < count; column++)
            {
                var (x, y, value) = (left + (Cell * column), top + (Row * row), values[row][column]);
                var strength = high > low ? Math.Clamp((value - low) / (high - low), 0, 1) : 0;
                svg.Rectangle(x, y, Cell - 1, Row - 1, row == column ? "cell same" : "cell", row == column ? 1 : 0.06 + (0.69 * strength), $"{names[row]} and {names[column]}: {Text(value)}")
                    .Text(x + (Cell / 2), y + 17, Text(value), "middle", "tick inside");
            }
        }

        return svg.ToString();
    }

    private static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
