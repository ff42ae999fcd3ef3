namespace TicketBot.Domain;

/// <summary>The life of an order as one pure function: state and event in, state out.</summary>
/// <remarks>Events may come in any order and twice. Three rules make every order of arrival end alike: what is filled only grows; a
/// status only rises, from intended over unknown, acknowledged, open and partly filled to an end; an end stays, but for evidence that
/// the venue has an order which was given up, and for fills that complete it. The rows, by what happened:
/// <list type="table">
/// <item><term>Acknowledged</term><description>revives; keeps the first venue id; at least acknowledged.</description></item>
/// <item><term>Rejected</term><description>ends it, unless the venue is known to have it: then it is a late answer to a repeated
/// request.</description></item>
/// <item><term>AnswerLost</term><description>at least unknown; takes nothing back that is known better.</description></item>
/// <item><term>ProvedAbsent</term><description>ends it as never sent, unless the venue is known to have it.</description></item>
/// <item><term>Reported</term><description>revives; keeps the first venue id; fills up to what is reported; an end ends it.</description></item>
/// <item><term>Filled</term><description>revives; adds to the executions and fills up to their sum.</description></item>
/// </list></remarks>
public static class OrderTransitions
{
    /// <summary>Returns the state of an order of <paramref name="ordered"/> after something happened to it.</summary>
    public static OrderState Next(OrderState state, Quantity ordered, OrderEvent happened)
    {
        switch (happened)
        {
            case OrderEvent.Acknowledged(var venueId):
                state = Revived(state);
                return Advanced(state with { VenueId = state.VenueId ?? venueId }, OrderStatus.Acknowledged);
            case OrderEvent.Rejected(var reason):
                if (state.IsAtVenue)
                {
                    return state;
                }

                // Of an order given up for lost the venue's refusal says more than its silence.
                return Ended(state.Status == OrderStatus.NotSent ? Revived(state) : state, OrderStatus.Rejected, reason);
            case OrderEvent.AnswerLost:
                return Advanced(state, OrderStatus.Unknown);
            case OrderEvent.ProvedAbsent:
                return state.IsAtVenue ? state : Ended(state, OrderStatus.NotSent, "the venue never had it");
            case OrderEvent.Reported reported:
                return Reported(Revived(state), ordered, reported);
            case OrderEvent.Filled(var quantity):
                state = Revived(state);
                state = Filled(state with { Executed = state.Executed + quantity }, ordered, state.Executed + quantity);
                return Advanced(state, OrderStatus.PartiallyFilled);
            default:
                throw new InvalidOperationException($"Invariant: order event {happened.GetType().Name} has no rule");
        }
    }

    private static OrderState Reported(OrderState state, Quantity ordered, OrderEvent.Reported reported)
    {
        state = Filled(state with { VenueId = state.VenueId ?? reported.VenueId }, ordered, reported.FilledQuantity);
        if (Order.IsFinalStatus(reported.Status))
        {
            return Ended(state, reported.Status, reported.Status == OrderStatus.Filled ? "" : reported.Reason);
        }

        return Advanced(state, state.Filled.IsZero ? reported.Status : OrderStatus.PartiallyFilled);
    }

    // A cancel that lost the race against the last fill leaves a filled order, in whichever order the two arrive.
    private static OrderState Filled(OrderState state, Quantity ordered, Quantity inAll)
    {
        state = state with { Filled = inAll > state.Filled ? inAll : state.Filled };
        return state.Filled >= ordered ? Ended(state, OrderStatus.Filled, "") : state;
    }

    private static OrderState Revived(OrderState state) =>
        state.Status is OrderStatus.NotSent or OrderStatus.Rejected && !state.IsAtVenue
            ? state with { Status = OrderStatus.Unknown, Reason = "" }
            : state;

    private static OrderState Advanced(OrderState state, OrderStatus to) => !state.IsFinal && to > state.Status ? state with { Status = to } : state;

    // Filled overrides a cancel whose fills arrived late; nothing else moves a final order.
    private static OrderState Ended(OrderState state, OrderStatus status, string reason) =>
        !state.IsFinal || (status == OrderStatus.Filled && state.Status != OrderStatus.Filled) ? state with { Status = status, Reason = reason } : state;
}
