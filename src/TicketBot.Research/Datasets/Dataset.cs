using System.Security.Cryptography;
using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Research.Labels;

namespace TicketBot.Research.Datasets;

/// <summary>Feature rows of one series with labels and the outcome of trading them, in the order of time. Immutable.</summary>
/// <remarks>A row is decided at the close of its candle t and reads nothing after it. Its label is 1 when the close of candle t+h lies above the
/// close of candle t, else 0. A row exists only where candles t+1..t+h+1 exist without a gap.</remarks>
public sealed class Dataset
{
    private readonly float[] _values;
    private readonly int[] _candles;
    private readonly int[] _labels;
    private readonly TradeOutcome[] _outcomes;

    private Dataset(CandleSeries series, FeatureSchema schema, int horizon, float[] values, int[] candles, int[] labels, TradeOutcome[] outcomes, string hash)
    {
        Series = series;
        Schema = schema;
        Horizon = horizon;
        _values = values;
        _candles = candles;
        _labels = labels;
        _outcomes = outcomes;
        Hash = hash;
    }

    /// <summary>The candles.</summary>
    public CandleSeries Series { get; }

    /// <summary>The features.</summary>
    public FeatureSchema Schema { get; }

    /// <summary>Candles between decision and label.</summary>
    public int Horizon { get; }

    /// <summary>Rows.</summary>
    public int Rows => _candles.Length;

    /// <summary>Features of a row.</summary>
    public int Features => Schema.Names.Count;

    /// <summary>SHA-256 (hex) of the candles, the schema, the horizon and the stop: equal hashes, equal datasets.</summary>
    public string Hash { get; }

    /// <summary>Unscaled features, <c>[rows, features]</c> row-major.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Index of each row's candle in <see cref="Series"/>, ascending.</summary>
    public ReadOnlySpan<int> Candles => _candles;

    /// <summary>Labels: 1 = up, 0 = not up.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>What trades of each row bring.</summary>
    public ReadOnlySpan<TradeOutcome> Outcomes => _outcomes;

    /// <summary>Returns the unscaled features of a row.</summary>
    public ReadOnlySpan<float> Row(int row) => _values.AsSpan(row * Features, Features);

    /// <summary>Returns the open time of a row's candle.</summary>
    public Instant OpenOf(int row) => new(Series.OpenTimes[_candles[row]]);

    /// <summary>Returns the close time of a row's candle: when the row is decided.</summary>
    public Instant CloseOf(int row) => Series.Interval.CloseOf(OpenOf(row));

    /// <summary>Returns the candles that a row's label looks at; its <see cref="TradeOutcome"/> reads the open of the candle after them as well.</summary>
    public LabelSpan LabelSpanOf(int row) => LabelSpan.After(_candles[row], Horizon);

    /// <summary>Makes the dataset of the candles that have closed by <paramref name="asOf"/>.</summary>
    /// <param name="series">Candles; later ones than <paramref name="asOf"/> are not read.</param>
    /// <param name="reference">The reference symbol's candles where the schema has one.</param>
    /// <param name="schema">The features.</param>
    /// <param name="horizon">Candles between decision and label, at least 1.</param>
    /// <param name="stopFraction">Distance of the stop from the entry as a fraction.</param>
    /// <param name="asOf">Market time.</param>
    public static Dataset Of(CandleSeries series, CandleSeries? reference, FeatureSchema schema, int horizon, double stopFraction, Instant asOf)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        var closed = series.Count;
        while (closed > 0 && series.Interval.CloseOf(new Instant(series.OpenTimes[closed - 1])) > asOf)
        {
            closed--;
        }

        var table = FeatureTable.Build(schema, series, reference);
        var features = schema.Names.Count;
        var values = new float[table.Rows * features];
        var candles = new int[table.Rows];
        var labels = new int[table.Rows];
        var outcomes = new TradeOutcome[table.Rows];
        var rows = 0;
        for (var source = 0; source < table.Rows; source++)
        {
            var candle = table.CandleOfRow[source];
            if (candle + horizon + 1 >= closed || !series.IsContiguous(candle + horizon + 1, horizon + 2))
            {
                continue;
            }

            table.Row(source).CopyTo(values.AsSpan(rows * features));
            candles[rows] = candle;
            labels[rows] = DirectionLabel.Of(series, candle, horizon);
            outcomes[rows] = TradeOutcome.At(series, candle, horizon, stopFraction);
            rows++;
        }

        return new Dataset(
            series, schema, horizon, values[..(rows * features)], candles[..rows], labels[..rows], outcomes[..rows],
            HashOf(series, reference, closed, schema, horizon, stopFraction));
    }

    private static string HashOf(CandleSeries series, CandleSeries? reference, int closed, FeatureSchema schema, int horizon, double stopFraction)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendCandles(hash, series, closed);
        if (reference is not null)
        {
            AppendCandles(hash, reference, reference.Count);
        }

        hash.AppendData(Convert.FromHexString(schema.Hash));
        hash.AppendData(BitConverter.GetBytes(horizon));
        hash.AppendData(BitConverter.GetBytes(stopFraction));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AppendCandles(IncrementalHash hash, CandleSeries series, int count)
    {
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{series.Symbol} {series.Interval} {count}\n"));
        if (series.Hours != TradingHours.Always)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{series.Hours}\n"));
        }

        hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(series.OpenTimes[..count]));
        foreach (var column in (ReadOnlySpan<int>)[0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
        {
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Column(series, column)[..count]));
        }
    }

    private static ReadOnlySpan<double> Column(CandleSeries series, int column) => column switch
    {
        0 => series.Open,
        1 => series.High,
        2 => series.Low,
        3 => series.Close,
        4 => series.Volume,
        5 => series.Turnover,
        6 => series.SpreadBp,
        7 => series.BookImbalance,
        8 => series.SignedFlow,
        _ => series.FundingRate,
    };
}
