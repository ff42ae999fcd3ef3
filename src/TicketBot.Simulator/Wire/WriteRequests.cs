using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Wire;

/// <summary>The requests that change a venue, read from their JSON bodies. Everything here is a function of venue and body, so that a
/// log of bodies rebuilds the venue.</summary>
internal static class WriteRequests
{
    private const int MostInBatch = 20;

    /// <summary>Whether a path changes the venue.</summary>
    internal static bool Knows(string path) => path is "/v5/order/create" or "/v5/order/amend" or "/v5/order/cancel" or "/v5/order/cancel-all"
        or "/v5/order/create-batch" or "/v5/order/amend-batch" or "/v5/order/cancel-batch"
        or "/v5/position/trading-stop" or "/v5/position/set-leverage" or "/v5/position/switch-mode" || AccountWrites.Knows(path);

    /// <summary>Applies a request.</summary>
    internal static WireAnswer Apply(Venue venue, Account account, string path, JsonElement body)
    {
        try
        {
            if (AccountWrites.Knows(path))
            {
                return AccountWrites.Apply(venue, account, path, body);
            }

            if (OrderBody.Text(body, "category") != "linear")
            {
                return WireAnswer.BadParameter($"category must be linear, was '{OrderBody.Text(body, "category")}'");
            }

            return path switch
            {
                "/v5/order/create" => Answer(Create(venue, account, body)),
                "/v5/order/amend" => Answer(Amend(venue, account, body)),
                "/v5/order/cancel" => Answer(Cancel(venue, account, body)),
                "/v5/order/cancel-all" => CancelAll(venue, account, body),
                "/v5/order/create-batch" => Batch(venue, body, Create, account, isCreate: true),
                "/v5/order/amend-batch" => Batch(venue, body, Amend, account, isCreate: false),
                "/v5/order/cancel-batch" => Batch(venue, body, Cancel, account, isCreate: false),
                "/v5/position/trading-stop" => TradingStop(venue, account, body),
                "/v5/position/set-leverage" => SetLeverage(venue, account, body),
                "/v5/position/switch-mode" => SwitchMode(venue, account, body),
                _ => throw new InvalidOperationException($"Invariant: {path} is no write request"),
            };
        }
        catch (FormatException fault)
        {
            return WireAnswer.BadParameter(fault.Message);
        }
        catch (OverflowException)
        {
            return WireAnswer.BadParameter("a number is too large");
        }
    }

    private static VenueAnswer Create(Venue venue, Account account, JsonElement body) => venue.Submit(account, OrderBody.Order(body));

    private static VenueAnswer Amend(Venue venue, Account account, JsonElement body) => venue.Amend(
        account, OrderBody.SymbolOf(body), OrderBody.Text(body, "orderId"), OrderBody.Text(body, "orderLinkId"), OrderBody.Change(body));

    private static VenueAnswer Cancel(Venue venue, Account account, JsonElement body) => venue.Cancel(
        account, OrderBody.SymbolOf(body), OrderBody.Text(body, "orderId"), OrderBody.Text(body, "orderLinkId"));

    // Each order is judged alone, in the order given; the codes stand beside the list.
    private static WireAnswer Batch(Venue venue, JsonElement body, Func<Venue, Account, JsonElement, VenueAnswer> one, Account account, bool isCreate)
    {
        if (!body.TryGetProperty("request", out var requests) || requests.ValueKind != JsonValueKind.Array || requests.GetArrayLength() is 0 or > MostInBatch)
        {
            return WireAnswer.BadParameter($"request must be a list of 1 to {MostInBatch} orders");
        }

        var answers = new List<(JsonElement Asked, VenueAnswer Answer)>();
        foreach (var request in requests.EnumerateArray())
        {
            try
            {
                answers.Add((request, one(venue, account, request)));
            }
            catch (FormatException fault)
            {
                answers.Add((request, VenueAnswer.Refused(10001, $"params error: {fault.Message}")));
            }
        }

        return WireAnswer.Ok(w =>
        {
            w.WriteStartArray("list");
            foreach (var (asked, answer) in answers)
            {
                w.WriteStartObject();
                w.WriteString("category", "linear");
                w.WriteString("symbol", OrderBody.Text(asked, "symbol") ?? "");
                w.WriteString("orderId", answer.Order?.Id ?? OrderBody.Text(asked, "orderId") ?? "");
                w.WriteString("orderLinkId", answer.Order?.Request.LinkId ?? OrderBody.Text(asked, "orderLinkId") ?? "");
                if (isCreate)
                {
                    w.WriteString("createAt", answer.Order is { } order ? WireText.Of(order.Created) : "");
                }

                w.WriteEndObject();
            }

            w.WriteEndArray();
        }) with
        {
            ExtInfo = w =>
            {
                w.WriteStartArray("list");
                foreach (var (_, answer) in answers)
                {
                    w.WriteStartObject();
                    w.WriteNumber("code", answer.Code);
                    w.WriteString("msg", answer.Text);
                    w.WriteEndObject();
                }

                w.WriteEndArray();
            },
        };
    }

    private static WireAnswer CancelAll(Venue venue, Account account, JsonElement body)
    {
        Symbol? symbol = OrderBody.Text(body, "symbol") is { Length: > 0 } ? OrderBody.SymbolOf(body) : null;
        if (symbol is null && OrderBody.Text(body, "settleCoin") is not "USDT" && string.IsNullOrEmpty(OrderBody.Text(body, "baseCoin")))
        {
            return WireAnswer.BadParameter("symbol, baseCoin or settleCoin is required");
        }

        var coin = symbol is null ? OrderBody.Text(body, "baseCoin") : null;
        Func<VenueOrder, bool> kind = OrderBody.Text(body, "orderFilter") switch
        {
            null or "" => _ => true,
            "Order" => o => !o.IsUntriggered,
            "StopOrder" or "tpslOrder" or "OpenOrder" when OrderBody.Text(body, "stopOrderType") is "Stop" => o => o is { IsUntriggered: true, Kind: StopKind.Stop },
            "StopOrder" => o => o.IsUntriggered,
            "tpslOrder" => o => o is { IsUntriggered: true, IsProtection: true },
            "OpenOrder" => o => !o.IsProtection || !o.IsUntriggered,
            var other => throw new FormatException($"orderFilter must be Order, StopOrder or OpenOrder, was '{other}'"),
        };
        var cancelled = venue.CancelAll(account, symbol, o => kind(o) && (string.IsNullOrEmpty(coin) || o.Request.Symbol.Value == coin + "USDT"));
        return WireAnswer.Ok(w =>
        {
            w.WriteStartArray("list");
            foreach (var order in cancelled)
            {
                w.WriteStartObject();
                w.WriteString("orderId", order.Id);
                w.WriteString("orderLinkId", order.Request.LinkId);
                w.WriteEndObject();
            }

            w.WriteEndArray();
            w.WriteString("success", "1");
        });
    }

    private static WireAnswer TradingStop(Venue venue, Account account, JsonElement body)
    {
        var symbol = OrderBody.SymbolOf(body);
        var change = OrderBody.Protection(body);
        if (change is { StopLoss: < 0 } or { TakeProfit: < 0 })
        {
            return WireAnswer.BadParameter("takeProfit and stopLoss must be at least 0");
        }

        return account.FindHolding(symbol) is { } holding && OrderRules.ModeFault((int)(OrderBody.Number(body, "positionIdx") ?? 0), holding) is { } fault
            ? Empty(fault)
            : Empty(venue.Protect(account, symbol, change));
    }

    private static WireAnswer SetLeverage(Venue venue, Account account, JsonElement body)
    {
        var (buy, sell) = (OrderBody.Number(body, "buyLeverage"), OrderBody.Number(body, "sellLeverage"));
        return buy is { } leverage && buy == sell
            ? Empty(venue.SetLeverage(account, OrderBody.SymbolOf(body), leverage))
            : WireAnswer.BadParameter("buyLeverage and sellLeverage are required and equal in one-way mode");
    }

    private static WireAnswer SwitchMode(Venue venue, Account account, JsonElement body)
    {
        var symbols = OrderBody.Text(body, "symbol") is { Length: > 0 } ? [OrderBody.SymbolOf(body)]
            : OrderBody.Text(body, "coin") == "USDT" ? venue.Instruments.Select(i => i.Symbol).ToList()
            : throw new FormatException("symbol, or coin USDT, is required");
        return OrderBody.Number(body, "mode") switch
        {
            0 => Empty(venue.SwitchMode(account, symbols, hedged: false)),
            3 => Empty(venue.SwitchMode(account, symbols, hedged: true)),
            var mode => WireAnswer.BadParameter(string.Create(CultureInfo.InvariantCulture, $"mode must be 0 (one-way) or 3 (hedge), was {mode}")),
        };
    }

    private static WireAnswer Answer(VenueAnswer answer) => new(answer.Code, answer.Text, answer.Order is not { } order ? null : w =>
    {
        w.WriteString("orderId", order.Id);
        w.WriteString("orderLinkId", order.Request.LinkId);
    });

    private static WireAnswer Empty(VenueAnswer answer) => new(answer.Code, answer.Text, null);
}
