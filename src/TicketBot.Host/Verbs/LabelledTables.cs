using System.CommandLine;
using TicketBot.Market.Tables;
using TicketBot.Storage.Tables;

namespace TicketBot.Host.Verbs;

/// <summary>The labelled table that a verb's words name.</summary>
internal static class LabelledTables
{
    /// <summary>Reads the table that an option names.</summary>
    /// <exception cref="UsageException">The words or the file are wrong; the message names place, value and remedy.</exception>
    public static LabelledTable Read(VerbContext verb, Option<string> dataset, Option<string> label, Option<string?> split, Option<int?> window) =>
        Read(verb, verb.Get(dataset)!, verb.Get(label)!, split, window, null);

    /// <summary>Reads one of several tables.</summary>
    /// <param name="verb">Words.</param>
    /// <param name="file">The table.</param>
    /// <param name="label">Class column.</param>
    /// <param name="split">Option of the column that says train, validation or test.</param>
    /// <param name="window">Option of the steps of a row.</param>
    /// <param name="knownClasses">Classes known from another table; this one may then lack some of them, or the class of rows. <c>null</c> knows none.</param>
    /// <exception cref="UsageException">The words or the file are wrong; the message names place, value and remedy.</exception>
    public static LabelledTable Read(VerbContext verb, string file, string label, Option<string?> split, Option<int?> window, int? knownClasses)
    {
        var steps = verb.Get(window) ?? 1;
        if (steps < 1)
        {
            throw new UsageException($"{window.Name}: expected at least 1 step, found {steps}");
        }

        try
        {
            return LabelledTableFile.Read(file, label, verb.Get(split), steps, knownClasses);
        }
        catch (TableFileException fault)
        {
            throw new UsageException(fault.Message, fault);
        }
    }
}
