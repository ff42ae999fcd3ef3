using TicketBot.Market.Candles;

namespace TicketBot.Market.Regimes;

/// <summary>Forward-filters a regime set over candles. Not safe for use by several threads; allocates nothing after warm-up.</summary>
/// <remarks>Each estimate starts anew from the stationary distribution at the start of its window, hysteresis too, so it is a function
/// of the window alone: a restart of the process changes nothing. It never looks at a later candle (no smoothing).</remarks>
public sealed class RegimeFilter
{
    private readonly RegimeState[] _states;
    private readonly double[] _stationary;
    private readonly double[] _transitions;
    private readonly double[] _constants;
    private readonly double[] _next;
    private readonly SlidingWindow _window;
    private readonly double[] _logCloses;
    private readonly double[] _densities;
    private readonly double[] _filtered;
    private readonly double[] _settled;

    /// <summary>Makes a filter.</summary>
    public RegimeFilter(RegimeSet set)
    {
        Set = set;
        var k = set.States.Count;
        _states = [.. set.States];
        _transitions = [.. set.Transitions];
        _stationary = new double[k];
        MarkovChain.Stationary(_transitions, _stationary);
        _constants = [.. set.States.Select(s => -Math.Log(s.TrendDeviation * s.VolatilityDeviation))];
        _next = new double[k];
        _window = new SlidingWindow(set.Window);
        _logCloses = _window.AddColumn();
        _densities = _window.AddColumn(k);
        _filtered = _window.AddColumn(k);
        _settled = _window.AddColumn();
    }

    /// <summary>The set filtered.</summary>
    public RegimeSet Set { get; }

    /// <summary>Estimates the regime at <paramref name="index"/> from the candles of the window that ends there; false when the
    /// window is incomplete or has a gap.</summary>
    /// <param name="series">Candles.</param>
    /// <param name="index">The candle.</param>
    /// <param name="probabilities">Filtered probabilities, <c>[Set.Names.Count]</c>, summing to one; undefined when false is returned.</param>
    /// <param name="estimate">State after hysteresis.</param>
    /// <exception cref="ArgumentException">The probabilities have another length.</exception>
    public bool TryEstimate(CandleSeries series, int index, Span<double> probabilities, out RegimeEstimate estimate)
    {
        if (probabilities.Length != _next.Length)
        {
            throw new ArgumentException(
                $"the set has {_next.Length} states, room for {probabilities.Length} probabilities was given", nameof(probabilities));
        }

        estimate = default;
        if (!series.IsContiguous(index, Set.Window))
        {
            return false;
        }

        var known = Observe(series.Close.Slice(index - Set.Window + 1, Set.Window));
        var state = Filter(_window.Start + known, probabilities);
        estimate = new RegimeEstimate(state, Set.Names[state], probabilities[state]);
        return true;
    }

    // The window before this one began a candle earlier, yet what was so long ago is forgotten: after some dozens of candles both have the
    // same probabilities, to the last bit, and the same state. From there on they see the same and go the same way, so the way of
    // the window before is taken up to its end at the slot keptUntil, and only the newest candle is left to be filtered.
    private int Filter(int keptUntil, Span<double> probabilities)
    {
        var k = _next.Length;
        var end = _window.Start + Set.Window;
        var state = -1;
        _stationary.CopyTo(probabilities);
        for (var at = _window.Start + Set.MeasureCandles; at < end; at++)
        {
            Step(_densities.AsSpan(at * k, k), first: state < 0, probabilities);
            state = Settle(state, probabilities);
            if (at < keptUntil && _settled[at] == state && probabilities.SequenceEqual(_filtered.AsSpan(at * k, k)))
            {
                at = keptUntil - 1;
                _filtered.AsSpan(at * k, k).CopyTo(probabilities);
                (state, keptUntil) = ((int)_settled[at], 0);
            }
            else
            {
                probabilities.CopyTo(_filtered.AsSpan(at * k, k));
                _settled[at] = state;
            }
        }

        return state;
    }

    // What a candle says of the states depends on its own last candles alone, so it is kept from window to window.
    private int Observe(ReadOnlySpan<double> closes)
    {
        var known = _window.Show(closes);
        var start = _window.Start;
        RegimeObservations.LogsOf(closes[known..], _logCloses.AsSpan(start + known));
        var logs = _logCloses.AsSpan(start, closes.Length);
        for (var i = Math.Max(known, Set.MeasureCandles); i < closes.Length; i++)
        {
            var (trend, volatility) = RegimeObservations.At(logs, i, Set.MeasureCandles);
            WriteDensities(trend, volatility, _densities.AsSpan((start + i) * _next.Length, _next.Length));
        }

        return known;
    }

    // The density of an observation in each state, over the largest of them.
    private void WriteDensities(double trend, double volatility, Span<double> densities)
    {
        var most = double.NegativeInfinity;
        for (var s = 0; s < densities.Length; s++)
        {
            var state = _states[s];
            var dx = (trend - state.TrendMean) / state.TrendDeviation;
            var dy = (volatility - state.VolatilityMean) / state.VolatilityDeviation;
            densities[s] = _constants[s] - (0.5 * ((dx * dx) + (dy * dy)));
            most = Math.Max(most, densities[s]);
        }

        foreach (ref var density in densities)
        {
            density = Math.Exp(density - most);
        }
    }

    private void Step(ReadOnlySpan<double> densities, bool first, Span<double> probabilities)
    {
        var k = densities.Length;
        var next = _next.AsSpan(0, k);
        var sum = 0.0;
        for (var s = 0; s < k; s++)
        {
            var reach = 0.0;
            if (first)
            {
                reach = probabilities[s];
            }
            else
            {
                for (var i = 0; i < k; i++)
                {
                    reach += probabilities[i] * _transitions[(i * k) + s];
                }
            }

            next[s] = reach * densities[s];
            sum += next[s];
        }

        for (var s = 0; s < k; s++)
        {
            probabilities[s] = next[s] / sum;
        }
    }

    private int Settle(int state, ReadOnlySpan<double> probabilities)
    {
        var best = 0;
        for (var s = 1; s < probabilities.Length; s++)
        {
            best = probabilities[s] > probabilities[best] ? s : best;
        }

        return state < 0 || probabilities[best] > probabilities[state] + Set.Hysteresis ? best : state;
    }
}
