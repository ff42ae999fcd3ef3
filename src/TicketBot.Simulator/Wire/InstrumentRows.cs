using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Wire;

/// <summary>Writes the rules of a contract (https://bybit-exchange.github.io/docs/v5/market/instrument).</summary>
internal static class InstrumentRows
{
    /// <summary>Largest position value of a contract's only risk tier, USDT.</summary>
    internal const decimal RiskLimit = 2_000_000;

    internal static void Write(Utf8JsonWriter w, Instrument instrument)
    {
        var symbol = instrument.Symbol.Value;
        var scale = BitConverter.GetBytes(decimal.GetBits(instrument.TickSize)[3])[2];
        w.WriteStartObject();
        w.WriteString("symbol", symbol);
        w.WriteNumber("symbolId", SymbolId(symbol));
        w.WriteString("contractType", "LinearPerpetual");
        w.WriteString("status", instrument.IsTrading ? "Trading" : "Closed");
        w.WriteString("baseCoin", symbol.EndsWith("USDT", StringComparison.Ordinal) ? symbol[..^4] : symbol);
        w.WriteString("quoteCoin", "USDT");
        w.WriteString("settleCoin", "USDT");
        w.WriteString("symbolType", "");
        w.WriteString("displayName", "");
        w.WriteString("launchTime", "1577836800000");
        w.WriteString("deliveryTime", "0");
        w.WriteString("deliveryFeeRate", "");
        w.WriteString("priceScale", scale.ToString(CultureInfo.InvariantCulture));
        w.WriteStartObject("leverageFilter");
        w.WriteString("minLeverage", "1");
        w.WriteString("maxLeverage", "100");
        w.WriteString("leverageStep", "0.01");
        w.WriteEndObject();
        w.WriteStartObject("priceFilter");
        w.WriteString("minPrice", WireText.Of(instrument.TickSize));
        w.WriteString("maxPrice", WireText.Of(instrument.TickSize * 20_000_000));
        w.WriteString("tickSize", WireText.Of(instrument.TickSize));
        w.WriteEndObject();
        w.WriteStartObject("lotSizeFilter");
        w.WriteString("minOrderQty", WireText.Of(instrument.MinQuantity));
        w.WriteString("qtyStep", WireText.Of(instrument.QuantityStep));
        w.WriteString("maxOrderQty", WireText.Of(instrument.MaxQuantity));
        w.WriteString("maxMktOrderQty", WireText.Of(instrument.MaxMarketQuantity));
        w.WriteString("minNotionalValue", WireText.Of(instrument.MinNotional));
        w.WriteString("postOnlyMaxOrderQty", WireText.Of(instrument.MaxQuantity));
        w.WriteEndObject();
        w.WriteBoolean("unifiedMarginTrade", true);
        w.WriteNumber("fundingInterval", instrument.FundingIntervalMinutes);
        w.WriteString("copyTrading", "none");
        w.WriteString("upperFundingRate", "0.0075");
        w.WriteString("lowerFundingRate", "-0.0075");
        w.WriteBoolean("forbidUplWithdrawal", false);
        w.WriteBoolean("isPreListing", false);
        w.WriteNull("preListingInfo");
        w.WriteStartObject("riskParameters");
        w.WriteString("priceLimitRatioX", WireText.Of(OrderBook.Band));
        w.WriteString("priceLimitRatioY", "0.1");
        w.WriteEndObject();
        w.WriteBoolean("isPublicRpi", false);
        w.WriteEndObject();
    }

    // A number that tells contracts apart; stable for a name.
    private static int SymbolId(string symbol) => symbol.Aggregate(7, (sum, letter) => ((sum * 31) + letter) % 1_000_000);
}
