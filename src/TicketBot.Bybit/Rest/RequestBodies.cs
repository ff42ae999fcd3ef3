using System.Buffers;
using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Rest;

/// <summary>The JSON bodies of the writes, as UTF-8 bytes that are signed and sent as they stand. The venue ignores fields it does not
/// know, so a misspelt stop would be lost in silence: the spelling of every field is pinned by tests.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/order/create-order.</remarks>
public static class RequestBodies
{
    private static readonly JsonEncodedText Category = JsonEncodedText.Encode("category");
    private static readonly JsonEncodedText Linear = JsonEncodedText.Encode("linear");
    private static readonly JsonEncodedText SymbolName = JsonEncodedText.Encode("symbol");
    private static readonly JsonEncodedText SideName = JsonEncodedText.Encode("side");
    private static readonly JsonEncodedText Buy = JsonEncodedText.Encode("Buy");
    private static readonly JsonEncodedText Sell = JsonEncodedText.Encode("Sell");
    private static readonly JsonEncodedText OrderTypeName = JsonEncodedText.Encode("orderType");
    private static readonly JsonEncodedText Market = JsonEncodedText.Encode("Market");
    private static readonly JsonEncodedText Limit = JsonEncodedText.Encode("Limit");
    private static readonly JsonEncodedText Qty = JsonEncodedText.Encode("qty");
    private static readonly JsonEncodedText PriceName = JsonEncodedText.Encode("price");
    private static readonly JsonEncodedText TimeInForce = JsonEncodedText.Encode("timeInForce");
    private static readonly JsonEncodedText Gtc = JsonEncodedText.Encode("GTC");
    private static readonly JsonEncodedText Ioc = JsonEncodedText.Encode("IOC");
    private static readonly JsonEncodedText PositionIdx = JsonEncodedText.Encode("positionIdx");
    private static readonly JsonEncodedText OrderLinkId = JsonEncodedText.Encode("orderLinkId");
    private static readonly JsonEncodedText ReduceOnly = JsonEncodedText.Encode("reduceOnly");
    private static readonly JsonEncodedText StopLoss = JsonEncodedText.Encode("stopLoss");
    private static readonly JsonEncodedText SlTriggerBy = JsonEncodedText.Encode("slTriggerBy");
    private static readonly JsonEncodedText MarkPrice = JsonEncodedText.Encode("MarkPrice");
    private static readonly JsonEncodedText LastPrice = JsonEncodedText.Encode("LastPrice");
    private static readonly JsonEncodedText TpslMode = JsonEncodedText.Encode("tpslMode");
    private static readonly JsonEncodedText Full = JsonEncodedText.Encode("Full");
    private static readonly JsonEncodedText SlOrderType = JsonEncodedText.Encode("slOrderType");
    private static readonly JsonEncodedText BuyLeverage = JsonEncodedText.Encode("buyLeverage");
    private static readonly JsonEncodedText SellLeverage = JsonEncodedText.Encode("sellLeverage");
    private static readonly JsonEncodedText OrderFilter = JsonEncodedText.Encode("orderFilter");
    private static readonly JsonEncodedText OrderWord = JsonEncodedText.Encode("Order");
    private static readonly JsonEncodedText Mode = JsonEncodedText.Encode("mode");

    /// <summary>Writes the body of /v5/order/create.</summary>
    /// <exception cref="ArgumentException">A limit order without price, a market order with one, or a stop on a reduce-only order.</exception>
    public static void WriteCreate(IBufferWriter<byte> output, OrderRequest order)
    {
        if (order.Type == OrderType.Limit != order.LimitPrice.HasValue)
        {
            throw new ArgumentException($"a limit order has a price and a market order none, got {order.Type} with price {order.LimitPrice?.ToString() ?? "none"}", nameof(order));
        }

        if (order.ReduceOnly && order.StopLoss is not null)
        {
            throw new ArgumentException($"the venue takes no stop on a reduce-only order, got {order.StopLoss}", nameof(order));
        }

        using var json = Begin(output, order.Symbol);
        json.WriteString(SideName, order.Side == Side.Buy ? Buy : Sell);
        json.WriteString(OrderTypeName, order.Type == OrderType.Market ? Market : Limit);
        Number(json, Qty, order.Quantity.Value);
        if (order.LimitPrice is { } price)
        {
            Number(json, PriceName, price.Value);
        }

        json.WriteString(TimeInForce, order.Type == OrderType.Market ? Ioc : Gtc);
        json.WriteNumber(PositionIdx, 0);
        json.WriteString(OrderLinkId, order.Id.Value);
        json.WriteBoolean(ReduceOnly, order.ReduceOnly);
        if (order.StopLoss is { } stop)
        {
            Number(json, StopLoss, stop.Value);
            json.WriteString(SlTriggerBy, order.StopByMarkPrice ? MarkPrice : LastPrice);
            json.WriteString(TpslMode, Full);
            json.WriteString(SlOrderType, Market);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the body of /v5/order/cancel.</summary>
    public static void WriteCancel(IBufferWriter<byte> output, Symbol symbol, ClientOrderId id)
    {
        using var json = Begin(output, symbol);
        json.WriteString(OrderLinkId, id.Value);
        json.WriteEndObject();
    }

    /// <summary>Writes the body of /v5/position/trading-stop: one market stop for the whole position.</summary>
    public static void WriteStop(IBufferWriter<byte> output, Symbol symbol, Price stop, bool byMarkPrice)
    {
        using var json = Begin(output, symbol);
        json.WriteString(TpslMode, Full);
        json.WriteNumber(PositionIdx, 0);
        Number(json, StopLoss, stop.Value);
        json.WriteString(SlTriggerBy, byMarkPrice ? MarkPrice : LastPrice);
        json.WriteString(SlOrderType, Market);
        json.WriteEndObject();
    }

    /// <summary>Writes the body of /v5/order/amend: what is <c>null</c> stays as it is.</summary>
    /// <exception cref="ArgumentException">Nothing is to be changed.</exception>
    public static void WriteAmend(IBufferWriter<byte> output, Symbol symbol, ClientOrderId id, Quantity? quantity, Price? limitPrice, Price? stopLoss)
    {
        if (quantity is null && limitPrice is null && stopLoss is null)
        {
            throw new ArgumentException($"an amendment of {id} needs a quantity, a price or a stop, got none");
        }

        using var json = Begin(output, symbol);
        json.WriteString(OrderLinkId, id.Value);
        if (quantity is { } total)
        {
            Number(json, Qty, total.Value);
        }

        if (limitPrice is { } price)
        {
            Number(json, PriceName, price.Value);
        }

        if (stopLoss is { } stop)
        {
            Number(json, StopLoss, stop.Value);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the body of /v5/order/cancel-all: plain orders of one contract. Without that filter the venue would cancel the stops too.</summary>
    public static void WriteCancelAll(IBufferWriter<byte> output, Symbol symbol)
    {
        using var json = Begin(output, symbol);
        json.WriteString(OrderFilter, OrderWord);
        json.WriteEndObject();
    }

    /// <summary>Writes the body of /v5/position/set-leverage: the same on both sides, as one-way mode needs.</summary>
    public static void WriteLeverage(IBufferWriter<byte> output, Symbol symbol, decimal leverage)
    {
        using var json = Begin(output, symbol);
        Number(json, BuyLeverage, leverage);
        Number(json, SellLeverage, leverage);
        json.WriteEndObject();
    }

    /// <summary>Writes the body of /v5/position/switch-mode: 0 is one-way, 3 is hedge mode.</summary>
    public static void WriteMode(IBufferWriter<byte> output, Symbol symbol, bool hedged)
    {
        using var json = Begin(output, symbol);
        json.WriteNumber(Mode, hedged ? 3 : 0);
        json.WriteEndObject();
    }

    private static Utf8JsonWriter Begin(IBufferWriter<byte> output, Symbol symbol)
    {
        var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString(Category, Linear);
        json.WriteString(SymbolName, symbol.Value);
        return json;
    }

    // Numbers go as text, all their digits written, no exponent.
    private static void Number(Utf8JsonWriter json, JsonEncodedText name, decimal value)
    {
        Span<byte> text = stackalloc byte[40];
        value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }
}
