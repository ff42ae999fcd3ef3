namespace TicketBot.Market.Tables;

/// <summary>What a row of a table serves.</summary>
public enum TableBlock
{
    /// <summary>Weights are learned from it.</summary>
    Train = 0,

    /// <summary>Choices are made by it.</summary>
    Validation = 1,

    /// <summary>Only the reported accuracy comes from it.</summary>
    Test = 2,
}
