using TicketBot.Market.Candles;
using TicketBot.Market.Regimes;

namespace TicketBot.Market.Prepared;

/// <summary>The regimes of every candle of a series by one regime set. Immutable, and safe for use by several threads.</summary>
public sealed class PreparedRegimes
{
    private readonly RegimeEstimate?[] _estimates;
    private readonly double[] _probabilities;
    private readonly int _states;

    internal PreparedRegimes(RegimeSet set, CandleSeries candles)
    {
        var filter = new RegimeFilter(set);
        _states = set.Names.Count;
        _estimates = new RegimeEstimate?[candles.Count];
        _probabilities = new double[candles.Count * _states];
        for (var i = 0; i < candles.Count; i++)
        {
            if (filter.TryEstimate(candles, i, _probabilities.AsSpan(i * _states, _states), out var estimate))
            {
                _estimates[i] = estimate;
            }
        }
    }

    /// <summary>Returns the regime of a candle; false when it has no estimate.</summary>
    /// <param name="candle">Index in the prepared series.</param>
    /// <param name="probabilities">Takes the filtered probabilities, <c>[set.Names.Count]</c>.</param>
    /// <param name="estimate">State after hysteresis.</param>
    public bool TryGet(int candle, Span<double> probabilities, out RegimeEstimate estimate)
    {
        estimate = _estimates[candle] ?? default;
        _probabilities.AsSpan(candle * _states, _states).CopyTo(probabilities);
        return _estimates[candle] is not null;
    }
}
