using System.Security.Cryptography;
using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Research.Labels;

namespace TicketBot.Research.Datasets;

/// <summary>Feature rows of one series with labels and the outcome of trading them, in the order of time. Immutable.</summary>
/// <remarks>A row is decided at the close of its candle t and reads nothing after it. Its label is 1 when the close of candle t+h lies above the
/// close of candle t, else 0. A row exists only where candles t+1..t+h+1 exist without a gap, and, with a window, where the candles before it have features without a gap.</remarks>
public sealed class Dataset
{
    private readonly float[] _values;
    private readonly int[] _steps;
    private readonly int[] _candles;
    private readonly int[] _labels;
    private readonly TradeOutcome[] _outcomes;

    private Dataset(CandleSeries series, FeatureSchema schema, int horizon, int window, float[] values, int[] steps, int[] candles, int[] labels, TradeOutcome[] outcomes, string hash)
    {
        Window = window;
        _steps = steps;
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

    /// <summary>Steps that a row reaches back, its own included: candles whose features a network reads at once, at least 1.</summary>
    public int Window { get; }

    /// <summary>Candles that a row looks at: those of its oldest step's features and its steps.</summary>
    public int Lookback => Schema.Window + Window - 1;

    /// <summary>Rows.</summary>
    public int Rows => _candles.Length;

    /// <summary>Features of a step.</summary>
    public int Features => Schema.Names.Count;

    /// <summary>SHA-256 (hex) of the candles, the schema, the horizon, the stop and the window: equal hashes, equal datasets.</summary>
    public string Hash { get; }

    /// <summary>Unscaled features, <c>[steps, features]</c> row-major, oldest step first; with a window of one step, the rows and nothing else.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Index of each row's candle in <see cref="Series"/>, ascending.</summary>
    public ReadOnlySpan<int> Candles => _candles;

    /// <summary>Labels: 1 = up, 0 = not up.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>What trades of each row bring.</summary>
    public ReadOnlySpan<TradeOutcome> Outcomes => _outcomes;

    /// <summary>Returns the unscaled features of a row's own step.</summary>
    public ReadOnlySpan<float> Row(int row) => WindowOf(row, 1);

    /// <summary>Returns the unscaled features of a row's newest steps, <c>[steps, features]</c>, oldest first.</summary>
    /// <param name="row">The row.</param>
    /// <param name="steps">How many, 1 to <see cref="Window"/>.</param>
    public ReadOnlySpan<float> WindowOf(int row, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, Window);
        return _values.AsSpan((_steps[row] - steps + 1) * Features, steps * Features);
    }

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
    /// <param name="window">Steps that a row reaches back, at least 1.</param>
    public static Dataset Of(CandleSeries series, CandleSeries? reference, FeatureSchema schema, int horizon, double stopFraction, Instant asOf, int window = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        var closed = series.Count;
        while (closed > 0 && series.Interval.CloseOf(new Instant(series.OpenTimes[closed - 1])) > asOf)
        {
            closed--;
        }

        var table = FeatureTable.Build(schema, series, reference);
        var features = schema.Names.Count;
        var values = new float[table.Rows * features];
        var steps = new int[table.Rows];
        var candles = new int[table.Rows];
        var labels = new int[table.Rows];
        var outcomes = new TradeOutcome[table.Rows];
        var (rows, kept) = (0, 0);
        for (var source = 0; source < table.Rows; source++)
        {
            var candle = table.CandleOfRow[source];
            var isRow = candle + horizon + 1 < closed && series.IsContiguous(candle + horizon + 1, horizon + 2);
            if (candle >= closed || (!isRow && window == 1))
            {
                continue;
            }

            table.Row(source).CopyTo(values.AsSpan(kept++ * features));
            if (!isRow || source < window - 1 || table.CandleOfRow[source - window + 1] != candle - window + 1 || !series.IsContiguous(candle, window))
            {
                continue;
            }

            steps[rows] = kept - 1;
            candles[rows] = candle;
            labels[rows] = DirectionLabel.Of(series, candle, horizon);
            outcomes[rows] = TradeOutcome.At(series, candle, horizon, stopFraction);
            rows++;
        }

        return new Dataset(
            series, schema, horizon, window, values[..(kept * features)], steps[..rows], candles[..rows], labels[..rows], outcomes[..rows],
            HashOf(series, reference, closed, schema, horizon, stopFraction, window));
    }

    private static string HashOf(CandleSeries series, CandleSeries? reference, int closed, FeatureSchema schema, int horizon, double stopFraction, int window)
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
        if (window != 1)
        {
            hash.AppendData(BitConverter.GetBytes(window));
        }

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
