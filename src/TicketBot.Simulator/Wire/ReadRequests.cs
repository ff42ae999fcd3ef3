using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Wire;

/// <summary>The account requests that change nothing. Called under the session's lock.</summary>
internal static class ReadRequests
{
    /// <summary>Answers a signed read, or returns <c>null</c> for an unknown path.</summary>
    internal static WireAnswer? Answer(VenueSession session, AccountView view, string path, WireQuery query) => path switch
    {
        "/v5/order/realtime" or "/v5/order/history" or "/v5/execution/list" or "/v5/position/list" or "/v5/position/closed-pnl"
            when query["category"] is not ("linear" or "inverse" or "spot" or "option") =>
            WireAnswer.BadParameter($"category must be linear, inverse, spot or option, was '{query["category"]}'"),
        "/v5/order/realtime" => Realtime(view, query),
        "/v5/order/history" => History(session, view, query),
        "/v5/execution/list" => Executions(session, view, query),
        "/v5/position/list" => Positions(session, view, query),
        "/v5/position/closed-pnl" => ClosedPnl(session, view.Account, query),
        "/v5/account/wallet-balance" => Wallet(session, view.Account, query),
        "/v5/account/info" => WireAnswer.Ok(w =>
        {
            w.WriteNumber("unifiedMarginStatus", 5);
            w.WriteString("marginMode", "REGULAR_MARGIN");
            w.WriteBoolean("isMasterTrader", false);
            w.WriteString("spotHedgingStatus", "OFF");
            w.WriteString("updatedTime", WireText.Of(view.Account.Opened));
            w.WriteString("dcpStatus", "OFF");
            w.WriteNumber("timeWindow", 0);
            w.WriteNumber("smpGroup", 0);
        }),
        "/v5/account/fee-rate" when query["category"] is not (null or "linear" or "inverse" or "spot" or "option") =>
            WireAnswer.BadParameter($"category must be linear, inverse, spot or option, was '{query["category"]}'"),
        "/v5/account/fee-rate" => FeeRates(session, query), // The venue's own example asks without a category and is told of derivatives.
        "/v5/account/transaction-log" => TransactionLog.Answer(session, view.Account, query),
        _ => AccountReads.Answer(session, view.Account, path, query),
    };

    // Open orders, or the newest 500 that ended since the venue last restarted its matching; with an id both.
    private static WireAnswer Realtime(AccountView account, WireQuery query)
    {
        if (!query.IsLinear)
        {
            return WireAnswer.Ok(w => EmptyList(w, query));
        }

        if (ById(account, query) is { } known)
        {
            return Page(query, known.Where(o => !o.IsFinal || account.Account.IsRecent(o)));
        }

        if (query["symbol"] is null && query["baseCoin"] is null && query["settleCoin"] is null)
        {
            return WireAnswer.BadParameter("symbol, baseCoin or settleCoin is required");
        }

        return Page(query, (query["openOnly"] == "1" ? account.RecentlyClosed : account.OpenOrders).Where(o => Passes(query, o)));
    }

    // The window is on the time of creation. What was cancelled without a fill is kept for a day, as at the venue; with an id it is always found.
    private static WireAnswer History(VenueSession session, AccountView account, WireQuery query)
    {
        if (!query.IsLinear)
        {
            return WireAnswer.Ok(w => EmptyList(w, query));
        }

        if (ById(account, query) is { } known)
        {
            return Page(query, known.Where(o => o.IsFinal));
        }

        var (from, until) = Window(session, query);
        var dayAgo = session.Venue.Time.Plus(-Instant.MillisecondsPerDay);
        var status = query["orderStatus"];
        return Page(query, account.Orders.Where(o => o.IsFinal && Passes(query, o) && o.Created >= from && o.Created <= until
            && (o.Filled > 0 || o.Updated >= dayAgo) && (status is null || o.Status.ToString() == status)));
    }

    private static WireAnswer Page(WireQuery query, IEnumerable<VenueOrder> orders) =>
        query.PageBy(orders.OrderByDescending(o => o.Number), 20, 50, o => (o.Number, 0), (w, o) => WireRows.Order(w, o, isStream: false));

    private static IEnumerable<VenueOrder>? ById(AccountView account, WireQuery query) =>
        query["orderId"] is { } id ? account.OrderById(id) is { } order ? [order] : []
        : query["orderLinkId"] is { } link ? account.OrderByLink(link) is { } linked ? [linked] : []
        : null;

    private static bool Passes(WireQuery query, VenueOrder order) => query.Names(order.Request.Symbol) && query["orderFilter"] switch
    {
        "Order" => !IsStopOrder(order),
        "StopOrder" => IsStopOrder(order),
        "tpslOrder" => IsStopOrder(order) && order.IsProtection,
        _ => true,
    };

    private static bool IsStopOrder(VenueOrder order) => order.IsFinal ? order.Kind != StopKind.None : order.IsUntriggered;

    private static (Instant From, Instant Until) Window(VenueSession session, WireQuery query) =>
        query.Window(session.Venue.Time, 7 * Instant.MillisecondsPerDay);

    private static WireAnswer Executions(VenueSession session, AccountView account, WireQuery query)
    {
        if (!query.IsLinear)
        {
            return WireAnswer.Ok(w => EmptyList(w, query));
        }

        var (from, until) = Window(session, query);
        var (orderId, link, type) = (query["orderId"], query["orderLinkId"], query["execType"]);
        var found = account.Executions.Where(e => orderId is not null ? e.Order?.Id == orderId
            : link is not null ? e.Order?.Request.LinkId == link
            : query.Names(e.Execution.Symbol) && e.Execution.Time >= from && e.Execution.Time <= until && (type is null || type == e.Type));
        return query.PageBy(
            found.OrderByDescending(e => e.Execution.Time).ThenByDescending(e => e.Sequence), 50, 100,
            e => (e.Execution.Time.UnixMilliseconds, e.Sequence), (w, e) => WireRows.Execution(w, e, isStream: false));
    }

    private static WireAnswer ClosedPnl(VenueSession session, Account account, WireQuery query)
    {
        if (!query.IsLinear)
        {
            return WireAnswer.Ok(w => EmptyList(w, query));
        }

        var (from, until) = Window(session, query);
        var found = account.ClosedTrades.Where(c => query.Names(c.Order.Request.Symbol) && c.Updated >= from && c.Updated <= until);
        return query.PageBy(found.OrderByDescending(c => c.Sequence), 50, 100, c => (c.Sequence, 0), WireRows.Closed);
    }

    private static WireAnswer Wallet(VenueSession session, Account account, WireQuery query)
    {
        if (query["accountType"] is not "UNIFIED")
        {
            return WireAnswer.BadParameter($"accountType only supports UNIFIED, was '{query["accountType"]}'");
        }

        var coins = query["coin"]?.Split(',');
        return WireAnswer.Ok(w =>
        {
            w.WriteStartArray("list");
            WireRows.Wallet(w, session.Venue.WalletOf(account), coins is null || coins.Contains("USDT"));
            w.WriteEndArray();
        });
    }

    private static WireAnswer Positions(VenueSession session, AccountView account, WireQuery query)
    {
        if (!query.IsLinear)
        {
            return WireAnswer.Ok(w => EmptyList(w, query));
        }

        if (query["symbol"] is { } name)
        {
            return Symbol.IsValid(name) && session.Venue.InstrumentOf(new Symbol(name)) is not null
                ? query.Page(Rows(account.PositionOf(new Symbol(name))), 20, 200, (w, p) => WireRows.Position(w, p, isStream: false))
                : WireAnswer.BadParameter($"symbol invalid {name}");
        }

        if (query["settleCoin"] is null)
        {
            return WireAnswer.BadParameter("symbol or settleCoin is required");
        }

        var held = session.Venue.Instruments.Select(i => account.PositionOf(i.Symbol)).Where(p => p.SignedQuantity != 0).ToList();
        return query.Page(held, 20, 200, (w, p) => WireRows.Position(w, p, isStream: false));
    }

    // In hedge mode a contract has a long and a short position; both are flat, since trading in it is not modelled.
    private static IReadOnlyList<VenuePosition> Rows(VenuePosition position) =>
        position.IsHedged ? [position with { Index = 1 }, position with { Index = 2 }] : [position];

    private static WireAnswer FeeRates(VenueSession session, WireQuery query)
    {
        var costs = session.Venue.Settings.Costs;
        return query.Page(session.Venue.Instruments.Where(i => query.IsLinear && query.Names(i.Symbol)).ToList(), 500, 1000, (w, i) =>
        {
            w.WriteStartObject();
            w.WriteString("symbol", i.Symbol.Value);
            w.WriteString("takerFeeRate", WireText.Of(costs.TakerFeeBp / 10_000m));
            w.WriteString("makerFeeRate", WireText.Of(costs.MakerFeeBp / 10_000m));
            w.WriteEndObject();
        });
    }

    private static void EmptyList(Utf8JsonWriter w, WireQuery query)
    {
        w.WriteString("category", query["category"] ?? "");
        w.WriteStartArray("list");
        w.WriteEndArray();
        w.WriteString("nextPageCursor", "");
    }
}
