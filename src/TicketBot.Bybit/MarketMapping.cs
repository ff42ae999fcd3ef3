using System.Globalization;
using TicketBot.Bybit.MarketData;
using TicketBot.Bybit.Wire;
using TicketBot.Domain;

namespace TicketBot.Bybit;

/// <summary>From the venue's public rows to our values. A row that lacks what it must have throws <see cref="FormatException"/>.</summary>
internal static class MarketMapping
{
    public static Ticker ToTicker(TickerRow row)
    {
        var symbol = new Symbol(row.Symbol ?? throw new FormatException("symbol is missing"));
        return new Ticker(
            symbol, Positive(row.LastPrice, "lastPrice", symbol), Positive(row.MarkPrice, "markPrice", symbol), Positive(row.IndexPrice, "indexPrice", symbol),
            row.Bid1Price is > 0 ? new Price(row.Bid1Price.Value) : null, row.Ask1Price is > 0 ? new Price(row.Ask1Price.Value) : null,
            row.Turnover24h ?? 0, Finite(row.FundingRate, symbol), row.NextFundingTime is > 0 ? Mapping.ToInstant(row.NextFundingTime.Value) : null);
    }

    public static BookSnapshot ToBook(BookResult row, Symbol symbol)
    {
        if (row.S is { } named && named != symbol.Value)
        {
            throw new FormatException($"expected the book of {symbol}, found that of {named}");
        }

        var (bids, asks) = (Levels(row.B, symbol), Levels(row.A, symbol));
        for (var i = 1; i < bids.Count; i++)
        {
            Require(bids[i].Price.Value < bids[i - 1].Price.Value, symbol, "bids must descend");
        }

        for (var i = 1; i < asks.Count; i++)
        {
            Require(asks[i].Price.Value > asks[i - 1].Price.Value, symbol, "asks must ascend");
        }

        return new BookSnapshot(symbol, bids, asks, Mapping.ToInstant(row.Ts ?? throw new FormatException($"{symbol}: ts is missing")));
    }

    public static RecentTrade ToTrade(RecentTradeRow row)
    {
        var id = row.ExecId ?? throw new FormatException("execId is missing");
        return new RecentTrade(
            id, row.Side switch { "Buy" => Side.Buy, "Sell" => Side.Sell, _ => throw new FormatException($"trade {id}: side must be Buy or Sell, was '{row.Side}'") },
            new Price(row.Price ?? throw new FormatException($"trade {id}: price is missing")),
            new Quantity(row.Size ?? throw new FormatException($"trade {id}: size is missing")),
            Mapping.ToInstant(row.Time ?? throw new FormatException($"trade {id}: time is missing")));
    }

    public static FundingSettlement ToFunding(FundingRow row)
    {
        var time = Mapping.ToInstant(row.FundingRateTimestamp ?? throw new FormatException("fundingRateTimestamp is missing"));
        return row.FundingRate is { } rate && double.IsFinite(rate)
            ? new FundingSettlement(time, rate)
            : throw new FormatException($"fundingRate at {time} must be a number, was {row.FundingRate?.ToString(CultureInfo.InvariantCulture) ?? "missing"}");
    }

    private static List<(Price Price, Quantity Size)> Levels(List<List<string>>? rows, Symbol symbol) =>
        (rows ?? throw new FormatException($"{symbol}: a side of the book is missing")).ConvertAll(row => row is [var price, var size, ..]
            ? (new Price(Number(price)), new Quantity(Number(size)))
            : throw new FormatException($"{symbol}: a level must be price and size"));

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static Price Positive(decimal? value, string field, Symbol of) =>
        value is > 0 ? new Price(value.Value) : throw new FormatException($"{of}: {field} must be above zero, was {value?.ToString(CultureInfo.InvariantCulture) ?? "missing"}");

    private static double? Finite(double? value, Symbol of) =>
        value is null || double.IsFinite(value.Value) ? value : throw new FormatException($"{of}: fundingRate must be finite, was {value}");

    private static void Require(bool holds, Symbol symbol, string what)
    {
        if (!holds)
        {
            throw new FormatException($"{symbol}: {what}");
        }
    }
}
