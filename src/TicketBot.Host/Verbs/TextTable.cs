namespace TicketBot.Host.Verbs;

/// <summary>Writes rows in columns as wide as their widest cell; plain text, so that it can be piped.</summary>
public static class TextTable
{
    /// <summary>Writes a head and rows; says so when there are none.</summary>
    public static void Write(TextWriter output, IReadOnlyList<string> head, IEnumerable<string[]> rows)
    {
        string[][] lines = [[.. head], .. rows];
        if (lines.Length == 1)
        {
            output.WriteLine("(none)");
            return;
        }

        var widths = head.Select((_, column) => lines.Max(l => l[column].Length)).ToArray();
        foreach (var line in lines)
        {
            output.WriteLine(string.Join("  ", line.Select((cell, column) => column == line.Length - 1 ? cell : cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
