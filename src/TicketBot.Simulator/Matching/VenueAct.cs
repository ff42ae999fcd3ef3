using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>Something that happens to an account from outside its client: the owner at the venue's own site, or the venue itself. A closed family.</summary>
public abstract record VenueAct
{
    private VenueAct()
    {
    }

    /// <summary>The owner trades by hand: a market order without link id; its fill comes with the next step.</summary>
    /// <param name="Symbol">The contract.</param>
    /// <param name="Side">Buy or sell.</param>
    /// <param name="Quantity">Base coin.</param>
    public sealed record ManualTrade(Symbol Symbol, Side Side, decimal Quantity) : VenueAct;

    /// <summary>The owner switches a contract between one-way and hedge mode; it must be flat and without orders.</summary>
    /// <param name="Symbol">The contract.</param>
    /// <param name="IsHedged">Whether into hedge mode.</param>
    public sealed record SwitchMode(Symbol Symbol, bool IsHedged) : VenueAct;

    /// <summary>The owner sets another leverage.</summary>
    /// <param name="Symbol">The contract.</param>
    /// <param name="Leverage">1 to 100.</param>
    public sealed record SetLeverage(Symbol Symbol, decimal Leverage) : VenueAct;

    /// <summary>The venue liquidates a position: its orders end with <c>CancelByPrepareLiq</c>, it is closed by a <c>BustTrade</c>.</summary>
    /// <param name="Symbol">The contract.</param>
    public sealed record Liquidate(Symbol Symbol) : VenueAct;

    /// <summary>The venue closes a part of a position by an <c>AdlTrade</c>; plain orders end with <c>CancelByPrepareAdl</c>, stops shrink.</summary>
    /// <param name="Symbol">The contract.</param>
    /// <param name="Quantity">Base coin, at most the position; <c>null</c> = half of it, at least one lot.</param>
    public sealed record Deleverage(Symbol Symbol, decimal? Quantity) : VenueAct;

    /// <summary>The owner deposits or withdraws.</summary>
    /// <param name="Amount">Settlement coin; negative = withdrawal, at most what is available.</param>
    public sealed record Transfer(decimal Amount) : VenueAct;

    /// <summary>The owner removes the stop-loss of a whole position.</summary>
    /// <param name="Symbol">The contract.</param>
    public sealed record RemoveStop(Symbol Symbol) : VenueAct;

    /// <summary>An order is cancelled without its client having asked.</summary>
    /// <param name="Symbol">The contract.</param>
    /// <param name="OrderId">The venue's id of the order.</param>
    /// <param name="CancelType">Bybit's cancelType, such as <c>CancelByAdmin</c>.</param>
    public sealed record CancelOrder(Symbol Symbol, string OrderId, string CancelType) : VenueAct;

    /// <summary>The venue restarts its matching: the list of recently closed orders is empty; history and executions stay. For every account.</summary>
    public sealed record ForgetClosedOrders : VenueAct;
}
