using System.CommandLine;
using TicketBot.Market.Tables;
using TicketBot.Storage.Tables;

namespace TicketBot.Host.Verbs;

/// <summary>The labelled table that a verb's words name.</summary>
internal static class LabelledTables
{
    /// <summary>Reads it.</summary>
    /// <exception cref="UsageException">The words or the file are wrong; the message names place, value and remedy.</exception>
    public static LabelledTable Read(VerbContext verb, Option<string> dataset, Option<string> label, Option<string?> split, Option<int?> window)
    {
        var steps = verb.Get(window) ?? 1;
        if (steps < 1)
        {
            throw new UsageException($"{window.Name}: expected at least 1 step, found {steps}");
        }

        try
        {
            return LabelledTableFile.Read(verb.Get(dataset)!, verb.Get(label)!, verb.Get(split), steps);
        }
        catch (TableFileException fault)
        {
            throw new UsageException(fault.Message, fault);
        }
    }
}
