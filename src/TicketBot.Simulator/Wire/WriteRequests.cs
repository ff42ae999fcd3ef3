using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Wire;

/// <summary>What the wire answers: Bybit's code and words, and the result object's fields.</summary>
/// <param name="Code">retCode.</param>
/// <param name="Text">retMsg.</param>
/// <param name="Result">Writes the fields of <c>result</c>; <c>null</c> for none.</param>
internal readonly record struct WireAnswer(int Code, string Text, Action<Utf8JsonWriter>? Result)
{
    /// <summary>Writes the fields of <c>retExtInfo</c>; <c>null</c> for none.</summary>
    internal Action<Utf8JsonWriter>? ExtInfo { get; init; }

    internal static WireAnswer Ok(Action<Utf8JsonWriter>? result = null) => new(0, "OK", result);

    internal static WireAnswer BadParameter(string text) => new(10001, $"params error: {text}", null);
}

/// <summary>The requests that change a venue, read from their JSON bodies. Everything here is a function of venue and body, so that a
/// log of bodies rebuilds the venue.</summary>
internal static class WriteRequests
{
    /// <summary>Whether a path changes the venue.</summary>
    internal static bool Knows(string path) => path is "/v5/order/create" or "/v5/order/cancel" or "/v5/order/cancel-all"
        or "/v5/position/trading-stop" or "/v5/position/set-leverage" or "/v5/position/switch-mode";

    /// <summary>Applies a request.</summary>
    internal static WireAnswer Apply(Venue venue, Account account, string path, JsonElement body)
    {
        try
        {
            if (Text(body, "category") != "linear")
            {
                return WireAnswer.BadParameter($"category must be linear, was '{Text(body, "category")}'");
            }

            return path switch
            {
                "/v5/order/create" => Create(venue, account, body),
                "/v5/order/cancel" => Answer(venue.Cancel(account, SymbolOf(body), Text(body, "orderId"), Text(body, "orderLinkId"))),
                "/v5/order/cancel-all" => CancelAll(venue, account, body),
                "/v5/position/trading-stop" => TradingStop(venue, account, body),
                "/v5/position/set-leverage" => SetLeverage(venue, account, body),
                "/v5/position/switch-mode" => SwitchMode(body),
                _ => throw new InvalidOperationException($"Invariant: {path} is no write request"),
            };
        }
        catch (FormatException fault)
        {
            return WireAnswer.BadParameter(fault.Message);
        }
    }

    private static WireAnswer Create(Venue venue, Account account, JsonElement body)
    {
        var linkId = Text(body, "orderLinkId") ?? "";
        if (linkId.Length > 36 || linkId.Any(c => !(char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
        {
            return WireAnswer.BadParameter($"orderLinkId has at most 36 letters, digits, '-' or '_', was '{linkId}'");
        }

        if (Number(body, "takeProfit") is > 0 || Number(body, "triggerPrice") is > 0 || Number(body, "positionIdx") is > 0)
        {
            return WireAnswer.BadParameter("this venue takes no take profit, no conditional order and one-way mode (positionIdx 0) only");
        }

        if (Text(body, "tpslMode") is { Length: > 0 } and not "Full")
        {
            return WireAnswer.BadParameter($"tpslMode must be Full, was '{Text(body, "tpslMode")}'");
        }

        var type = Required(body, "orderType") switch
        {
            "Market" => OrderType.Market,
            "Limit" => OrderType.Limit,
            var other => throw new FormatException($"orderType must be Market or Limit, was '{other}'"),
        };
        return Answer(venue.Submit(account, new NewOrder
        {
            Symbol = SymbolOf(body),
            Side = Required(body, "side") switch
            {
                "Buy" => Side.Buy,
                "Sell" => Side.Sell,
                var other => throw new FormatException($"side must be Buy or Sell, was '{other}'"),
            },
            Type = type,
            Quantity = Number(body, "qty") ?? throw new FormatException("qty is required"),
            Price = type == OrderType.Limit ? Number(body, "price") : null,
            TimeInForce = Text(body, "timeInForce") switch
            {
                null or "" or "GTC" => TimeInForce.GTC,
                "IOC" => TimeInForce.IOC,
                "FOK" => TimeInForce.FOK,
                "PostOnly" => TimeInForce.PostOnly,
                var other => throw new FormatException($"timeInForce must be GTC, IOC, FOK or PostOnly, was '{other}'"),
            },
            LinkId = linkId,
            ReduceOnly = Flag(body, "reduceOnly"),
            FillShare = Number(body, Faults.FaultAnswers.FillShare),
            StopLoss = Number(body, "stopLoss") is > 0 and var stop ? stop : null,
            StopTrigger = Source(body, "slTriggerBy"),
        }));
    }

    private static WireAnswer CancelAll(Venue venue, Account account, JsonElement body)
    {
        Symbol? symbol = Text(body, "symbol") is { Length: > 0 } ? SymbolOf(body) : null;
        if (symbol is null && Text(body, "settleCoin") is not "USDT" && string.IsNullOrEmpty(Text(body, "baseCoin")))
        {
            return WireAnswer.BadParameter("symbol, baseCoin or settleCoin is required");
        }

        var coin = symbol is null ? Text(body, "baseCoin") : null;
        Func<VenueOrder, bool> kind = Text(body, "orderFilter") switch
        {
            "Order" => o => !o.IsStopLoss,
            "StopOrder" => o => o.IsStopLoss,
            _ => _ => true,
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
        if (Number(body, "takeProfit") is > 0 || Number(body, "trailingStop") is > 0 || Text(body, "tpslMode") == "Partial")
        {
            return WireAnswer.BadParameter("this venue keeps one Full stop loss per position, no take profit and no trailing stop");
        }

        return Number(body, "stopLoss") is >= 0 and var stop
            ? Empty(venue.SetStop(account, SymbolOf(body), stop, Source(body, "slTriggerBy")))
            : new WireAnswer(34040, "not modified", null);
    }

    private static WireAnswer SetLeverage(Venue venue, Account account, JsonElement body)
    {
        var (buy, sell) = (Number(body, "buyLeverage"), Number(body, "sellLeverage"));
        return buy is { } leverage && buy == sell
            ? Empty(venue.SetLeverage(account, SymbolOf(body), leverage))
            : WireAnswer.BadParameter("buyLeverage and sellLeverage are required and equal in one-way mode");
    }

    private static WireAnswer SwitchMode(JsonElement body) => Number(body, "mode") switch
    {
        0 => new WireAnswer(110025, "Position mode is not modified", null),
        var mode => WireAnswer.BadParameter(string.Create(CultureInfo.InvariantCulture, $"this venue knows one-way mode (0) only, was {mode}")),
    };

    private static WireAnswer Answer(VenueAnswer answer) => new(answer.Code, answer.Text, answer.Order is not { } order ? null : w =>
    {
        w.WriteString("orderId", order.Id);
        w.WriteString("orderLinkId", order.Request.LinkId);
    });

    private static WireAnswer Empty(VenueAnswer answer) => new(answer.Code, answer.Text, null);

    private static Symbol SymbolOf(JsonElement body)
    {
        var text = Required(body, "symbol");
        return Symbol.IsValid(text) ? new Symbol(text) : throw new FormatException($"symbol invalid '{text}'");
    }

    private static string Required(JsonElement body, string name) =>
        Text(body, name) is { Length: > 0 } text ? text : throw new FormatException($"{name} is required");

    private static string? Text(JsonElement body, string name) => body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value)
        ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()
        : null;

    private static decimal? Number(JsonElement body, string name) => Text(body, name) switch
    {
        null or "" or "null" => null,
        var text => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"{name} must be a number, was '{text}'"),
    };

    private static TriggerSource Source(JsonElement body, string name) => Text(body, name) switch
    {
        null or "" or "LastPrice" => TriggerSource.LastPrice,
        "MarkPrice" => TriggerSource.MarkPrice,
        "IndexPrice" => TriggerSource.IndexPrice,
        var other => throw new FormatException($"{name} must be LastPrice, MarkPrice or IndexPrice, was '{other}'"),
    };

    private static bool Flag(JsonElement body, string name) =>
        string.Equals(Text(body, name), "true", StringComparison.OrdinalIgnoreCase);
}
