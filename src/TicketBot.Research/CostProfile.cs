using System.Globalization;
using System.Text.Json;
using TicketBot.Market.Candles;
using TicketBot.Trading;

namespace TicketBot.Research;

/// <summary>Whose costs a series is judged and played at: told by when its market trades, which its file's name says.</summary>
/// <param name="Name"><c>crypto</c>, <c>equity</c> or <c>forex</c>.</param>
/// <param name="Section">Where the costs stand in the configuration.</param>
/// <param name="Costs">The costs.</param>
/// <param name="IsTradable">Whether tickets judged at them can trade at all: the only venue is Bybit.</param>
public sealed record CostProfile(string Name, string Section, CostOptions Costs, bool IsTradable)
{
    /// <summary>Returns the profile of a market.</summary>
    /// <param name="hours">When it trades.</param>
    /// <param name="trading">Costs of crypto.</param>
    /// <param name="research">Costs of the others.</param>
    public static CostProfile Of(TradingHours hours, TradingOptions trading, ResearchOptions research) =>
        hours == TradingHours.Sessions ? new CostProfile("equity", "Research:VenueCosts:Equity", research.VenueCosts.Equity, false)
        : hours == TradingHours.Weekdays ? new CostProfile("forex", "Research:VenueCosts:Forex", research.VenueCosts.Forex, false)
        : new CostProfile("crypto", "Trading:Costs", trading.Costs, true);

    /// <summary>Returns the options with these costs; the same object where they have them already.</summary>
    public TradingOptions ApplyTo(TradingOptions trading)
    {
        if (ReferenceEquals(Costs, trading.Costs))
        {
            return trading;
        }

        var copy = JsonSerializer.Deserialize<TradingOptions>(JsonSerializer.Serialize(trading))!;
        copy.Costs = Costs;
        return copy;
    }

    /// <summary>Returns which costs they are and, where nothing can be traded at them, that.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"costs of {Name} ({Section}): taker {Costs.TakerFeeBp:0.##} bp, slippage {Costs.SlippageBp:0.##} bp, impact coefficient {Costs.ImpactCoefficient:0.##} beyond {Costs.ImpactFreeNotional:0.##} in quote coin, funding {Costs.FundingBp:0.##} bp a settlement{(IsTradable ? "" : $"; tickets of {Name} cannot trade: Bybit is the only venue this bot knows")}");
}
