using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TicketBot.Domain;
using TicketBot.Market.Candles;

namespace TicketBot.Market.Features;

/// <summary>Turns the last W candles into one row of features: the only such code, used live and in research. Not safe for use by
/// several threads; allocates nothing per row after warm-up.</summary>
/// <remarks>Every sum starts at the first candle of its own window, so a row has the same bits whatever came before the window.</remarks>
public sealed class FeatureBuilder
{
    private const double VolatilityFloor = 1e-6; // A hundredth of a basis point per candle: below it a market stands still.
    private const double LogRatioCap = 7;        // A thousand times the usual volume and more look alike.
    private const double StandardCap = 20;       // Twenty deviations and more look alike.
    private const int LongestStreak = 8;         // Longer ones look alike.
    private const int Lags = 4;                  // Candles before the last one that are shown one by one.
    private const int BurstLags = 2;             // The same of their volumes.

    private readonly LogWindow _own;
    private readonly LogWindow _other;
    private readonly SlidingAverages _averages;
    private double _deviation; // Of the newest 32 returns of the window shown last: what the next window's shock is measured against.

    /// <summary>Makes a builder for <paramref name="schema"/>.</summary>
    public FeatureBuilder(FeatureSchema schema)
    {
        Schema = schema;
        _own = new LogWindow(schema.Window);
        _other = new LogWindow(schema.Window);
        _averages = new SlidingAverages(schema.Window);
    }

    /// <summary>The schema.</summary>
    public FeatureSchema Schema { get; }

    /// <summary>Writes the unscaled row of the candle at <paramref name="index"/>.</summary>
    /// <param name="series">The symbol's candles.</param>
    /// <param name="reference">The reference symbol's candles; ignored when the schema has no reference.</param>
    /// <param name="index">Index of the row's candle in <paramref name="series"/>.</param>
    /// <param name="destination"><c>[Schema.Names.Count]</c>; undefined unless Ready is returned.</param>
    /// <exception cref="ArgumentException">The destination has another length, or the reference series is of another symbol or interval.</exception>
    public FeatureStatus Build(CandleSeries series, CandleSeries? reference, int index, Span<float> destination)
    {
        if (destination.Length != Schema.Names.Count)
        {
            throw new ArgumentException(
                $"a row of this schema has {Schema.Names.Count} features, the destination had {destination.Length}", nameof(destination));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, series.Count);
        var window = Schema.Window;
        var first = index - window + 1;
        if (first < 0)
        {
            return FeatureStatus.TooFewCandles;
        }

        if (!series.IsContiguous(index, window))
        {
            return FeatureStatus.GapInWindow;
        }

        var referenceLast = -1;
        if (Schema.Reference is { } symbol && !TryFindReference(series, reference, symbol, index, out referenceLast))
        {
            return FeatureStatus.ReferenceMissing;
        }

        var known = _own.Show(series.Close.Slice(first, window));
        var usual = known == window - 1 ? _deviation : Indicators.Deviation(_own.Returns[^33..^1]);
        var row = new Row(destination);
        var averages = _averages.Show(series.Close.Slice(first, window), known);
        WritePrices(ref row, series.Close.Slice(first, window), averages);
        WriteVolumes(ref row, series, first, window, averages);
        WriteShape(ref row, series, index, usual);
        if (Schema.UsesObservations && !TryWriteObservations(ref row, series, index))
        {
            return FeatureStatus.ObservationMissing;
        }

        if (referenceLast >= 0)
        {
            _other.Show(reference!.Close.Slice(referenceLast - window + 1, window));
            WriteReference(ref row);
        }

        return row.IsFinite(Schema.Names.Count) ? FeatureStatus.Ready : FeatureStatus.NotFinite;
    }

    /// <summary>Returns the SHA-256 of a row's bits (hex, first 16 digits): what the decision journal calls the feature hash.</summary>
    /// <remarks>The bits are taken as little-endian floats, the layout of every machine this runs on.</remarks>
    public static string HashOf(ReadOnlySpan<float> row)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(row), hash);
        return Convert.ToHexStringLower(hash[..8]);
    }

    private bool TryFindReference(CandleSeries series, CandleSeries? reference, Symbol symbol, int index, out int last)
    {
        last = -1;
        if (reference is null)
        {
            return false;
        }

        if (reference.Symbol != symbol || reference.Interval != series.Interval)
        {
            throw new ArgumentException(
                $"the reference series must be {symbol} {series.Interval}, was {reference.Symbol} {reference.Interval}", nameof(reference));
        }

        last = reference.IndexOf(new Instant(series.OpenTimes[index]));
        return last >= 0 && reference.IsContiguous(last, Schema.Window);
    }

    private void WritePrices(ref Row row, ReadOnlySpan<double> close, in CloseAverages averages)
    {
        var last = close[^1];
        row.Add(ReturnOver(_own.Logs, 1));
        row.Add(ReturnOver(_own.Logs, 2));
        row.Add(ReturnOver(_own.Logs, 4));
        row.Add(ReturnOver(_own.Logs, 8));
        row.Add(ReturnOver(_own.Logs, 16));

        var volatility = Indicators.Deviation(Last(_own.Returns, 96));
        row.Add(LogVolatility(Indicators.Deviation(Last(_own.Returns, 8))));
        _deviation = Indicators.Deviation(Last(_own.Returns, 32));
        row.Add(LogVolatility(_deviation));
        row.Add(LogVolatility(volatility));

        row.Add(Indicators.Standardised(ReturnOver(_own.Logs, 12), volatility * Math.Sqrt(12), StandardCap));
        row.Add(Indicators.Standardised(ReturnOver(_own.Logs, 48), volatility * Math.Sqrt(48), StandardCap));
        row.Add((last / close[^25]) - 1);
        row.Add((last / close[^97]) - 1);

        row.Add((last / Indicators.Mean(Last(close, 20))) - 1);
        row.Add((last / Indicators.Mean(Last(close, 100))) - 1);
        row.Add((last / averages.Fast) - 1);
        row.Add((last / averages.Long) - 1);
    }

    private static void WriteVolumes(ref Row row, CandleSeries series, int first, int window, in CloseAverages averages)
    {
        var close = series.Close.Slice(first, window);
        var volume = series.Volume.Slice(first, window);
        row.Add(Indicators.LogRatio(Indicators.Mean(Last(volume, 4)), Indicators.Mean(Last(volume, 64)), LogRatioCap));
        var vwap = Indicators.Vwap(
            Last(series.High.Slice(first, window), 64), Last(series.Low.Slice(first, window), 64), Last(close, 64), Last(volume, 64));
        row.Add((close[^1] / vwap) - 1);
        row.Add(Indicators.ObvSlope(Last(close, 32), Last(volume, 32)));

        row.Add(averages.Strength);
        row.Add(averages.Macd.Line / close[^1]);
        row.Add(averages.Macd.Signal / close[^1]);
        row.Add(averages.Macd.Histogram / close[^1]);
        row.Add(Indicators.BollingerPosition(Last(close, 20)));
    }

    private void WriteShape(ref Row row, CandleSeries series, int index, double deviation)
    {
        var open = series.Open[index];
        var high = series.High[index];
        var low = series.Low[index];
        var close = series.Close[index];
        var range = high - low;
        row.Add(range > 0 ? (close - open) / range : 0);
        row.Add(Math.Log(high / low));
        row.Add(range > 0 ? ((close - low) - (high - close)) / range : 0);

        // What is unusual about the last candle is measured against the 32 candles before it, not against itself.
        var usual = Indicators.Mean(series.Volume.Slice(index - 32, 32));
        var burst = Indicators.LogRatio(series.Volume[index], usual, LogRatioCap);
        var shock = Indicators.Standardised(_own.Returns[^1], deviation, StandardCap);
        row.Add(burst);
        row.Add(shock);
        row.Add(burst * shock);
        WritePattern(ref row, series, index, deviation, usual);
    }

    // The candles before the last one by one, how long the closes have gone one way, where the close stands among recent extremes, and the time of day.
    private void WritePattern(ref Row row, CandleSeries series, int index, double deviation, double usual)
    {
        for (var back = 1; back <= Lags; back++)
        {
            row.Add(Indicators.Standardised(_own.Returns[^(back + 1)], deviation, StandardCap));
        }

        row.Add((double)Indicators.Streak(_own.Returns, LongestStreak) / LongestStreak);
        row.Add(Indicators.ChannelPosition(series.High.Slice(index - 19, 20), series.Low.Slice(index - 19, 20), series.Close[index]));
        row.Add(Indicators.ChannelPosition(series.High.Slice(index - 49, 50), series.Low.Slice(index - 49, 50), series.Close[index]));
        for (var back = 0; back <= BurstLags; back++)
        {
            var burst = Indicators.LogRatio(series.Volume[index - back], usual, LogRatioCap);
            if (back > 0)
            {
                row.Add(burst);
            }

            row.Add(burst * Math.Sign(_own.Returns[^(back + 1)]));
        }

        var closes = series.Interval.CloseOf(new Instant(series.OpenTimes[index])).UnixMilliseconds;
        var hour = 2 * Math.PI * (closes % Instant.MillisecondsPerDay) / Instant.MillisecondsPerDay;
        row.Add(Math.Sin(hour));
        row.Add(Math.Cos(hour));
    }

    private static bool TryWriteObservations(ref Row row, CandleSeries series, int index)
    {
        const int n = FeatureSchema.ObservationWindow;
        var spread = series.SpreadBp.Slice(index - n + 1, n);
        var imbalance = series.BookImbalance.Slice(index - n + 1, n);
        var flow = series.SignedFlow.Slice(index - n + 1, n);
        for (var i = 0; i < n; i++)
        {
            if (double.IsNaN(spread[i]) || double.IsNaN(imbalance[i]) || double.IsNaN(flow[i]))
            {
                return false;
            }
        }

        // A crossed book has a negative spread for a moment; for the cost of trading it counts as none.
        var last = Math.Max(spread[^1], 0);
        row.Add(Math.Log(1 + last));
        row.Add(Indicators.LogRatio(last, Math.Max(Indicators.Mean(spread), 0), LogRatioCap));
        row.Add(imbalance[^1]);
        row.Add(Indicators.Mean(imbalance));
        row.Add(flow[^1]);
        row.Add(Indicators.Mean(flow));
        return true;
    }

    private void WriteReference(ref Row row)
    {
        row.Add(ReturnOver(_other.Logs, 1));
        row.Add(ReturnOver(_other.Logs, 4));
        var (correlation, beta) = Indicators.Dependence(Last(_own.Returns, 96), Last(_other.Returns, 96));
        row.Add(correlation);
        row.Add(beta);
        row.Add(ReturnOver(_own.Logs, 16) - ReturnOver(_other.Logs, 16));
        row.Add(ReturnOver(_own.Logs, 64) - ReturnOver(_other.Logs, 64));
    }

    private static double LogVolatility(double deviation) => Math.Log(Math.Max(deviation, VolatilityFloor));

    private static double ReturnOver(ReadOnlySpan<double> logs, int candles) => logs[^1] - logs[^(candles + 1)];

    private static ReadOnlySpan<double> Last(ReadOnlySpan<double> values, int count) => values[^count..];

    /// <summary>The row being written, one feature after the other: the only crossing from double to float.</summary>
    private ref struct Row(Span<float> destination)
    {
        private readonly Span<float> _destination = destination;
        private int _next;

        public void Add(double value) => _destination[_next++] = (float)value;

        public readonly bool IsFinite(int features)
        {
            if (_next != features)
            {
                throw new InvalidOperationException($"Invariant: the schema names {features} features, {_next} were written");
            }

            foreach (var value in _destination)
            {
                if (!float.IsFinite(value))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
