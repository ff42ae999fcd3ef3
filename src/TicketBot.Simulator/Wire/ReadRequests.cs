using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Wire;

/// <summary>The account requests that change nothing. Called under the session's lock.</summary>
internal static class ReadRequests
{
    /// <summary>Answers a signed read, or returns <c>null</c> for an unknown path.</summary>
    internal static WireAnswer? Answer(VenueSession session, Account account, string path, WireQuery query) => path switch
    {
        "/v5/order/realtime" => Orders(account, query, o => query["openOnly"] == "1" ? o.IsFinal : !o.IsFinal),
        "/v5/order/history" => Orders(account, query, o => o.IsFinal),
        "/v5/execution/list" => Executions(session, account, query),
        "/v5/position/list" => Positions(session, account, query),
        "/v5/account/wallet-balance" => WireAnswer.Ok(w =>
        {
            w.WriteStartArray("list");
            WireRows.Wallet(w, session.Venue.WalletOf(account));
            w.WriteEndArray();
        }),
        "/v5/account/info" => WireAnswer.Ok(w =>
        {
            w.WriteNumber("unifiedMarginStatus", 5);
            w.WriteString("marginMode", "REGULAR_MARGIN");
            w.WriteBoolean("isMasterTrader", false);
            w.WriteString("spotHedgingStatus", "OFF");
            w.WriteString("updatedTime", WireText.Of(account.Opened));
            w.WriteString("dcpStatus", "OFF");
            w.WriteNumber("timeWindow", 0);
            w.WriteNumber("smpGroup", 0);
        }),
        "/v5/account/fee-rate" => FeeRates(session, query),
        "/v5/user/query-api" => WireAnswer.Ok(w =>
        {
            w.WriteString("id", account.Index.ToString(CultureInfo.InvariantCulture));
            w.WriteString("apiKey", account.Key);
            w.WriteNumber("readOnly", 0);
            w.WriteStartObject("permissions");
            w.WriteStartArray("ContractTrade");
            w.WriteStringValue("Order");
            w.WriteStringValue("Position");
            w.WriteEndArray();
            w.WriteEndObject();
            w.WriteStartArray("ips");
            w.WriteStringValue("*");
            w.WriteEndArray();
            w.WriteNumber("type", 1);
            w.WriteNumber("unified", 0);
            w.WriteNumber("uta", 1);
            w.WriteNumber("userID", 1_000_000 + account.Index);
            w.WriteBoolean("isMaster", true);
        }),
        "/v5/asset/coin/query-info" => WireAnswer.Ok(EmptyRows),
        _ => null,
    };

    private static WireAnswer Orders(Account account, WireQuery query, Func<VenueOrder, bool> state)
    {
        if (!query.IsLinear)
        {
            return WireAnswer.Ok(w => EmptyList(w, query));
        }

        IEnumerable<VenueOrder> found;
        if (query["orderId"] is { } id)
        {
            found = account.OrderById(id) is { } order ? [order] : [];
        }
        else if (query["orderLinkId"] is { } link)
        {
            found = account.OrderByLink(link) is { } order ? [order] : [];
        }
        else if (query["symbol"] is null && query["baseCoin"] is null && query["settleCoin"] is null)
        {
            return WireAnswer.BadParameter("symbol, baseCoin or settleCoin is required");
        }
        else
        {
            var (from, until) = query.Range();
            found = account.Orders
                .Where(o => state(o) && query.Names(o.Request.Symbol) && o.Created >= from && o.Created <= until)
                .Where(o => query["orderFilter"] switch { "Order" => !o.IsStopLoss, "StopOrder" => o.IsStopLoss, _ => true })
                .OrderByDescending(o => o.Number);
        }

        return query.Page(found.ToList(), 20, 50, (w, o) => WireRows.Order(w, o, isStream: false));
    }

    private static WireAnswer Executions(VenueSession session, Account account, WireQuery query)
    {
        if (!query.IsLinear)
        {
            return WireAnswer.Ok(w => EmptyList(w, query));
        }

        var (from, until) = query.Range();
        if (query["startTime"] is null && query["endTime"] is null)
        {
            from = session.Venue.Time.Plus(-7 * Instant.MillisecondsPerDay);
        }
        else if (query["startTime"] is not null && query["endTime"] is null)
        {
            until = from.Plus(7 * Instant.MillisecondsPerDay);
        }
        else if (query["startTime"] is null)
        {
            from = until.Plus(-7 * Instant.MillisecondsPerDay);
        }

        if (until.Since(from) > 7 * Instant.MillisecondsPerDay && query["endTime"] is not null)
        {
            return WireAnswer.BadParameter("endTime must lie at most 7 days after startTime");
        }

        var (orderId, link) = (query["orderId"], query["orderLinkId"]);
        var found = account.Executions.Where(e => orderId is not null ? e.Order?.Id == orderId
            : link is not null ? e.Order?.Request.LinkId == link
            : query.Names(e.Execution.Symbol) && e.Execution.Time >= from && e.Execution.Time <= until
                && (query["execType"] is null || query["execType"] == (e.Execution.Kind == ExecutionKind.Funding ? "Funding" : "Trade")));
        return query.Page(
            found.OrderByDescending(e => e.Execution.Time).ThenByDescending(e => e.Sequence).ToList(), 50, 100,
            (w, e) => WireRows.Execution(w, e, isStream: false));
    }

    private static WireAnswer Positions(VenueSession session, Account account, WireQuery query)
    {
        if (!query.IsLinear)
        {
            return WireAnswer.Ok(w => EmptyList(w, query));
        }

        if (query["symbol"] is { } name)
        {
            return Symbol.IsValid(name) && session.Venue.InstrumentOf(new Symbol(name)) is not null
                ? query.Page([session.Venue.PositionOf(account, new Symbol(name))], 20, 200, (w, p) => WireRows.Position(w, p, isStream: false))
                : WireAnswer.BadParameter($"symbol invalid {name}");
        }

        if (query["settleCoin"] is null)
        {
            return WireAnswer.BadParameter("symbol or settleCoin is required");
        }

        var held = session.Venue.Instruments.Select(i => session.Venue.PositionOf(account, i.Symbol)).Where(p => p.SignedQuantity != 0).ToList();
        return query.Page(held, 20, 200, (w, p) => WireRows.Position(w, p, isStream: false));
    }

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

    private static void EmptyRows(Utf8JsonWriter w)
    {
        w.WriteStartArray("rows");
        w.WriteEndArray();
    }
}
