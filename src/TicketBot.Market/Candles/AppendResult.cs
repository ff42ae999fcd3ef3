namespace TicketBot.Market.Candles;

/// <summary>What became of a candle given to a series.</summary>
public enum AppendResult
{
    /// <summary>It follows the last one without a gap, or is the first.</summary>
    Appended,

    /// <summary>It was there already with equal values; nothing changed.</summary>
    Duplicate,

    /// <summary>It replaced a candle of other values.</summary>
    Revised,

    /// <summary>It was appended, but candles between the last one and it are missing.</summary>
    AppendedAfterGap,

    /// <summary>It filled a gap.</summary>
    FilledGap,

    /// <summary>It is older than everything kept; nothing changed.</summary>
    TooOld,
}
