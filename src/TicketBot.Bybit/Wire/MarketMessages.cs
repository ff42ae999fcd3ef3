namespace TicketBot.Bybit.Wire;

/// <summary>One row of /v5/market/tickers (https://bybit-exchange.github.io/docs/v5/market/tickers).</summary>
internal sealed class TickerRow
{
    public string? Symbol { get; init; }

    public decimal? LastPrice { get; init; }

    public decimal? MarkPrice { get; init; }

    public decimal? IndexPrice { get; init; }

    public decimal? Bid1Price { get; init; }

    public decimal? Ask1Price { get; init; }

    public decimal? Turnover24h { get; init; }

    public double? FundingRate { get; init; }

    public long? NextFundingTime { get; init; }
}

/// <summary>Answer of /v5/market/orderbook (https://bybit-exchange.github.io/docs/v5/market/orderbook): levels are price and size.</summary>
internal sealed class BookResult
{
    public string? S { get; init; }

    public List<List<string>>? B { get; init; }

    public List<List<string>>? A { get; init; }

    public long? Ts { get; init; }

    public long? U { get; init; }
}

/// <summary>One row of /v5/market/recent-trade (https://bybit-exchange.github.io/docs/v5/market/recent-trade).</summary>
internal sealed class RecentTradeRow
{
    public string? ExecId { get; init; }

    public string? Symbol { get; init; }

    public decimal? Price { get; init; }

    public decimal? Size { get; init; }

    public string? Side { get; init; }

    public long? Time { get; init; }
}

/// <summary>One row of /v5/market/funding/history (https://bybit-exchange.github.io/docs/v5/market/history-fund-rate).</summary>
internal sealed class FundingRow
{
    public string? Symbol { get; init; }

    public double? FundingRate { get; init; }

    public long? FundingRateTimestamp { get; init; }
}

/// <summary>One row of /v5/account/fee-rate (https://bybit-exchange.github.io/docs/v5/account/fee-rate).</summary>
internal sealed class FeeRateRow
{
    public string? Symbol { get; init; }

    public decimal? TakerFeeRate { get; init; }

    public decimal? MakerFeeRate { get; init; }
}

/// <summary>Answer of /v5/account/info (https://bybit-exchange.github.io/docs/v5/account/account-info).</summary>
internal sealed class AccountInfoResult
{
    public long? UnifiedMarginStatus { get; init; }

    public string? MarginMode { get; init; }
}

/// <summary>Answer of /v5/user/query-api (https://bybit-exchange.github.io/docs/v5/user/apikey-info).</summary>
internal sealed class KeyInfoResult
{
    public long? ReadOnly { get; init; }

    public Dictionary<string, List<string>?>? Permissions { get; init; }

    public List<string>? Ips { get; init; }

    public string? ExpiredAt { get; init; }

    public long? UserID { get; init; }

    public long? Uta { get; init; }
}
