using TicketBot.Learning.Pruning;

namespace TicketBot.Tickets;

/// <summary>What a ticket's mask keeps of some of its weights.</summary>
/// <param name="Kind"><c>all</c>, <c>layer</c> or <c>input</c>.</param>
/// <param name="Name">The layer, or the feature whose reading weights are counted.</param>
/// <param name="Remaining">Surviving weights.</param>
/// <param name="Total">All weights.</param>
public sealed record MaskStatistic(string Kind, string Name, int Remaining, int Total)
{
    /// <summary>Surviving share, 0..1.</summary>
    public double Share => (double)Remaining / Total;

    /// <summary>Returns the statistics of a ticket: of the whole, of every layer, and of every input feature in the first layer.</summary>
    public static IReadOnlyList<MaskStatistic> Of(Ticket ticket)
    {
        var mask = MaskSet.FromArrays(ticket.Architecture, ticket.Mask);
        var first = ticket.Architecture.Parameters[0];
        var remaining = new int[first.Columns];
        var bits = mask.Of(0);
        for (var i = 0; i < bits.Length; i++)
        {
            remaining[i % first.Columns] += bits[i] ? 1 : 0;
        }

        return
        [
            new MaskStatistic("all", "weights", mask.Remaining, mask.Total),
            .. mask.Layers.Select(layer => new MaskStatistic("layer", layer.Name, layer.Remaining, layer.Total)),
            .. remaining.Select((count, input) => new MaskStatistic("input", ticket.Schema.Names[input], count, first.Rows)),
        ];
    }
}
