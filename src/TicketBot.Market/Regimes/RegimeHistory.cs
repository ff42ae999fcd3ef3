using TicketBot.Market.Candles;

namespace TicketBot.Market.Regimes;

/// <summary>The regimes of a whole series as they would have been known at the time: fitted at refit points on the candles before
/// each point only, forward-filtered. Immutable.</summary>
public sealed class RegimeHistory
{
    private readonly RegimeFit[] _fits;
    private readonly int[] _fitOfCandle;
    private readonly RegimeEstimate?[] _estimates;
    private readonly double[] _probabilities;
    private readonly int _states;

    private RegimeHistory(RegimeFit[] fits, int[] fitOfCandle, RegimeEstimate?[] estimates, double[] probabilities, int states)
    {
        _fits = fits;
        _fitOfCandle = fitOfCandle;
        _estimates = estimates;
        _probabilities = probabilities;
        _states = states;
    }

    /// <summary>The sets in order of time.</summary>
    public IReadOnlyList<RegimeFit> Fits => _fits;

    /// <summary>Candles of the history.</summary>
    public int Count => _estimates.Length;

    /// <summary>Returns the regime of a candle, or <c>null</c> before the first fit and where the window has a gap.</summary>
    public RegimeEstimate? At(int candle) => _estimates[candle];

    /// <summary>Returns the filtered probabilities of a candle, <c>[states]</c>, in the order of the set in force there; empty where
    /// <see cref="At"/> is <c>null</c>.</summary>
    public ReadOnlySpan<double> ProbabilitiesAt(int candle) =>
        _estimates[candle] is null ? [] : _probabilities.AsSpan(candle * _states, _states);

    /// <summary>Returns the set in force at a candle, or <c>null</c> before the first fit.</summary>
    public RegimeSet? SetAt(int candle) => _fitOfCandle[candle] < 0 ? null : _fits[_fitOfCandle[candle]].Set;

    /// <summary>Fits and filters over all candles of <paramref name="series"/>. A refit point with too few unbroken candles before it is
    /// passed over.</summary>
    /// <param name="series">Candles.</param>
    /// <param name="options">States, window, hysteresis, refit points.</param>
    /// <param name="cancellationToken">Looked at between fits.</param>
    public static RegimeHistory Of(CandleSeries series, RegimeOptions options, CancellationToken cancellationToken)
    {
        var count = series.Count;
        var fits = new List<RegimeFit>();
        var fitOfCandle = new int[count];
        var estimates = new RegimeEstimate?[count];
        var probabilities = new double[count * options.States];
        RegimeFilter? filter = null;
        for (var i = 0; i < count; i++)
        {
            if (i >= options.FirstFitRows && (i - options.FirstFitRows) % options.RefitRows == 0 && RegimeFitter.CanFit(series, i, options))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var set = RegimeFitter.Fit(series, i, options, filter?.Set);
                fits.Add(new RegimeFit(i, set));
                filter = new RegimeFilter(set);
            }

            fitOfCandle[i] = fits.Count - 1;
            if (filter is not null
                && filter.TryEstimate(series, i, probabilities.AsSpan(i * options.States, options.States), out var estimate))
            {
                estimates[i] = estimate;
            }
        }

        return new RegimeHistory([.. fits], fitOfCandle, estimates, probabilities, options.States);
    }
}
