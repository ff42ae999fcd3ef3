namespace TicketBot.Learning.Search;

/// <summary>How one operation of each position is chosen when a relaxed cell has been trained.</summary>
public enum OperationSelection
{
    /// <summary>The one of the greatest strength (Liu et al. 2019).</summary>
    Strongest = 0,

    /// <summary>The one whose absence raises the validation loss most, position after position in random order with training in between (Wang et al. 2021, "DARTS-PT").</summary>
    Perturbation = 1,
}
