using System.Globalization;
using System.Runtime.InteropServices;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Markets;

/// <summary>A seeded market without end: correlated symbols on one interval, regime-switching volatility with clustering and fat
/// tails, volume that follows volatility.</summary>
/// <remarks>In every kind of market a candle is a <i>burst</i> with probability 0.1, drawn independently: its volume is 6 to 9 times the
/// usual and it closes near its extreme. In a <see cref="MarketKind.Planted"/> market the candle after a burst goes the burst's way
/// with probability exactly P and moves 80 to 120 bp; given all candles up to any other candle, the next direction is even. In the
/// other markets a burst says nothing.</remarks>
public sealed class GeneratedMarket : MarketSource
{
    private readonly MarketSpec _spec;
    private readonly ulong _seed;
    private readonly int _historyCount;
    private readonly Instant _firstOpen;
    private readonly Interval _interval;
    private readonly Instrument[] _instruments;
    private readonly Lazy<Candle[][]> _history;

    /// <summary>Makes a market.</summary>
    /// <param name="spec">Which kind.</param>
    /// <param name="symbols">Contracts, at least one, all different.</param>
    /// <param name="interval">Length of every series; not a month.</param>
    /// <param name="seed">Seed of everything random.</param>
    /// <param name="historyCount">Candles per series that are history, at least 1.</param>
    /// <param name="liveFrom">Market time before the first step; cut down to the interval's grid.</param>
    /// <param name="rules">Tick and lot rules that prices and volumes keep to; <c>null</c> for the built-in ones.</param>
    /// <exception cref="ArgumentException">An argument is outside its range.</exception>
    public GeneratedMarket(
        MarketSpec spec, IReadOnlyList<Symbol> symbols, Interval interval, ulong seed, int historyCount, Instant liveFrom, InstrumentRules? rules = null)
    {
        if (symbols.Count == 0 || symbols.Distinct().Count() != symbols.Count)
        {
            throw new ArgumentException($"a generated market needs different symbols, at least one, got [{string.Join(", ", symbols)}]", nameof(symbols));
        }

        if (interval.Name == "1M")
        {
            throw new ArgumentException("a generated market has intervals of fixed length, was 1M", nameof(interval));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(historyCount, 1);
        (_spec, _seed, _historyCount, _interval) = (spec, seed, historyCount, interval);
        LiveFrom = interval.OpenOf(liveFrom);
        _firstOpen = interval.Shift(LiveFrom, -historyCount);
        rules ??= new InstrumentRules();
        _instruments = [.. symbols.Order().Select(s => rules.RulesOf(s, InstrumentRules.TypicalPrice(s)))];
        Series = [.. _instruments.Select(i => new SeriesKey(i.Symbol, interval))];
        _history = new Lazy<Candle[][]>(MakeHistory);
    }

    /// <inheritdoc/>
    public override string Fingerprint => FormattableString.Invariant(
        $"{_spec}{(_spec.Kind == MarketKind.Regimes ? " with jumps" : "")} {string.Join(',', Series)} ticks {string.Join(',', _instruments.Select(i => $"{i.TickSize}/{i.QuantityStep}"))} seed {_seed} history {_historyCount} from {LiveFrom.UnixMilliseconds}");

    /// <inheritdoc/>
    public override string Description => _spec.Kind switch
    {
        MarketKind.Planted => string.Create(CultureInfo.InvariantCulture,
            $"demonstration market with a planted edge: about one candle in ten announces the next one's direction with probability {_spec.Probability}"),
        MarketKind.Regimes => "generated market whose drift and volatility switch between regimes, with rare jumps",
        _ => "generated random walk without any edge",
    };

    /// <inheritdoc/>
    public override IReadOnlyList<SeriesKey> Series { get; }

    /// <inheritdoc/>
    public override Instant LiveFrom { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Candle> History(SeriesKey series)
    {
        var index = Series.ToList().IndexOf(series);
        return index >= 0
            ? _history.Value[index]
            : throw new ArgumentException($"the market has {string.Join(", ", Series)}, was asked for {series}", nameof(series));
    }

    /// <inheritdoc/>
    public override IEnumerable<MarketStep> Steps()
    {
        var walk = new MarketWalk(_spec, _instruments, _interval, _seed);
        var open = _firstOpen;
        for (var i = 0; i < _historyCount; i++)
        {
            walk.Move(open);
            open = _interval.CloseOf(open);
        }

        while (true)
        {
            walk.Move(open);
            var candles = new SeriesCandle[_instruments.Length];
            for (var i = 0; i < candles.Length; i++)
            {
                candles[i] = new SeriesCandle(Series[i], walk.Candles[i]);
            }

            open = _interval.CloseOf(open);
            yield return new MarketStep(open, ImmutableCollectionsMarshal.AsImmutableArray(candles));
        }
    }

    private Candle[][] MakeHistory()
    {
        var history = _instruments.Select(_ => new Candle[_historyCount]).ToArray();
        var walk = new MarketWalk(_spec, _instruments, _interval, _seed);
        var open = _firstOpen;
        for (var row = 0; row < _historyCount; row++)
        {
            walk.Move(open);
            for (var i = 0; i < history.Length; i++)
            {
                history[i][row] = walk.Candles[i];
            }

            open = _interval.CloseOf(open);
        }

        return history;
    }
}
