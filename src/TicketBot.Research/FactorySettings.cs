using System.Text.Json;
using TicketBot.Market;
using TicketBot.Trading;

namespace TicketBot.Research;

/// <summary>The settings a ticket was made with, as one canonical JSON text that its lineage keeps: whoever has the text and the candles can make the ticket again.</summary>
/// <param name="Research">How tickets are made and judged; threads and seed are not in the text, the former change no bit and the latter stands beside it.</param>
/// <param name="Market">Features and regimes.</param>
/// <param name="Trading">What of trading changes networks or gates.</param>
internal sealed record FactorySettings(ResearchOptions Research, MarketOptions Market, FactorySettings.TradingPart Trading)
{
    /// <summary>Options of trading that labels and gates look at.</summary>
    internal sealed record TradingPart(double ConfidenceThreshold, decimal StopLossFraction, bool AllowLong, bool AllowShort, CostOptions Costs, decimal MaxPositionFraction);

    /// <summary>Returns the canonical text.</summary>
    public static string TextOf(ResearchOptions research, MarketOptions market, TradingOptions trading)
    {
        var document = JsonSerializer.SerializeToNode(new FactorySettings(
            research, market, new TradingPart(trading.ConfidenceThreshold, trading.StopLossFraction, trading.AllowLong, trading.AllowShort, trading.Costs, trading.MaxPositionFraction)))!;
        var part = document[nameof(Research)]!.AsObject();
        part.Remove(nameof(ResearchOptions.Threads));
        part.Remove(nameof(ResearchOptions.Seed));
        if (research.Window == 1)
        {
            part.Remove(nameof(ResearchOptions.Window)); // As before there was one: tickets made then are made again from the same text.
        }

        return document.ToJsonString();
    }

    /// <summary>Returns the options of such a text.</summary>
    /// <exception cref="JsonException">It is no such text.</exception>
    public static (ResearchOptions Research, MarketOptions Market, TradingOptions Trading) Parse(string text)
    {
        var found = JsonSerializer.Deserialize<FactorySettings>(text) ?? throw new JsonException("the settings are null");
        var trading = new TradingOptions
        {
            ConfidenceThreshold = found.Trading.ConfidenceThreshold,
            StopLossFraction = found.Trading.StopLossFraction,
            AllowLong = found.Trading.AllowLong,
            AllowShort = found.Trading.AllowShort,
            Costs = found.Trading.Costs,
            MaxPositionFraction = found.Trading.MaxPositionFraction,
        };
        return (found.Research, found.Market, trading);
    }
}
