using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Tests.Matching;

/// <summary>Small markets and orders for tests.</summary>
internal static class Flat
{
    internal static readonly Symbol Btc = new("BTCUSDT");
    internal static readonly SeriesKey Series = new(Btc, Interval.FifteenMinutes);
    internal static readonly Instant Start = new(1_700_006_400_000); // 2023-11-15T00:00:00Z

    /// <summary>A replay of one history candle at 50,000 and the given (open, high, low, close) candles after it.</summary>
    internal static ReplayMarket Market(params (double Open, double High, double Low, double Close)[] rows)
    {
        var candles = new List<Candle> { new(Start.Plus(-900_000), 50_000, 50_000, 50_000, 50_000, 1, 50_000) };
        candles.AddRange(rows.Select((r, i) => new Candle(Start.Plus(i * 900_000L), r.Open, r.High, r.Low, r.Close, 1, r.Close)));
        return new ReplayMarket(new Dictionary<SeriesKey, IReadOnlyList<Candle>> { [Series] = candles }, Start);
    }

    // Its candles turn over a coin or so, where size would cost more than everything these tests are about: impact has tests of its own.
    internal static VenueSettings Settings(decimal fundingBp = 1) => new() { Costs = new CostOptions { FundingBp = fundingBp, ImpactCoefficient = 0 } };

    internal static NewOrder Order(Side side, decimal quantity, string link = "", decimal? stop = null, bool reduceOnly = false) => new()
    {
        Symbol = Btc, Side = side, Type = OrderType.Market, Quantity = quantity, LinkId = link, StopLoss = stop, ReduceOnly = reduceOnly,
    };

    internal static NewOrder Limit(Side side, decimal quantity, decimal price, TimeInForce time = TimeInForce.GTC, bool reduceOnly = false) => new()
    {
        Symbol = Btc, Side = side, Type = OrderType.Limit, Quantity = quantity, Price = price, TimeInForce = time, ReduceOnly = reduceOnly,
    };
}
