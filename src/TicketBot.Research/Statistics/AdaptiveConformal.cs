namespace TicketBot.Research.Statistics;

/// <summary>Intervals around a forecast that keep their promised share of misses whatever the series does: the level moves after each miss and each hit.</summary>
/// <remarks>Gibbs and Candes, "Adaptive conformal inference under distribution shift", NeurIPS 2021: level += step * (target - miss). The half-width is the conformal quantile of the
/// newest absolute errors. For every sequence whatever, the share of misses over n forecasts differs from the target by at most
/// (max(target, 1 - target) + step) / (n * step), their proposition 4.1. For a probability the outcome is 0 or 1. Allocation-free once made; not safe for use by several threads.</remarks>
public sealed class AdaptiveConformal
{
    private readonly double _target;
    private readonly double _step;
    private readonly double[] _sorted;
    private readonly double[] _newest;
    private int _count;
    private int _oldest;

    /// <summary>Makes one that has seen nothing: its first interval is the whole line.</summary>
    /// <param name="target">Promised share of misses, above 0 and below 1.</param>
    /// <param name="step">How far the level moves, above 0 and at most 1; 0.005 follows slowly, 0.05 fast.</param>
    /// <param name="window">Newest errors kept, at least 1.</param>
    public AdaptiveConformal(double target, double step, int window)
    {
        if (target is not (> 0 and < 1) || step is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(target), $"target lies between 0 and 1 and step above 0 and at most 1, were {target} and {step}");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        (_target, _step, Level) = (target, step, target);
        (_sorted, _newest) = (new double[window], new double[window]);
    }

    /// <summary>The level in force: the share of misses aimed at now; at most 0 means the whole line, at least 1 the empty interval.</summary>
    public double Level { get; private set; }

    /// <summary>Forecasts whose outcome was given.</summary>
    public long Observed { get; private set; }

    /// <summary>Those whose outcome lay outside the interval.</summary>
    public long Missed { get; private set; }

    /// <summary>Half-width of the interval around the next forecast: infinite for the whole line, negative for the empty interval.</summary>
    public double HalfWidth
    {
        get
        {
            if (Level >= 1)
            {
                return -1;
            }

            var rank = (int)Math.Ceiling((_count + 1) * (1 - Level));
            return rank > _count ? double.PositiveInfinity : _sorted[Math.Max(1, rank) - 1];
        }
    }

    /// <summary>Takes the outcome of a forecast; returns whether it lay in the interval that stood before.</summary>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public bool Observe(double forecast, double outcome)
    {
        var error = Math.Abs(outcome - forecast);
        if (!double.IsFinite(error))
        {
            throw new ArgumentException($"forecast and outcome must be finite numbers, were {forecast} and {outcome}");
        }

        var inside = error <= HalfWidth;
        Level += _step * (_target - (inside ? 0 : 1));
        Observed++;
        Missed += inside ? 0 : 1;
        Keep(error);
        return inside;
    }

    private void Keep(double error)
    {
        if (_count == _newest.Length)
        {
            var gone = Array.BinarySearch(_sorted, 0, _count, _newest[_oldest]);
            _count--;
            Array.Copy(_sorted, gone + 1, _sorted, gone, _count - gone);
        }

        var place = Array.BinarySearch(_sorted, 0, _count, error);
        place = place < 0 ? ~place : place;
        Array.Copy(_sorted, place, _sorted, place + 1, _count - place);
        _sorted[place] = error;
        _newest[_oldest] = error;
        _oldest = (_oldest + 1) % _newest.Length;
        _count++;
    }
}
