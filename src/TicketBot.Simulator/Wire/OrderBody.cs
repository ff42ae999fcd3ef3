using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Wire;

/// <summary>Reads the values of a request's JSON body. A number may be a number or text, a boolean too; an unknown field is ignored, as at the venue.</summary>
/// <remarks>Each member throws <see cref="FormatException"/> with Bybit's field name when a value has the wrong form.</remarks>
internal static class OrderBody
{
    /// <summary>Reads an order as an account asks for it.</summary>
    internal static NewOrder Order(JsonElement body)
    {
        var type = Required(body, "orderType") switch
        {
            "Market" => OrderType.Market,
            "Limit" => OrderType.Limit,
            var other => throw new FormatException($"orderType must be Market or Limit, was '{other}'"),
        };
        var isPartial = IsPartial(body);
        var (hasStopLimit, hasTargetLimit) = (IsLimit(body, "slOrderType"), IsLimit(body, "tpOrderType"));
        return new NewOrder
        {
            Symbol = SymbolOf(body),
            Side = SideOf(body),
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
            LinkId = LinkId(body),
            ReduceOnly = Flag(body, "reduceOnly"),
            CloseOnTrigger = Flag(body, "closeOnTrigger"),
            PositionIndex = (int)(Number(body, "positionIdx") ?? 0),
            Trigger = Above(body, "triggerPrice"),
            TriggerDirection = Number(body, "triggerDirection") switch
            {
                null or 0 => TriggerDirection.None,
                1 => TriggerDirection.Rise,
                2 => TriggerDirection.Fall,
                var other => throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"triggerDirection must be 1 or 2, was {other}")),
            },
            TriggerBy = Source(body, "triggerBy") ?? TriggerSource.LastPrice,
            StopLoss = Above(body, "stopLoss"),
            StopTrigger = Source(body, "slTriggerBy") ?? TriggerSource.LastPrice,
            TakeProfit = Above(body, "takeProfit"),
            TakeProfitTrigger = Source(body, "tpTriggerBy") ?? TriggerSource.LastPrice,
            IsPartialProtection = isPartial,
            StopLossLimit = hasStopLimit ? Above(body, "slLimitPrice") ?? throw new FormatException("slLimitPrice is required with slOrderType Limit") : null,
            TakeProfitLimit = hasTargetLimit ? Above(body, "tpLimitPrice") ?? throw new FormatException("tpLimitPrice is required with tpOrderType Limit") : null,
            FillShare = Number(body, Faults.FaultAnswers.FillShare),
            MaxSlippage = type == OrderType.Market ? Slippage(body) : null,
        };
    }

    /// <summary>Reads what to change of an order.</summary>
    internal static Amendment Change(JsonElement body) => new()
    {
        Quantity = Above(body, "qty"),
        Price = Above(body, "price"),
        Trigger = Above(body, "triggerPrice"),
        TriggerBy = Source(body, "triggerBy"),
        StopLoss = Number(body, "stopLoss"),
        StopTrigger = Source(body, "slTriggerBy"),
        TakeProfit = Number(body, "takeProfit"),
        TakeProfitTrigger = Source(body, "tpTriggerBy"),
        StopLossLimit = Number(body, "slLimitPrice"),
        TakeProfitLimit = Number(body, "tpLimitPrice"),
    };

    /// <summary>Reads what to change of a position's protections.</summary>
    internal static ProtectionChange Protection(JsonElement body)
    {
        var (target, stop) = (Number(body, "tpSize"), Number(body, "slSize"));
        if (target is not null && stop is not null && target != stop)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"tpSize and slSize must be equal, were {target} and {stop}"));
        }

        return new ProtectionChange
        {
            StopLoss = Number(body, "stopLoss"),
            StopTrigger = Source(body, "slTriggerBy") ?? TriggerSource.LastPrice,
            TakeProfit = Number(body, "takeProfit"),
            TakeProfitTrigger = Source(body, "tpTriggerBy") ?? TriggerSource.LastPrice,
            Trailing = Number(body, "trailingStop"),
            ActivePrice = Above(body, "activePrice"),
            IsPartial = IsPartial(body),
            Size = target ?? stop,
            StopLossLimit = IsLimit(body, "slOrderType") ? Above(body, "slLimitPrice") ?? throw new FormatException("slLimitPrice is required with slOrderType Limit") : null,
            TakeProfitLimit = IsLimit(body, "tpOrderType") ? Above(body, "tpLimitPrice") ?? throw new FormatException("tpLimitPrice is required with tpOrderType Limit") : null,
        };
    }

    internal static Symbol SymbolOf(JsonElement body)
    {
        var text = Required(body, "symbol");
        return Symbol.IsValid(text) ? new Symbol(text) : throw new FormatException($"symbol invalid '{text}'");
    }

    internal static string Required(JsonElement body, string name) =>
        Text(body, name) is { Length: > 0 } text ? text : throw new FormatException($"{name} is required");

    internal static string? Text(JsonElement body, string name) => body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value)
        ? value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Null => null, _ => value.GetRawText() }
        : null;

    internal static decimal? Number(JsonElement body, string name) => Text(body, name) switch
    {
        null or "" => null,
        var text => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"{name} must be a number, was '{text}'"),
    };

    private static string LinkId(JsonElement body)
    {
        var linkId = Text(body, "orderLinkId") ?? "";
        return linkId.Length > 36 || linkId.Any(c => !(char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            ? throw new FormatException($"orderLinkId has at most 36 letters, digits, '-' or '_', was '{linkId}'")
            : linkId;
    }

    private static Side SideOf(JsonElement body) => Required(body, "side") switch
    {
        "Buy" => Side.Buy,
        "Sell" => Side.Sell,
        var other => throw new FormatException($"side must be Buy or Sell, was '{other}'"),
    };

    private static bool IsPartial(JsonElement body) => Text(body, "tpslMode") switch
    {
        null or "" or "Full" => false,
        "Partial" => true,
        var other => throw new FormatException($"tpslMode must be Full or Partial, was '{other}'"),
    };

    private static bool IsLimit(JsonElement body, string name) => Text(body, name) switch
    {
        null or "" or "Market" => false,
        "Limit" => true,
        var other => throw new FormatException($"{name} must be Market or Limit, was '{other}'"),
    };

    // "0" and "" mean none.
    private static decimal? Above(JsonElement body, string name) => Number(body, name) is not 0 and var value ? value : null;

    private static TriggerSource? Source(JsonElement body, string name) => Text(body, name) switch
    {
        null or "" => null,
        "LastPrice" => TriggerSource.LastPrice,
        "MarkPrice" => TriggerSource.MarkPrice,
        "IndexPrice" => TriggerSource.IndexPrice,
        var other => throw new FormatException($"{name} must be LastPrice, MarkPrice or IndexPrice, was '{other}'"),
    };

    private static decimal? Slippage(JsonElement body) => (Text(body, "slippageToleranceType"), Number(body, "slippageTolerance")) switch
    {
        (null or "" or "UNKNOWN", _) => null,
        ("Percent", >= 0.01m and <= 10m and var percent) => percent / 100,
        (var kind, var value) => throw new FormatException(string.Create(CultureInfo.InvariantCulture,
            $"slippageTolerance must be 0.01 to 10 with slippageToleranceType Percent (TickSize is not modelled), was {value} {kind}")),
    };

    private static bool Flag(JsonElement body, string name) => string.Equals(Text(body, name), "true", StringComparison.OrdinalIgnoreCase);
}
