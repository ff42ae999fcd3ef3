using System.Globalization;
using System.Text;

namespace TicketBot.Benchmarks.Learning;

/// <summary>One measured line.</summary>
/// <param name="Key">How a target names it.</param>
/// <param name="Name">What was measured.</param>
internal sealed record Row(string Key, string Name)
{
    /// <summary>What the table compares, as its head says.</summary>
    public Spread? Ratio { get; init; }

    /// <summary>True when a small ratio is the good one.</summary>
    public bool LowIsGood { get; init; }

    /// <summary>The figure that targets look at where it is not the median ratio.</summary>
    public double? Figure { get; init; }

    /// <summary>Our cost.</summary>
    public Spread? Ours { get; init; }

    /// <summary>The other side's cost.</summary>
    public Spread? Other { get; init; }

    /// <summary>Anything to add.</summary>
    public string Note { get; init; } = "";
}

/// <summary>Prints lines as they come and keeps them for the targets and the file.</summary>
internal sealed class Results
{
    private readonly List<Row> _rows = [];
    private readonly StringBuilder _markdown = new("# The learning engine, measured\n\nWritten by `dotnet run -c Release --project tests/TicketBot.Benchmarks -- learning --markdown FILE`.\n\n");

    public string Markdown => _markdown.ToString();

    /// <summary>The line of a key, or null.</summary>
    public Row? Of(string key) => _rows.Find(row => row.Key == key);

    /// <summary>A line of the head.</summary>
    public void Say(string name, string text)
    {
        Console.WriteLine($"{name,-12}{text}");
        _markdown.Append(CultureInfo.InvariantCulture, $"- {name}: {text}\n");
    }

    /// <summary>Starts a table.</summary>
    public void Section(string title, string ratio, string ours, string other)
    {
        Console.WriteLine();
        Console.WriteLine(title);
        Console.WriteLine($"{ratio,12}{"(worst)",10}  {ours,14}{"(min)",11}  {other,14}{"(min)",11}");
        _markdown.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n| {ratio} | worst | {ours} | min | {other} | min | what |\n|---|---|---|---|---|---|---|\n");
    }

    public void Add(Row row)
    {
        _rows.Add(row);
        string[] cells =
        [
            Of(row.Ratio?.Median, "x"), Of(row.LowIsGood ? row.Ratio?.Max : row.Ratio?.Min, "x"), Of(row.Ours?.Median), Of(row.Ours?.Min), Of(row.Other?.Median), Of(row.Other?.Min),
        ];
        var what = row.Note.Length == 0 ? row.Name : $"{row.Name}; {row.Note}";
        Console.WriteLine($"{cells[0],12}{$"({cells[1]})",10}  {cells[2],14}{$"({cells[3]})",11}  {cells[4],14}{$"({cells[5]})",11}  {what}");
        _markdown.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} | {what} |\n");
    }

    /// <summary>Keeps a figure for the targets without printing it.</summary>
    public void Keep(Row row) => _rows.Add(row);

    /// <summary>A line as it is, in both.</summary>
    public void Line(string console, string markdown)
    {
        Console.WriteLine(console);
        _markdown.Append(markdown).Append('\n');
    }

    private static string Of(double? value, string unit = "") => value is { } number
        ? number.ToString(Math.Abs(number) >= 100 ? "N0" : Math.Abs(number) >= 10 ? "F1" : "F2", CultureInfo.InvariantCulture) + unit
        : "absent";
}
