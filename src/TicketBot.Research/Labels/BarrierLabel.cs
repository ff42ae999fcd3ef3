namespace TicketBot.Research.Labels;

/// <summary>Which barrier ended a path.</summary>
public enum BarrierKind
{
    /// <summary>The stop.</summary>
    Stop = -1,

    /// <summary>The vertical one: time was up.</summary>
    Time = 0,

    /// <summary>The profit.</summary>
    Profit = 1,
}

/// <summary>What became of a path between three barriers.</summary>
/// <param name="Touched">The barrier that was touched first.</param>
/// <param name="Return">Return of the side up to there as a fraction of the decision's close: positive is a gain for that side.</param>
/// <param name="Span">The candles looked at, up to the one that touched.</param>
public readonly record struct BarrierLabel(BarrierKind Touched, double Return, LabelSpan Span);
