using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Market.Prepared;
using TicketBot.Market.Regimes;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Risk;

namespace TicketBot.Trading.Signals;

/// <summary>What a ticket says of one candle, or why it says nothing.</summary>
/// <param name="Denial">None when a probability is there.</param>
/// <param name="Detail">Plain words on a denial.</param>
/// <param name="ProbabilityUp">Calibrated probability of a rise.</param>
/// <param name="FeatureHash">Hash of the row; empty without a row.</param>
public readonly record struct TicketAnswer(DenialCode Denial, string Detail, double? ProbabilityUp, FeatureHash FeatureHash);

/// <summary>One followed series: its candles, features, regime and compiled tickets. Not safe for use by several threads.</summary>
public sealed class SeriesPipeline
{
    /// <summary>Decided candles between two measurements of the similarity while there is no signal.</summary>
    public const int SimilarityPause = 24;

    private readonly Dictionary<string, CompiledTicket> _byRegime = new(StringComparer.Ordinal);
    private readonly Dictionary<TicketId, CompiledTicket> _owners = [];
    private CompiledTicket?[] _byState = [];
    private string[] _withoutTicket = [];
    private readonly Dictionary<string, FeatureRows> _rows = new(StringComparer.Ordinal);
    private readonly string _withoutRegimes;
    private PreparedWalk? _ahead;
    private PreparedRegimes? _regimesAhead;
    private RegimeFilter? _filter;
    private float[] _window = [];
    private double[] _probabilities = [];
    private long _revision;
    private int _unmeasured = SimilarityPause;

    /// <summary>Makes a pipeline without candles or tickets.</summary>
    /// <param name="key">Symbol and interval.</param>
    /// <param name="isTraded">Whether decisions are taken on it, or it only serves others as a reference.</param>
    /// <param name="capacity">Candles kept.</param>
    public SeriesPipeline(SeriesKey key, bool isTraded, int capacity)
    {
        (Key, IsTraded) = (key, isTraded);
        _withoutRegimes = $"no regime set is in force for {key}";
        Candles = new CandleSeries(key.Symbol, key.Interval, capacity);
    }

    /// <summary>Symbol and interval.</summary>
    public SeriesKey Key { get; }

    /// <summary>Whether decisions are taken on it.</summary>
    public bool IsTraded { get; }

    /// <summary>Its candles.</summary>
    public CandleSeries Candles { get; }

    /// <summary>The series that cross-asset features refer to, or <c>null</c>.</summary>
    public SeriesPipeline? Reference { get; set; }

    /// <summary>Close time of its newest candle, or <c>null</c>.</summary>
    public Instant? LastClose { get; private set; }

    /// <summary>Close time that a decision is still to be taken for, or <c>null</c>.</summary>
    public Instant? PendingClose { get; set; }

    /// <summary>Journal number of the newest candle.</summary>
    public long LastSequence { get; set; }

    /// <summary>What trades here, or <c>null</c>.</summary>
    public TicketSet? Active { get; private set; }

    /// <summary>The last regime estimate, or <c>null</c>.</summary>
    public RegimeEstimate? Regime { get; private set; }

    /// <summary>Filtered probabilities in the order of the active set's names.</summary>
    public ReadOnlySpan<double> RegimeProbabilities => _probabilities;

    /// <summary>The similarity measured last, or <c>null</c>.</summary>
    public double? LastSimilarity { get; private set; }

    /// <summary>Close time of the candle at which <see cref="LastSimilarity"/> was measured, or <c>null</c>.</summary>
    public Instant? SimilarityMeasuredAt { get; private set; }

    /// <summary>Hands over what was made ahead of candles to come. It is taken for exactly the candles it was made of; it changes the work, never an answer.</summary>
    /// <param name="prepared">Of this symbol and interval.</param>
    /// <exception cref="InvalidOperationException">There are candles or tickets already.</exception>
    public void Prepare(PreparedSeries prepared) => _ahead = Candles.Count == 0 && _rows.Count == 0
        ? new PreparedWalk(prepared, Candles)
        : throw new InvalidOperationException($"Invariant: {Key} is prepared before its first candle and ticket, had {Candles.Count} candles and {_owners.Count} tickets");

    /// <summary>Adds a closed candle.</summary>
    public AppendResult Append(in Candle candle)
    {
        var result = Candles.Append(candle);
        _ahead?.Follow(result);
        _revision += result is AppendResult.Revised or AppendResult.FilledGap ? 1 : 0;
        var close = Key.Interval.CloseOf(candle.OpenTime);
        if (LastClose is not { } last || close > last)
        {
            LastClose = close;
        }

        return result;
    }

    /// <summary>Takes a regime set and its tickets into force; tickets of open positions stay known.</summary>
    public void Activate(TicketSet set)
    {
        if (Active?.Regimes.Id != set.Regimes.Id)
        {
            (LastSimilarity, SimilarityMeasuredAt) = (null, null); // It was to the training market of others.
        }

        _unmeasured = SimilarityPause;
        Active = set;
        _filter = new RegimeFilter(set.Regimes);
        _regimesAhead = _ahead?.Prepared.RegimesOf(set.Regimes);
        _probabilities = new double[set.Regimes.Names.Count];
        Regime = null;
        _byRegime.Clear();
        AllWeather = null;
        foreach (var ticket in set.Tickets)
        {
            var compiled = _byRegime[ticket.Regime] = Compile(ticket);
            AllWeather ??= ticket.IsPooled ? compiled : null;
        }

        _byState = [.. set.Regimes.Names.Select(name => _byRegime.GetValueOrDefault(name))];
        _withoutTicket = [.. set.Regimes.Names.Select(name => $"no ticket is live for regime {name}")];
    }

    /// <summary>The network of all regimes where it is in force for at least one, else <c>null</c>.</summary>
    public CompiledTicket? AllWeather { get; private set; }

    /// <summary>Makes a ticket known that owns an open position.</summary>
    public void AddOwner(Ticket ticket) => Compile(ticket);

    /// <summary>Forgets tickets that are neither in force nor among <paramref name="owners"/>.</summary>
    public void ForgetOwnersExcept(IReadOnlyCollection<TicketId> owners)
    {
        foreach (var id in _owners.Keys.ToList())
        {
            if (!owners.Contains(id) && Active?.Tickets.Any(t => t.Id == id) != true)
            {
                _owners.Remove(id);
            }
        }
    }

    /// <summary>Returns a ticket that is in force or owns a position, or <c>null</c>.</summary>
    public CompiledTicket? FindTicket(TicketId id) => _owners.GetValueOrDefault(id);

    /// <summary>Returns the live ticket of a regime, or <c>null</c>.</summary>
    public CompiledTicket? TicketOf(string regime) => _byRegime.GetValueOrDefault(regime);

    /// <summary>The live ticket of <see cref="Regime"/>, or <c>null</c>.</summary>
    public CompiledTicket? LiveTicket => Regime is { } regime ? _byState[regime.State] : null;

    /// <summary>Returns the plain words for a regime of the active set that has no live ticket.</summary>
    public string WithoutTicket(in RegimeEstimate regime) => _withoutTicket[regime.State];

    /// <summary>Estimates the regime of the candle that closed at <paramref name="close"/>.</summary>
    public DenialCode EstimateRegime(Instant close, out string detail)
    {
        detail = "";
        if (_filter is null)
        {
            detail = _withoutRegimes;
            return DenialCode.NoRegimeSet;
        }

        var index = IndexOf(close);
        if (index < 0)
        {
            detail = $"the candle that closes at {close} is not in memory";
            return DenialCode.WarmingUp;
        }

        var ahead = _regimesAhead is null ? -1 : _ahead!.Find(index, _filter.Set.Window);
        if ((ahead < 0 || !_regimesAhead!.TryGet(ahead, _probabilities, out var estimate)) && !_filter.TryEstimate(Candles, index, _probabilities, out estimate))
        {
            var short_ = Candles.Count < _filter.Set.Window;
            detail = short_
                ? $"{Candles.Count} candles in memory, the regime needs {_filter.Set.Window}"
                : $"a candle is missing among the last {_filter.Set.Window}";
            return short_ ? DenialCode.WarmingUp : DenialCode.GapInWindow;
        }

        Regime = estimate;
        return DenialCode.None;
    }

    /// <summary>Asks a ticket about the candle that closed at <paramref name="close"/>.</summary>
    public TicketAnswer Ask(CompiledTicket compiled, Instant close)
    {
        var rows = RowsOf(compiled.Ticket.Schema);
        var index = IndexOf(close);
        var steps = compiled.Steps;
        ReadOnlySpan<float> row = default;
        var status = index < 0 ? FeatureStatus.TooFewCandles : steps == 1 ? RowAt(rows, index, out row) : WindowAt(rows, index, steps, out row);
        if (status != FeatureStatus.Ready)
        {
            return new TicketAnswer(CodeOf(status), DetailOf(status, rows.Schema, compiled.Ticket.Lookback), null, FeatureHash.None);
        }

        var hash = new FeatureHash(row.ToArray());
        try
        {
            return new TicketAnswer(DenialCode.None, "", compiled.ProbabilityUp(row), hash);
        }
        catch (InvalidOperationException e)
        {
            // A ticket that answers with NaN must stop its own entries, not the daemon.
            return new TicketAnswer(DenialCode.PredictionFailed, e.Message, null, hash);
        }
    }

    /// <summary>Returns the similarity of the candles up to <paramref name="close"/> to the ticket's training market, or <c>null</c> when a row
    /// of its window cannot be built.</summary>
    public double? SimilarityTo(CompiledTicket compiled, Instant close)
    {
        (LastSimilarity, SimilarityMeasuredAt) = (null, null);
        if (WindowAt(RowsOf(compiled.Ticket.Schema), IndexOf(close), compiled.Ticket.Similarity.WindowRows, out var window) != FeatureStatus.Ready)
        {
            return null;
        }

        (LastSimilarity, SimilarityMeasuredAt) = (compiled.SimilarityOf(window), close);
        return LastSimilarity;
    }

    /// <summary>Measures the similarity to the present regime's ticket when none was measured for <see cref="SimilarityPause"/> decided
    /// candles, for those who watch: no decision depends on it.</summary>
    /// <param name="close">The close that was just decided on.</param>
    public void KeepSimilarityFresh(Instant close)
    {
        if (SimilarityMeasuredAt == close)
        {
            _unmeasured = 0;
        }
        else if (++_unmeasured >= SimilarityPause && LiveTicket is { } compiled && SimilarityTo(compiled, close) is not null)
        {
            _unmeasured = 0;
        }
    }

    // Changes with every change of a candle of the past, ours or the reference's.
    private long Revision => _revision + (Reference?._revision ?? 0);

    private FeatureStatus RowAt(FeatureRows rows, int index, out ReadOnlySpan<float> row)
    {
        if (rows.Ahead is not null && PreparedAt(rows.Schema, index) is >= 0 and var ahead && rows.Ahead.TryGet(ahead, out row))
        {
            return FeatureStatus.Ready;
        }

        return rows.At(Candles, Reference?.Candles, index, Revision, out row);
    }

    // The rows of so many candles up to the last, [count, features], oldest first; valid until the next call. Neighbours are contiguous, for each row's own window reaches over the one before it.
    private FeatureStatus WindowAt(FeatureRows rows, int last, int count, out ReadOnlySpan<float> window)
    {
        window = default;
        if (last < count - 1)
        {
            return FeatureStatus.TooFewCandles;
        }

        var features = rows.Schema.Names.Count;
        if (_window.Length < count * features)
        {
            _window = new float[count * features];
        }

        for (var i = 0; i < count; i++)
        {
            if (RowAt(rows, last - count + 1 + i, out var row) is not FeatureStatus.Ready and var status)
            {
                return status;
            }

            row.CopyTo(_window.AsSpan(i * features));
        }

        window = _window.AsSpan(0, count * features);
        return FeatureStatus.Ready;
    }

    // A row is taken from what was prepared when every candle of its window is in memory and the same there, the reference's too.
    private int PreparedAt(FeatureSchema schema, int index)
    {
        var ahead = index < schema.Window - 1 ? -1 : _ahead!.Find(index, schema.Window);
        if (ahead < 0 || schema.Reference is null)
        {
            return ahead;
        }

        var other = Reference?.Candles.IndexOf(new Instant(Candles.OpenTimes[index])) ?? -1;
        var isSame = other >= schema.Window - 1 && Reference!._ahead is { } walk && walk.Prepared.Candles == _ahead!.Prepared.Reference && walk.Find(other, schema.Window) >= 0;
        return isSame ? ahead : -1;
    }

    private int IndexOf(Instant close)
    {
        // Nearly always the newest candle is asked for.
        if (Candles.Count > 0 && close == LastClose)
        {
            return Candles.Count - 1;
        }

        return Candles.IndexOf(Key.Interval.Shift(close, -1));
    }

    private CompiledTicket Compile(Ticket ticket)
    {
        if (!_owners.TryGetValue(ticket.Id, out var compiled))
        {
            _owners[ticket.Id] = compiled = new CompiledTicket(ticket);
            RowsOf(ticket.Schema);
        }

        return compiled;
    }

    private FeatureRows RowsOf(FeatureSchema schema)
    {
        if (!_rows.TryGetValue(schema.Hash, out var rows))
        {
            _rows[schema.Hash] = rows = new FeatureRows(schema, _ahead?.Prepared.RowsOf(schema));
        }

        return rows;
    }

    private static DenialCode CodeOf(FeatureStatus status) => status switch
    {
        FeatureStatus.Ready => DenialCode.None,
        FeatureStatus.TooFewCandles => DenialCode.WarmingUp,
        FeatureStatus.GapInWindow => DenialCode.GapInWindow,
        FeatureStatus.ReferenceMissing => DenialCode.ReferenceMissing,
        FeatureStatus.ObservationMissing => DenialCode.ObservationMissing,
        FeatureStatus.NotFinite => DenialCode.FeatureNotFinite,
        _ => throw new InvalidOperationException($"Invariant: feature status {status} has no code"),
    };

    private string DetailOf(FeatureStatus status, FeatureSchema schema, int lookback) => status switch
    {
        FeatureStatus.TooFewCandles => $"{Candles.Count} candles in memory, the ticket needs {lookback}",
        FeatureStatus.GapInWindow => $"a candle is missing among the last {lookback}",
        FeatureStatus.ReferenceMissing => $"candles of {schema.Reference} are missing among the last {lookback}",
        FeatureStatus.ObservationMissing => $"an observation is missing among the last {lookback} candles",
        _ => "a feature is not finite",
    };
}
