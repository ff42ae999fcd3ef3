namespace TicketBot.Bybit.Wire;

/// <summary>An order in REST lists and on the private stream (https://bybit-exchange.github.io/docs/v5/order/open-order).</summary>
internal sealed class OrderRow
{
    public string? Category { get; init; }

    public string? Symbol { get; init; }

    public string? OrderId { get; init; }

    public string? OrderLinkId { get; init; }

    public string? Side { get; init; }

    public string? OrderStatus { get; init; }

    public string? CancelType { get; init; }

    public string? RejectReason { get; init; }

    public decimal? Qty { get; init; }

    public decimal? CumExecQty { get; init; }

    public string? StopOrderType { get; init; }

    public decimal? TriggerPrice { get; init; }

    public bool ReduceOnly { get; init; }

    public long? CreatedTime { get; init; }

    public long? UpdatedTime { get; init; }
}

/// <summary>An execution in REST lists and on the private stream (https://bybit-exchange.github.io/docs/v5/order/execution).</summary>
internal sealed class ExecutionRow
{
    public string? Category { get; init; }

    public string? Symbol { get; init; }

    public string? OrderId { get; init; }

    public string? OrderLinkId { get; init; }

    public string? Side { get; init; }

    public decimal? OrderQty { get; init; }

    public decimal? ExecFee { get; init; }

    public string? ExecId { get; init; }

    public decimal? ExecPrice { get; init; }

    public decimal? ExecQty { get; init; }

    public string? ExecType { get; init; }

    public string? StopOrderType { get; init; }

    public long? ExecTime { get; init; }

    public decimal? MarkPrice { get; init; }

    public bool IsMaker { get; init; }
}

/// <summary>A position in REST lists and on the private stream (https://bybit-exchange.github.io/docs/v5/position).</summary>
internal sealed class PositionRow
{
    public string? Category { get; init; }

    public string? Symbol { get; init; }

    public string? Side { get; init; }

    public decimal? Size { get; init; }

    /// <summary>Average entry in REST lists.</summary>
    public decimal? AvgPrice { get; init; }

    /// <summary>Average entry on the private stream.</summary>
    public decimal? EntryPrice { get; init; }

    public decimal? StopLoss { get; init; }

    public decimal? Leverage { get; init; }

    public int? PositionIdx { get; init; }
}

/// <summary>An account in REST lists and on the private stream (https://bybit-exchange.github.io/docs/v5/account/wallet-balance).</summary>
internal sealed class AccountRow
{
    public List<CoinRow>? Coin { get; init; }
}

/// <summary>One coin of an account.</summary>
internal sealed class CoinRow
{
    public string? Coin { get; init; }

    public decimal? Equity { get; init; }

    public decimal? WalletBalance { get; init; }
}
