using System.Globalization;
using TicketBot.Domain;

namespace TicketBot.Trading.Risk;

/// <summary>What the risk engine looks at before an entry.</summary>
/// <param name="Instrument">Trading rules.</param>
/// <param name="Side">Side of the signal.</param>
/// <param name="LastPrice">Close price of the deciding candle.</param>
/// <param name="Equity">Mark-to-market equity.</param>
/// <param name="GrossNotional">Notional of all open positions and entries under way.</param>
/// <param name="Similarity">What size is scaled by, 0..1: the similarity to the ticket's training market, or less where drift limits the size; <c>null</c> when unknown.</param>
public readonly record struct RiskInput(
    Instrument Instrument, Side Side, double LastPrice, Money Equity, Money GrossNotional, double? Similarity);

/// <summary>The risk engine's answer. A closed family.</summary>
public abstract record RiskVerdict
{
    private RiskVerdict()
    {
    }

    /// <summary>The entry may be sent.</summary>
    /// <param name="Quantity">On the lot grid.</param>
    /// <param name="Stop">On the tick grid.</param>
    public sealed record Approved(Quantity Quantity, Price Stop) : RiskVerdict;

    /// <summary>The entry may not be sent.</summary>
    /// <param name="Code">Why.</param>
    /// <param name="Detail">Plain words with the numbers.</param>
    public sealed record Denied(DenialCode Code, string Detail) : RiskVerdict;
}

/// <summary>Sizes an entry or denies it; a pure function of its input and options.</summary>
/// <remarks>The cap is notional and rounded down to the lot step. It is taken at a price worsened by the assumed slippage, so
/// that a fill as expected stays below the cap; the impact of its own size is left out, being smaller than the price's way between decision and fill. The stop is rounded towards the entry, so that the planned loss stays below its limit.</remarks>
public static class RiskEngine
{
    /// <summary>Returns the size and stop of an entry, or why there is none.</summary>
    public static RiskVerdict Judge(in RiskInput input, TradingOptions options)
    {
        var instrument = input.Instrument;
        if (!instrument.IsTrading)
        {
            return Deny(DenialCode.InstrumentNotTrading, $"{instrument.Symbol} is not trading at the venue");
        }

        if (!(input.Side == Side.Buy ? options.AllowLong : options.AllowShort))
        {
            return Deny(DenialCode.SideNotAllowed, $"{(input.Side == Side.Buy ? "long" : "short")} positions are switched off");
        }

        if (input.Equity.Value <= 0)
        {
            return Deny(DenialCode.NoEquity, $"equity is {input.Equity}");
        }

        if (input.Similarity is not { } similarity || similarity < options.MinSimilarity)
        {
            return Deny(
                DenialCode.SimilarityTooLow,
                string.Create(CultureInfo.InvariantCulture, $"similarity {input.Similarity?.ToString("F3", CultureInfo.InvariantCulture) ?? "unknown"}, minimum {options.MinSimilarity:F3}"));
        }

        var price = (decimal)input.LastPrice;
        var worst = price * (1 + (options.Costs.SlippageBp / 10_000m));
        var cap = input.Equity.Value * options.MaxPositionFraction * (decimal)Math.Clamp(similarity, 0, 1);
        var room = (input.Equity.Value * options.MaxGrossFraction) - input.GrossNotional.Value;
        if (room <= 0)
        {
            return Deny(DenialCode.GrossCapReached, string.Create(CultureInfo.InvariantCulture, $"gross notional {input.GrossNotional.Value:F2} uses up the cap of {input.Equity.Value * options.MaxGrossFraction:F2}"));
        }

        var limit = Math.Min(cap, room);
        var quantity = instrument.FloorToLot(Math.Min(limit / worst, instrument.MaxMarketQuantity));
        if (quantity.Value < instrument.MinQuantity)
        {
            return Deny(
                room < cap ? DenialCode.GrossCapReached : DenialCode.BelowMinimumQuantity,
                string.Create(CultureInfo.InvariantCulture, $"cap {limit:F2} USDT buys {quantity} at {worst:F4}, minimum {instrument.MinQuantity}"));
        }

        var notional = quantity.Value * price;
        if (notional < instrument.MinNotional)
        {
            return Deny(DenialCode.BelowMinimumNotional, string.Create(CultureInfo.InvariantCulture, $"notional {notional:F2}, minimum {instrument.MinNotional}"));
        }

        return new RiskVerdict.Approved(quantity, StopFor(instrument, input.Side, price, options));
    }

    /// <summary>Returns the stop of a position of <paramref name="side"/> entered at <paramref name="price"/>.</summary>
    public static Price StopFor(Instrument instrument, Side side, decimal price, TradingOptions options) =>
        instrument.RoundToTick(price * (1 - (side.Sign() * options.StopLossFraction)), side.Opposite());

    private static RiskVerdict.Denied Deny(DenialCode code, string detail) => new(code, detail);
}
