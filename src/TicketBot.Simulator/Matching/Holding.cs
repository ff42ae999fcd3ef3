using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>One contract of an account.</summary>
internal sealed class Holding(Symbol symbol, decimal leverage, Instant opened)
{
    private readonly List<VenueOrder> _open = [];

    internal Symbol Symbol { get; } = symbol;

    internal Position Position { get; } = new(symbol);

    internal decimal Leverage { get; set; } = leverage;

    internal bool IsHedged { get; set; }

    internal string Status { get; set; } = "Normal";

    internal Instant Updated { get; set; } = opened;

    internal long Sequence { get; set; } = -1;

    /// <summary>When the position was opened.</summary>
    internal Instant Opened { get; set; } = opened;

    /// <summary>Realised less fees and funding when the position was last flat.</summary>
    internal decimal NetWhenFlat { get; set; }

    /// <summary>Fees paid to open what is held.</summary>
    internal decimal OpenFees { get; set; }

    /// <summary>Stop-loss of the whole position that waits.</summary>
    internal VenueOrder? Stop { get; private set; }

    /// <summary>Take-profit of the whole position that waits.</summary>
    internal VenueOrder? TakeProfit { get; private set; }

    /// <summary>Trailing stop that waits.</summary>
    internal VenueOrder? Trailing { get; private set; }

    /// <summary>Orders that are not final, oldest first, protections among them.</summary>
    internal IReadOnlyList<VenueOrder> Open => _open;

    /// <summary>Cancels and amends on their way, in the order of sending.</summary>
    internal List<PendingRequest> Pending { get; } = [];

    internal bool IsIdle => _open.Count == 0 && Position.IsFlat && Pending.Count == 0;

    /// <summary>Realised less fees and funding.</summary>
    internal decimal Net => Position.Realised.Value - Position.Fees.Value - Position.Funding.Value;

    /// <summary>What an order of a side could close.</summary>
    internal decimal Closable(Side side) =>
        Math.Sign(Position.SignedQuantity) == -side.Sign() ? Math.Abs(Position.SignedQuantity) : 0;

    internal void Keep(VenueOrder order)
    {
        var index = _open.FindIndex(o => o.Id == order.Id);
        if (order.IsFinal)
        {
            if (index >= 0)
            {
                _open.RemoveAt(index);
            }
        }
        else if (index >= 0)
        {
            _open[index] = order;
        }
        else
        {
            _open.Add(order);
        }

        switch (order.Kind)
        {
            case StopKind.StopLoss:
                Stop = order.IsUntriggered ? order : Stop?.Id == order.Id ? null : Stop;
                break;
            case StopKind.TakeProfit:
                TakeProfit = order.IsUntriggered ? order : TakeProfit?.Id == order.Id ? null : TakeProfit;
                break;
            case StopKind.TrailingStop:
                Trailing = order.IsUntriggered ? order : Trailing?.Id == order.Id ? null : Trailing;
                break;
            default:
                break;
        }
    }
}

/// <summary>A cancel or an amend on its way to the book.</summary>
/// <param name="Arrival">When it gets there.</param>
/// <param name="Number">Order of sending.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Change">What to change; <c>null</c> = cancel.</param>
internal sealed record PendingRequest(Instant Arrival, long Number, string OrderId, Amendment? Change);
