using TicketBot.Domain;

namespace TicketBot.Market.Tests.Regimes;

/// <summary>Candles of three planted regimes: calm without drift, turbulent falling, turbulent rising.</summary>
internal static class PlantedRegimes
{
    public static readonly (double Drift, double Volatility)[] States = [(0, 0.002), (-0.002, 0.006), (0.002, 0.006)];

    /// <summary>Returns candles with the planted state of each; a state lasts <paramref name="stay"/> candles on average.</summary>
    public static (List<Candle> Candles, List<int> States) Make(ulong seed, int count, int stay = 250)
    {
        var chance = new Chance(seed);
        var candles = new List<Candle>(count);
        var states = new List<int>(count);
        var price = 100.0;
        var state = 0;
        for (var i = 0; i < count; i++)
        {
            if (chance.Uniform() < 1.0 / stay)
            {
                state = (state + 1 + chance.Below(2)) % 3;
            }

            var (drift, volatility) = States[state];
            candles.Add(MarketData.Next(chance, i, ref price, drift + (volatility * chance.Normal()), volatility, observed: false));
            states.Add(state);
        }

        return (candles, states);
    }
}
