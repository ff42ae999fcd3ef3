using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Markets;

/// <summary>Recorded candles played again, several series merged by close time; the first part is history.</summary>
public sealed class ReplayMarket : MarketSource
{
    private static readonly Instant End = new(long.MaxValue);
    private readonly SortedList<SeriesKey, IReadOnlyList<Candle>> _candles = new(Comparer<SeriesKey>.Create(Compare));
    private readonly Dictionary<SeriesKey, int> _liveIndex = [];
    private string? _fingerprint;

    /// <summary>Makes a replay whose history is the first <paramref name="historyFraction"/> of all close times.</summary>
    /// <param name="series">Candles by series, ascending by open time.</param>
    /// <param name="historyFraction">0 to 1.</param>
    /// <exception cref="ArgumentException">A series is empty, unordered, off its grid or holds an impossible candle; the message names the row.</exception>
    public ReplayMarket(IReadOnlyDictionary<SeriesKey, IReadOnlyList<Candle>> series, double historyFraction)
        : this(series, CutAt(series, historyFraction))
    {
    }

    /// <summary>Makes a replay whose history is everything that closed by <paramref name="liveFrom"/>.</summary>
    /// <param name="series">Candles by series, ascending by open time.</param>
    /// <param name="liveFrom">Market time before the first step.</param>
    /// <exception cref="ArgumentException">A series is empty, unordered, off its grid or holds an impossible candle; the message names the row.</exception>
    public ReplayMarket(IReadOnlyDictionary<SeriesKey, IReadOnlyList<Candle>> series, Instant liveFrom)
    {
        if (series.Count == 0)
        {
            throw new ArgumentException("a replay needs at least one series, got none", nameof(series));
        }

        LiveFrom = liveFrom;
        foreach (var (key, candles) in series)
        {
            Check(key, candles);
            _candles.Add(key, candles);
            var live = 0;
            while (live < candles.Count && key.Interval.CloseOf(candles[live].OpenTime) <= liveFrom)
            {
                live++;
            }

            _liveIndex[key] = live;
        }
    }

    /// <inheritdoc/>
    public override string Fingerprint => _fingerprint ??= Hash();

    /// <inheritdoc/>
    public override string Description =>
        $"replay of {string.Join(", ", _candles.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Key} ({s.Value.Count} candles)")))}, live from {LiveFrom}";

    /// <inheritdoc/>
    public override IReadOnlyList<SeriesKey> Series => [.. _candles.Keys];

    /// <inheritdoc/>
    public override Instant LiveFrom { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Candle> History(SeriesKey series) => _candles.TryGetValue(series, out var candles)
        ? [.. candles.Take(_liveIndex[series])]
        : throw new ArgumentException($"the replay has {string.Join(", ", _candles.Keys)}, was asked for {series}", nameof(series));

    /// <inheritdoc/>
    internal override IReadOnlyList<Candle> Recorded(SeriesKey series) => _candles[series];

    /// <inheritdoc/>
    public override IEnumerable<MarketStep> Steps()
    {
        var next = _candles.Keys.Select(k => _liveIndex[k]).ToArray();
        var keys = _candles.Keys.ToArray();
        var lists = _candles.Values.ToArray();
        var coming = new SeriesCandle[keys.Length];
        var closes = new Instant[keys.Length]; // Of what is coming; at the end of time where nothing is.
        for (var i = 0; i < keys.Length; i++)
        {
            Read(i);
        }

        while (true)
        {
            var at = End;
            var closing = 0;
            foreach (var close in closes)
            {
                closing = close < at ? 1 : close == at ? closing + 1 : closing;
                at = close < at ? close : at;
            }

            if (at == End)
            {
                yield break;
            }

            var due = new SeriesCandle[closing];
            for (int i = 0, n = 0; n < closing; i++)
            {
                if (closes[i] == at)
                {
                    due[n++] = coming[i];
                    Read(i);
                }
            }

            yield return new MarketStep(at, ImmutableCollectionsMarshal.AsImmutableArray(due));
        }

        void Read(int series)
        {
            if (next[series] == lists[series].Count)
            {
                closes[series] = End;
                return;
            }

            coming[series] = new SeriesCandle(keys[series], lists[series][next[series]++]);
            closes[series] = keys[series].Interval.CloseOf(coming[series].Candle.OpenTime);
        }
    }

    private static Instant CutAt(IReadOnlyDictionary<SeriesKey, IReadOnlyList<Candle>> series, double fraction)
    {
        if (!(fraction is >= 0 and <= 1))
        {
            throw new ArgumentException($"the history fraction must be 0 to 1, was {fraction}", nameof(fraction));
        }

        var closes = series.SelectMany(s => s.Value.Select(c => s.Key.Interval.CloseOf(c.OpenTime))).Distinct().Order().ToList();
        if (closes.Count == 0)
        {
            return default; // The constructor names the empty series.
        }

        var history = (int)(closes.Count * fraction);
        return history == 0 ? closes[0].Plus(-1) : closes[history - 1];
    }

    private static void Check(SeriesKey key, IReadOnlyList<Candle> candles)
    {
        if (candles.Count == 0)
        {
            throw new ArgumentException($"the series {key} has no candle", nameof(candles));
        }

        for (var i = 0; i < candles.Count; i++)
        {
            var open = candles[i].OpenTime;
            var fault = candles[i].Fault()
                ?? (key.Interval.OpenOf(open) != open ? $"its open time {open} is not on the grid of {key.Interval}" : null)
                ?? (i > 0 && open <= candles[i - 1].OpenTime ? $"its open time {open} does not follow {candles[i - 1].OpenTime}" : null);
            if (fault is not null)
            {
                throw new ArgumentException($"candle {i + 1} of {key}: {fault}", nameof(candles));
            }
        }
    }

    private string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> row = stackalloc byte[56];
        foreach (var (key, candles) in _candles)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(key.ToString()));
            foreach (var candle in candles)
            {
                BinaryPrimitives.WriteInt64LittleEndian(row, candle.OpenTime.UnixMilliseconds);
                BinaryPrimitives.WriteDoubleLittleEndian(row[8..], candle.Open);
                BinaryPrimitives.WriteDoubleLittleEndian(row[16..], candle.High);
                BinaryPrimitives.WriteDoubleLittleEndian(row[24..], candle.Low);
                BinaryPrimitives.WriteDoubleLittleEndian(row[32..], candle.Close);
                BinaryPrimitives.WriteDoubleLittleEndian(row[40..], candle.Volume);
                BinaryPrimitives.WriteDoubleLittleEndian(row[48..], candle.Turnover);
                hash.AppendData(row);
            }
        }

        return $"replay:{Convert.ToHexStringLower(hash.GetHashAndReset())}@{LiveFrom.UnixMilliseconds}";
    }
}
