using System.Collections.Immutable;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Markets;

/// <summary>A candle and the series it belongs to.</summary>
/// <param name="Series">Symbol and interval.</param>
/// <param name="Candle">The candle.</param>
public readonly record struct SeriesCandle(SeriesKey Series, Candle Candle);

/// <summary>Everything that happens at one market time: candles close, or a tick passes.</summary>
/// <param name="Time">The market time.</param>
/// <param name="Candles">The candles that close then, ordered by symbol and interval; none when a tick passes inside all of them.</param>
public sealed record MarketStep(Instant Time, ImmutableArray<SeriesCandle> Candles)
{
    /// <summary>Milliseconds of a tick; 0 = the closing candles are played whole.</summary>
    public int TickMs { get; init; }

    /// <summary>With ticks, the candles whose path leads to <see cref="Time"/>, one per contract that trades, those that close now among them.</summary>
    public IReadOnlyList<SeriesCandle> UnderWay { get; init; } = [];
}

/// <summary>A recorded rate of a funding settlement.</summary>
/// <param name="Time">When it was settled.</param>
/// <param name="Rate">Fraction of the position's value that longs pay shorts.</param>
public readonly record struct FundingRate(Instant Time, decimal Rate);

/// <summary>Where candles come from: a description that can be started any number of times and gives the same candles each time.
/// A closed family: <see cref="ReplayMarket"/>, <see cref="GeneratedMarket"/>.</summary>
public abstract class MarketSource
{
    private protected MarketSource()
    {
    }

    /// <summary>A text that is equal for two sources exactly when they give the same candles.</summary>
    public abstract string Fingerprint { get; }

    /// <summary>What an operator is told about this market, one sentence.</summary>
    public abstract string Description { get; }

    /// <summary>The series, ordered by symbol and interval.</summary>
    public abstract IReadOnlyList<SeriesKey> Series { get; }

    /// <summary>Market time before the first step: everything of the history has closed by then.</summary>
    public abstract Instant LiveFrom { get; }

    /// <summary>Returns the candles of a series that are history when the market starts, ascending.</summary>
    /// <exception cref="ArgumentException">The series is not one of this market's.</exception>
    public abstract IReadOnlyList<Candle> History(SeriesKey series);

    /// <summary>Returns all candles of a series where the market has them from the start, its history first, else <c>null</c>.</summary>
    internal virtual IReadOnlyList<Candle>? Recorded(SeriesKey series) => null;

    /// <summary>Returns the live part from its beginning, step by step; unbounded for a generated market.</summary>
    public abstract IEnumerable<MarketStep> Steps();

    /// <summary>The shortest series of each symbol, which moves its price; ordered by symbol.</summary>
    internal IEnumerable<SeriesKey> FinestSeries =>
        Series.GroupBy(s => s.Symbol).Select(g => g.MinBy(s => s.Interval.NominalMilliseconds));

    /// <summary>Orders series by symbol, then by length.</summary>
    internal static int Compare(SeriesKey left, SeriesKey right)
    {
        var bySymbol = left.Symbol.CompareTo(right.Symbol);
        return bySymbol != 0 ? bySymbol : left.Interval.NominalMilliseconds.CompareTo(right.Interval.NominalMilliseconds);
    }
}
