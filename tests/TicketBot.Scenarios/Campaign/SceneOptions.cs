using TicketBot.Bybit;
using TicketBot.Domain;
using TicketBot.Simulator;
using TicketBot.Simulator.Matching;
using TicketBot.Trading;

namespace TicketBot.Scenarios.Campaign;

/// <summary>What a scene is set with; everything else follows from its seed.</summary>
internal sealed record SceneOptions
{
    /// <summary>Twenty contracts.</summary>
    public static IReadOnlyList<string> Twenty { get; } =
    [
        "BTCUSDT", "ETHUSDT", "SOLUSDT", "BNBUSDT", "WIFUSDT", "XRPUSDT", "ADAUSDT", "DOGEUSDT", "LTCUSDT", "SUIUSDT",
        "1000PEPEUSDT", "TRUMPUSDT", "AAAUSDT", "BBBUSDT", "CCCUSDT", "DDDUSDT", "EEEUSDT", "FFFUSDT", "GGGUSDT", "HHHUSDT",
    ];

    /// <summary>Contracts, all traded.</summary>
    public IReadOnlyList<string> Symbols { get; init; } = ["BTCUSDT"];

    /// <summary>One-minute candles that are played, at least 5; on the last two no position is opened.</summary>
    public int LiveCandles { get; init; } = 8;

    /// <summary>Candles after which the tickets expire; <c>null</c> = two before the end.</summary>
    public int? EntryCandles { get; init; }

    /// <summary>Open of the first live candle; a full minute.</summary>
    public Instant Begin { get; init; } = Instant.From(new DateTimeOffset(2026, 3, 2, 6, 0, 0, TimeSpan.Zero));

    /// <summary>Market time of a tick in milliseconds; a divisor of a minute.</summary>
    public int TickMs { get; init; } = 500;

    /// <summary>Whether the files lie where a daemon with the scene's root as data folder looks for them.</summary>
    public bool InDaemonFolder { get; init; }

    /// <summary>Size of a file system of its own for the trader's files, which needs the rights of root; <c>null</c> = none.</summary>
    public int? DiskMegabytes { get; init; }

    /// <summary>Wall time that the whole play may take; <c>null</c> = a minute.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>Changes the trader's options.</summary>
    public Action<TradingOptions>? Trading { get; init; }

    /// <summary>Changes the connector's options.</summary>
    public Action<BybitOptions>? Bybit { get; init; }

    /// <summary>Changes the venue's options.</summary>
    public Action<SimulatorOptions>? Simulator { get; init; }

    /// <summary>Changes the venue's rules.</summary>
    public Func<VenueSettings, VenueSettings>? Venue { get; init; }
}
