using TicketBot.Domain;

namespace TicketBot.Trading.Exchange;

/// <summary>What an exchange tells. A closed family.</summary>
public abstract record ExchangeEvent
{
    private ExchangeEvent()
    {
    }

    /// <summary>A candle closed (confirmed by the venue); each candle of a series comes once and in order, but for one that the venue's history
    /// gives otherwise than its stream did: it comes again as a revision.</summary>
    /// <param name="Series">Symbol and interval.</param>
    /// <param name="Candle">The closed candle.</param>
    public sealed record CandleClosed(SeriesKey Series, Candle Candle) : ExchangeEvent;

    /// <summary>An order's state at the venue.</summary>
    /// <param name="Report">The state.</param>
    public sealed record OrderChanged(OrderReport Report) : ExchangeEvent;

    /// <summary>An execution (fill, funding, forced).</summary>
    /// <param name="Execution">The execution.</param>
    public sealed record Executed(Execution Execution) : ExchangeEvent;

    /// <summary>A position's state at the venue.</summary>
    /// <param name="Report">The state.</param>
    public sealed record PositionChanged(PositionReport Report) : ExchangeEvent;

    /// <summary>The wallet's state at the venue.</summary>
    /// <param name="Report">The state.</param>
    public sealed record WalletChanged(WalletReport Report) : ExchangeEvent;

    /// <summary>Market time has reached a point; everything that happened up to it has been delivered before.</summary>
    /// <param name="Time">Market time.</param>
    public sealed record TimePassed(Instant Time) : ExchangeEvent;

    /// <summary>A stream was interrupted: events may have been missed until a snapshot is taken.</summary>
    /// <param name="Stream">One of <see cref="StreamNames"/>.</param>
    /// <param name="Reason">Plain words.</param>
    public sealed record StreamInterrupted(string Stream, string Reason) : ExchangeEvent;

    /// <summary>An interrupted stream is subscribed again; missed candles were delivered already, private state must be read anew.</summary>
    /// <param name="Stream">One of <see cref="StreamNames"/>.</param>
    public sealed record StreamRestored(string Stream) : ExchangeEvent;
}

/// <summary>An order's state at the venue.</summary>
public sealed record OrderReport
{
    /// <summary>The venue's id.</summary>
    public required VenueOrderId VenueId { get; init; }

    /// <summary>Our id, or <c>default</c> for orders that are not ours or are attached stops.</summary>
    public ClientOrderId ClientOrderId { get; init; }

    /// <summary>The contract.</summary>
    public required Symbol Symbol { get; init; }

    /// <summary>Buy or sell.</summary>
    public required Side Side { get; init; }

    /// <summary>Open, PartiallyFilled, Filled, Cancelled or Rejected; Unknown for a status text this version does not know.</summary>
    public required OrderStatus Status { get; init; }

    /// <summary>Ordered quantity.</summary>
    public required Quantity Quantity { get; init; }

    /// <summary>Quantity filled in all.</summary>
    public required Quantity FilledQuantity { get; init; }

    /// <summary>Whether it may only reduce.</summary>
    public bool ReduceOnly { get; init; }

    /// <summary>Whether it is a stop-loss attached to the position.</summary>
    public bool IsStopLoss { get; init; }

    /// <summary>Trigger price of a conditional order, or <c>null</c>.</summary>
    public Price? Trigger { get; init; }

    /// <summary>Why it was cancelled or refused; empty if none.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Market time of the last change.</summary>
    public required Instant Time { get; init; }
}

/// <summary>A position's state at the venue.</summary>
/// <param name="Symbol">The contract.</param>
/// <param name="SignedQuantity">Base coin: positive long, negative short, zero flat.</param>
/// <param name="AverageEntry">Average entry price; zero when flat.</param>
/// <param name="StopLoss">Stop of the whole position, or <c>null</c>.</param>
/// <param name="Time">Market time of the report.</param>
/// <param name="Leverage">Leverage set for the contract, above 0, or <c>null</c> when the report does not say it.</param>
/// <param name="IsHedged">Whether the contract is in hedge mode, in which long and short stand side by side.</param>
public sealed record PositionReport(
    Symbol Symbol, decimal SignedQuantity, decimal AverageEntry, Price? StopLoss, Instant Time, decimal? Leverage = null, bool IsHedged = false);

/// <summary>The wallet's state at the venue.</summary>
/// <param name="WalletBalance">Settlement coin without unrealised profit.</param>
/// <param name="Equity">Wallet balance plus unrealised profit at the venue's mark.</param>
/// <param name="Time">Market time of the report.</param>
public sealed record WalletReport(Money WalletBalance, Money Equity, Instant Time);

/// <summary>The venue's word on an account, for reconciliation.</summary>
/// <param name="Wallet">Wallet.</param>
/// <param name="Positions">One per asked symbol, flat ones too.</param>
/// <param name="OpenOrders">Open and untriggered orders of the asked symbols.</param>
/// <param name="Executions">Executions since the asked time, ascending by time.</param>
/// <param name="Time">Market time the reading began.</param>
public sealed record ExchangeSnapshot(
    WalletReport Wallet, IReadOnlyList<PositionReport> Positions, IReadOnlyList<OrderReport> OpenOrders, IReadOnlyList<Execution> Executions, Instant Time);
