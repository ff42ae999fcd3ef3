namespace TicketBot.Simulator.Matching;

/// <summary>What to change of an order; <c>null</c> leaves a value as it is.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/order/amend-order.</remarks>
public sealed record Amendment
{
    /// <summary>New total quantity, above what is filled.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>New limit price.</summary>
    public decimal? Price { get; init; }

    /// <summary>New trigger price of an order that waits for it.</summary>
    public decimal? Trigger { get; init; }

    /// <summary>Which price the trigger watches.</summary>
    public TriggerSource? TriggerBy { get; init; }

    /// <summary>New stop-loss; 0 removes it.</summary>
    public decimal? StopLoss { get; init; }

    /// <summary>Which price triggers the stop-loss.</summary>
    public TriggerSource? StopTrigger { get; init; }

    /// <summary>New take-profit; 0 removes it.</summary>
    public decimal? TakeProfit { get; init; }

    /// <summary>Which price triggers the take-profit.</summary>
    public TriggerSource? TakeProfitTrigger { get; init; }

    /// <summary>New limit price of a partial stop-loss; 0 makes it a market order.</summary>
    public decimal? StopLossLimit { get; init; }

    /// <summary>New limit price of a partial take-profit; 0 makes it a market order.</summary>
    public decimal? TakeProfitLimit { get; init; }

    /// <summary>Returns the request as it is after the change.</summary>
    internal NewOrder ApplyTo(NewOrder request) => request with
    {
        Quantity = Quantity ?? request.Quantity,
        Price = Price ?? request.Price,
        Trigger = Trigger ?? request.Trigger,
        TriggerBy = TriggerBy ?? request.TriggerBy,
        StopLoss = Changed(StopLoss, request.StopLoss),
        StopTrigger = StopTrigger ?? request.StopTrigger,
        TakeProfit = Changed(TakeProfit, request.TakeProfit),
        TakeProfitTrigger = TakeProfitTrigger ?? request.TakeProfitTrigger,
        StopLossLimit = Changed(StopLossLimit, request.StopLossLimit),
        TakeProfitLimit = Changed(TakeProfitLimit, request.TakeProfitLimit),
    };

    private static decimal? Changed(decimal? wanted, decimal? now) => wanted switch { null => now, 0 => null, _ => wanted };
}
