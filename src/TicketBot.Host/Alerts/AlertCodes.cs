namespace TicketBot.Host.Alerts;

/// <summary>The kinds of alerts. The README says of each what the operator does about it.</summary>
public static class AlertCodes
{
    /// <summary>Trading is halted.</summary>
    public const string Halted = "halted";

    /// <summary>The day's loss has passed half of its limit.</summary>
    public const string DayLoss50 = "dayLoss50";

    /// <summary>The day's loss has passed four fifths of its limit.</summary>
    public const string DayLoss80 = "dayLoss80";

    /// <summary>The day's loss has passed its limit.</summary>
    public const string DayLoss100 = "dayLoss100";

    /// <summary>A symbol's entries are halted.</summary>
    public const string SymbolHalted = "symbolHalted";

    /// <summary>The venue refuses the key.</summary>
    public const string AccountRefused = "accountRefused";

    /// <summary>A stream or service has been away for a while.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>Account and venue have not been brought to agree for a while.</summary>
    public const string NotReconciled = "notReconciled";

    /// <summary>Two readings of the account differed from the journal.</summary>
    public const string ReconcileDifference = "reconcileDifference";

    /// <summary>It is not known whether the venue has an order.</summary>
    public const string OrderUnknown = "orderUnknown";

    /// <summary>The machine's clock is wrong.</summary>
    public const string ClockOff = "clockOff";

    /// <summary>The journal cannot be written.</summary>
    public const string Journal = "journal";

    /// <summary>The venue has not confirmed a position's stop.</summary>
    public const string PositionWithoutStop = "positionWithoutStop";

    /// <summary>A series has had no candle for more than one interval after its next was due.</summary>
    public const string StaleCandles = "staleCandles";

    /// <summary>A series' features have drifted from what its tickets were trained on.</summary>
    public const string FeatureDrift = "featureDrift";

    /// <summary>A ticket that trades has expired.</summary>
    public const string TicketExpired = "ticketExpired";

    /// <summary>A ticket trades from now on.</summary>
    public const string TicketPromoted = "ticketPromoted";

    /// <summary>A new ticket was refused by a gate.</summary>
    public const string TicketRejected = "ticketRejected";

    /// <summary>A ticket trades no more, and no other took its place.</summary>
    public const string TicketRetired = "ticketRetired";

    /// <summary>The trading loop stands still.</summary>
    public const string StandsStill = "standsStill";

    /// <summary>The disk of the data folder is nearly full.</summary>
    public const string DiskSpace = "diskSpace";

    /// <summary>A job failed: training, judging or fetching history.</summary>
    public const string JobFailed = "jobFailed";

    /// <summary>The code decides otherwise than it did live.</summary>
    public const string ReplayDisagrees = "replayDisagrees";

    /// <summary>A UTC day is over.</summary>
    public const string DailySummary = "dailySummary";

    /// <summary>Every code.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Halted, DayLoss50, DayLoss80, DayLoss100, SymbolHalted, AccountRefused, Interrupted, NotReconciled, ReconcileDifference, OrderUnknown,
        ClockOff, Journal, PositionWithoutStop, StaleCandles, FeatureDrift, TicketExpired, TicketPromoted, TicketRejected, TicketRetired, StandsStill, DiskSpace,
        JobFailed, ReplayDisagrees, DailySummary,
    ];
}
