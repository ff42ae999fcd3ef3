using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Domain;
using TicketBot.Market;
using TicketBot.Simulator.Markets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Research.Tests;

/// <summary>Small generated markets and a factory with short trainings.</summary>
internal static class Markets
{
    public static readonly Symbol Symbol = new("BTCUSDT");
    public static readonly Interval Interval = Interval.FifteenMinutes;

    public static GeneratedMarket Generated(string spec, ulong seed, int candles) =>
        new(MarketSpec.Parse(spec), [Symbol], Interval, seed, candles, new Instant(1_750_000_500_000));

    public static SearchInput Input(string spec, ulong seed, int candles)
    {
        var market = Generated(spec, seed, candles);
        return new SearchInput
        {
            Symbol = Symbol,
            Interval = Interval,
            Candles = market.History(new SeriesKey(Symbol, Interval)),
            AsOf = market.LiveFrom,
            Seed = seed,
        };
    }

    public static ResearchOptions Options(int threads = 1) => new()
    {
        Threads = threads,
        Epochs = 40,
        RandomMaskDraws = 2,
        ControlSeeds = 6,
        AllowSparseNetworks = true,
        MinTrades = 60,
        MinReplayFills = 40,
        Densities = "0.2,0.05",
    };

    public static TradingOptions Trading() => new() { Symbols = [Symbol.Value] };

    public static TicketFactory Factory(ResearchOptions options) =>
        new(options, new MarketOptions(), Trading(), TimeProvider.System, NullLogger<TicketFactory>.Instance);
}
