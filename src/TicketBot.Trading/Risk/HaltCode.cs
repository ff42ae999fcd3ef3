namespace TicketBot.Trading.Risk;

/// <summary>Why entries on one symbol are halted while the others trade on. Codes are stable: they are journalled.</summary>
public enum HaltCode
{
    /// <summary>Not halted.</summary>
    None = 0,

    /// <summary>More was filled than ordered.</summary>
    Overfilled = 1,

    /// <summary>A report contradicts the order it is about: another side or contract.</summary>
    Contradiction = 2,

    /// <summary>The venue liquidated or deleveraged the position.</summary>
    ForcedExecution = 3,

    /// <summary>The position changed by something that is not ours: a trade made elsewhere, or a difference that no execution explains.</summary>
    OutsideTrade = 4,

    /// <summary>The leverage is not 1.</summary>
    Leverage = 5,

    /// <summary>The contract is in hedge mode.</summary>
    HedgeMode = 6,

    /// <summary>The outcome of an order has been unknown for too long.</summary>
    OrderUnknown = 7,

    /// <summary>What is left of a position lies below the venue's minimum and could not be closed.</summary>
    Dust = 8,
}
