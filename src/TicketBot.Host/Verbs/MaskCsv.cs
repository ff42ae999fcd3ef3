using System.Globalization;
using TicketBot.Tickets;

namespace TicketBot.Host.Verbs;

/// <summary>What a ticket's mask keeps, as CSV: the whole, every layer, and every input feature by the weights that read it.</summary>
public static class MaskCsv
{
    /// <summary>Writes the file, whole or not at all: <c>kind,name,remaining,total,share</c>.</summary>
    public static void Write(string path, Ticket ticket)
    {
        File.WriteAllLines(
            path + ".new",
            [
                "kind,name,remaining,total,share",
                .. MaskStatistic.Of(ticket).Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Kind},{s.Name},{s.Remaining},{s.Total},{s.Share:R}")),
            ]);
        File.Move(path + ".new", path, overwrite: true);
    }
}
