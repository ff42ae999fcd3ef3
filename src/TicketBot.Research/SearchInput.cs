using TicketBot.Domain;
using TicketBot.Market.Candles;

namespace TicketBot.Research;

/// <summary>What a search looks at.</summary>
public sealed record SearchInput
{
    /// <summary>The contract.</summary>
    public required Symbol Symbol { get; init; }

    /// <summary>The candle length.</summary>
    public required Interval Interval { get; init; }

    /// <summary>When the market trades. One that closes can be judged, but none of its tickets can be admitted: the trading core knows venues that never close.</summary>
    public TradingHours Hours { get; init; } = TradingHours.Always;

    /// <summary>Closed candles, ascending; only the newest <see cref="ResearchOptions.HistoryCandles"/> that closed by <see cref="AsOf"/> are read.</summary>
    public required IReadOnlyList<Candle> Candles { get; init; }

    /// <summary>Candles of the reference symbol, ascending, or <c>null</c> where the options name none.</summary>
    public IReadOnlyList<Candle>? ReferenceCandles { get; init; }

    /// <summary>Market time: nothing that closed later is read.</summary>
    public required Instant AsOf { get; init; }

    /// <summary>Seed of all chance; <c>null</c> takes the option's.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Whether gates after a refusal are asked too. The verdict is the same; each gate's own power is then known. Default false.</summary>
    public bool AsksEveryGate { get; init; }
}
