using System.Globalization;
using TicketBot.Learning.Pruning;
using TicketBot.Tickets;

namespace TicketBot.Host.Verbs;

/// <summary>What a ticket's mask keeps, as CSV: the whole, every layer, and every input feature by the weights that read it.</summary>
public static class MaskCsv
{
    /// <summary>Writes the file, whole or not at all: <c>kind,name,remaining,total,share</c>.</summary>
    public static void Write(string path, Ticket ticket)
    {
        var mask = MaskSet.FromArrays(ticket.Architecture, ticket.Mask);
        using (var csv = new StreamWriter(path + ".new"))
        {
            csv.WriteLine("kind,name,remaining,total,share");
            Row(csv, "all", "weights", mask.Remaining, mask.Total);
            foreach (var layer in mask.Layers)
            {
                Row(csv, "layer", layer.Name, layer.Remaining, layer.Total);
            }

            var first = ticket.Architecture.Parameters[0];
            var bits = mask.Of(0);
            for (var input = 0; input < first.Columns; input++)
            {
                var remaining = 0;
                for (var neuron = 0; neuron < first.Rows; neuron++)
                {
                    remaining += bits[(neuron * first.Columns) + input] ? 1 : 0;
                }

                Row(csv, "input", ticket.Schema.Names[input], remaining, first.Rows);
            }
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    private static void Row(StreamWriter csv, string kind, string name, int remaining, int total) => csv.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{kind},{name},{remaining},{total},{(double)remaining / total:R}"));
}
