using System.Globalization;

namespace TicketBot.Storage.Csv;

/// <summary>A CSV file of candles or funding rates is not what it should be; names the file, the place, what was found and the remedy.</summary>
public sealed class CandleFileException : IOException
{
    /// <summary>Makes an exception without a message.</summary>
    public CandleFileException()
    {
    }

    /// <summary>Makes an exception.</summary>
    public CandleFileException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with its cause.</summary>
    public CandleFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception about a place in a file.</summary>
    /// <param name="file">Path of the file.</param>
    /// <param name="line">Line, from 1; 0 when the fault lies in the file as a whole.</param>
    /// <param name="column">Name of the column, or empty.</param>
    /// <param name="value">The text found, or empty.</param>
    /// <param name="fault">What was expected and what was found.</param>
    /// <param name="remedy">What to do.</param>
    /// <param name="cause">The exception behind it, or <c>null</c>.</param>
    public CandleFileException(string file, int line, string column, string value, string fault, string remedy, Exception? cause = null)
        : base(Describe(file, line, column, value, fault, remedy), cause)
    {
        (File, Line, Column, Value, Remedy) = (file, line, column, value, remedy);
    }

    /// <summary>Path of the file.</summary>
    public string File { get; } = "";

    /// <summary>Line, from 1; 0 when the fault lies in the file as a whole.</summary>
    public int Line { get; }

    /// <summary>Name of the column, or empty.</summary>
    public string Column { get; } = "";

    /// <summary>The text found, or empty.</summary>
    public string Value { get; } = "";

    /// <summary>What to do.</summary>
    public string Remedy { get; } = "";

    private static string Describe(string file, int line, string column, string value, string fault, string remedy)
    {
        var place = line == 0 ? file : string.Create(CultureInfo.InvariantCulture, $"{file}, line {line}");
        place += column.Length == 0 ? "" : $", column {column}";
        var found = value.Length == 0 ? "" : $" (found '{value}')";
        return $"{place}: {fault}{found}. {remedy}";
    }
}
