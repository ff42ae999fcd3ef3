using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Trading.Orders;

/// <summary>What the trader wants done outside, after its reasons are durable. A closed family.</summary>
public abstract record TradingEffect
{
    private TradingEffect()
    {
    }

    /// <summary>Send an order.</summary>
    /// <param name="Request">The order.</param>
    public sealed record Submit(OrderRequest Request) : TradingEffect;

    /// <summary>Cancel an order.</summary>
    /// <param name="Symbol">The contract.</param>
    /// <param name="Id">Our id.</param>
    public sealed record Cancel(Symbol Symbol, ClientOrderId Id) : TradingEffect;

    /// <summary>Set the stop of a position.</summary>
    /// <param name="Symbol">The contract.</param>
    /// <param name="Stop">The price.</param>
    /// <param name="ByMarkPrice">Whether it triggers by mark price instead of last price.</param>
    public sealed record SetStop(Symbol Symbol, Price Stop, bool ByMarkPrice) : TradingEffect;

    /// <summary>Look an order up.</summary>
    /// <param name="Symbol">The contract.</param>
    /// <param name="Id">Our id.</param>
    public sealed record LookUp(Symbol Symbol, ClientOrderId Id) : TradingEffect
    {
        /// <summary>Whether an order that is not found is sent again under the same id, so that one still on its way does no harm.</summary>
        public bool MayRepeat { get; init; }
    }

    /// <summary>Read the whole account.</summary>
    /// <param name="ExecutionsSince">From when executions are needed.</param>
    public sealed record Reconcile(Instant ExecutionsSince) : TradingEffect;

    /// <summary>Read the whole account as one of the regular readings: once, and if that fails the next one is due later.</summary>
    /// <param name="ExecutionsSince">From when executions are needed.</param>
    public sealed record Check(Instant ExecutionsSince) : TradingEffect;

    /// <summary>Tell the venue that everything caused by events up to a market time has been sent.</summary>
    /// <param name="MarketTime">The time.</param>
    public sealed record ReportSent(Instant MarketTime) : TradingEffect;

    internal static LookUp LookUpOf(TrackedOrder tracked) =>
        new(tracked.Order.Symbol, tracked.Order.Id) { MayRepeat = tracked.Intent.Kind == IntentKind.Exit };
}
