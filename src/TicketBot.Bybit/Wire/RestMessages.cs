using System.Text.Json;

namespace TicketBot.Bybit.Wire;

/// <summary>The frame round every REST answer (https://bybit-exchange.github.io/docs/v5/guide).</summary>
internal sealed class RestEnvelope
{
    public int? RetCode { get; init; }

    public string? RetMsg { get; init; }

    public JsonElement Result { get; init; }

    public long? Time { get; init; }
}

/// <summary>Answer of /v5/market/time.</summary>
internal sealed class TimeResult
{
    public long? TimeSecond { get; init; }

    public long? TimeNano { get; init; }
}

/// <summary>A page of a list with its cursor.</summary>
internal sealed class Page<T>
    where T : class
{
    private readonly List<T>? _list;

    /// <summary>The rows; none of them is null.</summary>
    public List<T>? List
    {
        get => _list;
        init => _list = value?.Contains(default!) == true ? throw new JsonException("a row is null") : value;
    }

    public string? NextPageCursor { get; init; }
}

/// <summary>One row of /v5/market/instruments-info.</summary>
internal sealed class InstrumentRow
{
    public string? Symbol { get; init; }

    public string? ContractType { get; init; }

    public string? SettleCoin { get; init; }

    public string? Status { get; init; }

    public PriceFilter? PriceFilter { get; init; }

    public LotSizeFilter? LotSizeFilter { get; init; }

    public long? FundingInterval { get; init; }
}

/// <summary>Price rules of an instrument.</summary>
internal sealed class PriceFilter
{
    public decimal? TickSize { get; init; }
}

/// <summary>Quantity rules of an instrument.</summary>
internal sealed class LotSizeFilter
{
    public decimal? MinOrderQty { get; init; }

    public decimal? QtyStep { get; init; }

    public decimal? MaxOrderQty { get; init; }

    public decimal? MaxMktOrderQty { get; init; }

    public decimal? MinNotionalValue { get; init; }
}

/// <summary>Answer of /v5/market/kline: rows of start, open, high, low, close, volume, turnover as texts, newest first.</summary>
internal sealed class KlineResult
{
    public List<List<string>>? List { get; init; }
}

/// <summary>Answer of /v5/order/create, amend and cancel.</summary>
internal sealed class OrderIds
{
    public string? OrderId { get; init; }

    public string? OrderLinkId { get; init; }
}
