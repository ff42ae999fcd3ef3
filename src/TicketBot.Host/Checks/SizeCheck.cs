using System.Globalization;
using TicketBot.Domain;
using TicketBot.Trading;

namespace TicketBot.Host.Checks;

/// <summary>Refuses sizes that the exchange cannot take: the smallest order of a contract against the largest position allowed.</summary>
public static class SizeCheck
{
    /// <summary>Returns the verdict for one contract.</summary>
    /// <param name="instrument">Its rules.</param>
    /// <param name="price">A price it trades at, above zero.</param>
    /// <param name="equity">Equity of the account in settlement coin.</param>
    /// <param name="options">Limits.</param>
    public static Finding Of(Instrument instrument, decimal price, decimal equity, TradingOptions options)
    {
        var smallest = Smallest(instrument, price) * price;
        var allowed = equity * options.MaxPositionFraction;
        var name = $"size of {instrument.Symbol}";
        var sum = Text($"{options.MaxPositionFraction:P2} of equity {equity:0.##} is {allowed:0.##} USDT; the smallest order of {instrument.Symbol} is {Smallest(instrument, price)} x {price} = {smallest:0.##} USDT");
        if (smallest > allowed)
        {
            var equityNeeded = decimal.Ceiling(smallest / options.MaxPositionFraction);
            var fractionNeeded = decimal.Ceiling(smallest / equity * 10_000) / 10_000;
            return new Finding(
                name, false,
                sum + Text($": no position can be opened. Needed is an equity of at least {equityNeeded:0} USDT")
                + (fractionNeeded <= 1 ? Text($", or Trading:MaxPositionFraction of at least {fractionNeeded}") : "") + ", or a contract with smaller orders");
        }

        // Sizes are scaled down by similarity; the smallest scale at which something is still bought is worth knowing.
        var scale = smallest / allowed;
        return new Finding(
            name, true,
            sum + (scale > (decimal)options.MinSimilarity ? Text($"; below a similarity of {scale:0.00} the scaled size is too small to send") : ""));
    }

    private static decimal Smallest(Instrument instrument, decimal price)
    {
        var byNotional = decimal.Ceiling(instrument.MinNotional / price / instrument.QuantityStep) * instrument.QuantityStep;
        return Math.Max(instrument.MinQuantity, byNotional);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
