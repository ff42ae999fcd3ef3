using System.Collections;
using System.Runtime.InteropServices;
using TicketBot.Domain;
using TicketBot.Market.Features;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Risk;
using TicketBot.Trading.Signals;

namespace TicketBot.Research.Backtests;

/// <summary>The decisions of a backtest in their order, kept as plain values in blocks: however many they are, the garbage collector has nothing to move or to look
/// through. One is made anew whenever it is read, equal to the one that was added. Not safe for use while decisions are added.</summary>
internal sealed class DecisionLog : IReadOnlyList<Decision>
{
    private const int BlockRows = 4_096;
    private const int BlockFeatures = 65_536;
    private readonly List<Row[]> _blocks = [];
    private readonly List<float[]> _features = [];
    private readonly Numbered<SeriesKey> _series = new(null);
    private readonly Numbered<string> _regimes = new(StringComparer.Ordinal);
    private readonly Numbered<string> _tickets = new(StringComparer.Ordinal);
    private readonly Numbered<string> _words = new(ReferenceEqualityComparer.Instance); // Mostly the same few objects; finding equal ones among the others is not worth their hash.
    private int _featuresUsed = BlockFeatures;

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public Decision this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            ref readonly var row = ref _blocks[index / BlockRows][index % BlockRows];
            return new Decision
            {
                Series = _series[row.Series],
                Time = row.Time,
                FeatureHash = row.FeatureCount > 0 ? new FeatureHash(_features[row.FeatureBlock].AsMemory(row.FeatureStart, row.FeatureCount)) : new FeatureHash(_words[row.HashText]),
                Regime = _regimes[row.Regime],
                RegimeProbability = row.RegimeProbability,
                Ticket = row.Ticket < 0 ? null : new TicketId(_tickets[row.Ticket]),
                ProbabilityUp = row.ProbabilityUp,
                Signal = row.Signal,
                Similarity = row.Similarity,
                Denial = row.Denial,
                Detail = _words[row.Detail],
                Order = row.Order < 0 ? null : new ClientOrderId(_words[row.Order]),
            };
        }
    }

    /// <summary>Adds a decision.</summary>
    public void Add(Decision decision)
    {
        if (Count % BlockRows == 0)
        {
            _blocks.Add(GC.AllocateUninitializedArray<Row>(BlockRows));
        }

        var features = decision.FeatureHash.Row.Span;
        _blocks[^1][Count++ % BlockRows] = new Row
        {
            Series = _series.NumberOf(decision.Series),
            Time = decision.Time,
            FeatureStart = Keep(features),
            FeatureBlock = _features.Count - 1,
            FeatureCount = features.Length,
            HashText = features.Length > 0 ? -1 : _words.NumberOf(decision.FeatureHash.Text),
            Regime = _regimes.NumberOf(decision.Regime),
            RegimeProbability = decision.RegimeProbability,
            Ticket = decision.Ticket is { } ticket ? _tickets.NumberOf(ticket.Value) : -1,
            ProbabilityUp = decision.ProbabilityUp,
            Signal = decision.Signal,
            Similarity = decision.Similarity,
            Denial = decision.Denial,
            Detail = _words.NumberOf(decision.Detail),
            Order = decision.Order is { } order ? _words.NumberOf(order.Value) : -1,
        };
    }

    /// <inheritdoc/>
    public IEnumerator<Decision> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // Returns where in the newest block they begin: a row lies in one block.
    private int Keep(ReadOnlySpan<float> features)
    {
        if (features.Length > BlockFeatures - _featuresUsed)
        {
            _features.Add(GC.AllocateUninitializedArray<float>(Math.Max(BlockFeatures, features.Length)));
            _featuresUsed = 0;
        }

        var start = _featuresUsed;
        features.CopyTo(features.Length > 0 ? _features[^1].AsSpan(start) : default);
        _featuresUsed += features.Length;
        return start;
    }

    private struct Row
    {
        public Instant Time;
        public double RegimeProbability;
        public double? ProbabilityUp;
        public double? Similarity;
        public Side? Signal;
        public DenialCode Denial;
        public int FeatureBlock;
        public int FeatureStart;
        public int FeatureCount;
        public int HashText;
        public int Series;
        public int Regime;
        public int Ticket;
        public int Detail;
        public int Order;
    }

    /// <summary>Values that rows refer to by number.</summary>
    private sealed class Numbered<T>(IEqualityComparer<T>? comparer)
        where T : notnull
    {
        private readonly Dictionary<T, int> _numbers = new(comparer);
        private readonly List<T> _values = [];
        private int _last = -1;

        public T this[int number] => _values[number];

        public int NumberOf(T value)
        {
            if (_last >= 0 && EqualityComparer<T>.Default.Equals(_values[_last], value))
            {
                return _last; // Most rows repeat the one before.
            }

            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, value, out var isKnown);
            if (!isKnown)
            {
                number = _values.Count;
                _values.Add(value);
            }

            return _last = number;
        }
    }
}
