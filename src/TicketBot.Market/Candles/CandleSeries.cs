using TicketBot.Domain;

namespace TicketBot.Market.Candles;

/// <summary>What became of a candle given to a series.</summary>
public enum AppendResult
{
    /// <summary>It follows the last one without a gap.</summary>
    Appended,

    /// <summary>It was there already with equal values; nothing changed.</summary>
    Duplicate,

    /// <summary>It replaced a candle of other values.</summary>
    Revised,

    /// <summary>It was appended, but candles between the last one and it are missing.</summary>
    AppendedAfterGap,

    /// <summary>It filled a gap.</summary>
    FilledGap,

    /// <summary>It is older than everything kept; nothing changed.</summary>
    TooOld,
}

/// <summary>The last candles of one symbol and interval as columns of double, oldest first, in open-time order whatever the order
/// of arrival; keeps at least <c>capacity</c> candles. Not safe for use by several threads; allocates nothing once full.</summary>
public sealed class CandleSeries
{
    /// <summary>Makes an empty series that keeps at least <paramref name="capacity"/> candles.</summary>
    public CandleSeries(Symbol symbol, Interval interval, int capacity) => throw new NotImplementedException();

    /// <summary>The contract.</summary>
    public Symbol Symbol => throw new NotImplementedException();

    /// <summary>The candle length.</summary>
    public Interval Interval => throw new NotImplementedException();

    /// <summary>Candles kept.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>Open times in Unix milliseconds, <c>[Count]</c>.</summary>
    public ReadOnlySpan<long> OpenTimes => throw new NotImplementedException();

    /// <summary>Open prices, <c>[Count]</c>; the other columns alike.</summary>
    public ReadOnlySpan<double> Open => throw new NotImplementedException();

    /// <summary>High prices.</summary>
    public ReadOnlySpan<double> High => throw new NotImplementedException();

    /// <summary>Low prices.</summary>
    public ReadOnlySpan<double> Low => throw new NotImplementedException();

    /// <summary>Close prices.</summary>
    public ReadOnlySpan<double> Close => throw new NotImplementedException();

    /// <summary>Volumes in base coin.</summary>
    public ReadOnlySpan<double> Volume => throw new NotImplementedException();

    /// <summary>Turnovers in quote coin.</summary>
    public ReadOnlySpan<double> Turnover => throw new NotImplementedException();

    /// <summary>Spread in basis points, NaN where not observed; the other observation columns alike.</summary>
    public ReadOnlySpan<double> SpreadBp => throw new NotImplementedException();

    /// <summary>Order book imbalance, -1..1.</summary>
    public ReadOnlySpan<double> BookImbalance => throw new NotImplementedException();

    /// <summary>Signed trade flow share, -1..1.</summary>
    public ReadOnlySpan<double> SignedFlow => throw new NotImplementedException();

    /// <summary>Funding rate.</summary>
    public ReadOnlySpan<double> FundingRate => throw new NotImplementedException();

    /// <summary>Adds a closed candle.</summary>
    /// <exception cref="ArgumentException">The candle is impossible (<see cref="Candle.Fault"/>) or off the interval's grid.</exception>
    public AppendResult Append(in Candle candle) => throw new NotImplementedException();

    /// <summary>Returns the index of the candle that opened at <paramref name="openTime"/>, or -1.</summary>
    public int IndexOf(Instant openTime) => throw new NotImplementedException();

    /// <summary>Whether the <paramref name="length"/> candles that end at index <paramref name="last"/> exist without a gap.</summary>
    public bool IsContiguous(int last, int length) => throw new NotImplementedException();

    /// <summary>Returns the candle at <paramref name="index"/>.</summary>
    public Candle this[int index] => throw new NotImplementedException();
}
