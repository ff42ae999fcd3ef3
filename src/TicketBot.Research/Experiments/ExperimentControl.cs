namespace TicketBot.Research.Experiments;

/// <summary>What a ticket is compared with at equal counts per layer.</summary>
public enum ExperimentControl
{
    /// <summary>The ticket's mask over freshly drawn weights.</summary>
    Reinit = 0,

    /// <summary>The mask permuted inside each layer (inside each gate of a recurrent one), over the ticket's own start weights.</summary>
    Shuffled = 1,

    /// <summary>A random mask over freshly drawn weights.</summary>
    Random = 2,
}
