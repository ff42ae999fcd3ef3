using System.Globalization;

namespace TicketBot.Storage.Tables;

/// <summary>A file is not the labelled table it should be; the message names the file, the place, what was found and the remedy.</summary>
public sealed class TableFileException : IOException
{
    /// <summary>Makes an exception without a message.</summary>
    public TableFileException()
    {
    }

    /// <summary>Makes an exception.</summary>
    public TableFileException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with its cause.</summary>
    public TableFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception about a place in a file.</summary>
    /// <param name="file">Path of the file.</param>
    /// <param name="line">Line, from 1; 0 when the fault lies in the file as a whole.</param>
    /// <param name="column">Name of the column, or empty.</param>
    /// <param name="value">The text found, or <c>null</c>.</param>
    /// <param name="fault">What was expected.</param>
    /// <param name="remedy">What to do.</param>
    /// <param name="cause">The exception behind it, or <c>null</c>.</param>
    public TableFileException(string file, int line, string column, string? value, string fault, string remedy, Exception? cause = null)
        : base(Describe(file, line, column, value, fault, remedy), cause)
    {
    }

    private static string Describe(string file, int line, string column, string? value, string fault, string remedy)
    {
        var place = line == 0 ? file : string.Create(CultureInfo.InvariantCulture, $"{file}, line {line}");
        place += column.Length == 0 ? "" : $", column {column}";
        return $"{place}: {fault}{(value is null ? "" : $", found '{(value.Length > 80 ? value[..80] + "..." : value)}'")}; {remedy}";
    }
}
