using TicketBot.Market.Candles;

namespace TicketBot.Market.Regimes;

/// <summary>Fits regime sets on candles, by Baum-Welch from several fixed starts; deterministic.</summary>
public static class RegimeFitter
{
    /// <summary>Candles that a fit looks at, the newest ones: older markets say little about the states of today.</summary>
    public const int MostCandles = 20_000;

    private const int FirstIterations = 12;
    private const int MoreIterations = 60;
    private const int WarmIterations = 30;
    private const double Tolerance = 1e-5;
    private const double Stay = 0.97;
    private const int LeastStepsPerState = 25;

    /// <summary>Fits on the candles <c>[0, end)</c> of a series only.</summary>
    /// <param name="series">Candles.</param>
    /// <param name="end">Exclusive end: nothing at or after it is read.</param>
    /// <param name="options">States, window, hysteresis.</param>
    /// <param name="start">A previous fit to start from (warm start), or <c>null</c>. Its states keep their order, and their names
    /// unless they clearly changed; one of another number of states is passed over.</param>
    /// <exception cref="ArgumentException">There are too few candles without a gap; see <see cref="CanFit"/>.</exception>
    public static RegimeSet Fit(CandleSeries series, int end, RegimeOptions options, RegimeSet? start = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(end);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, series.Count);
        var k = options.States;
        var (trends, volatilities, starts) = RegimeObservations.Of(series, Math.Max(0, end - MostCandles), end);
        if (trends.Length < k * LeastStepsPerState)
        {
            throw new ArgumentException(
                $"a fit of {k} regimes needs {k * LeastStepsPerState} candles that follow {RegimeObservations.MeasureCandles} others without a gap, "
                + $"{series.Symbol} {series.Interval} had {trends.Length} among {end}",
                nameof(series));
        }

        var x = Standard.Of(trends, centred: false);
        var y = Standard.Of(volatilities, centred: true);
        x.Apply(trends);
        y.Apply(volatilities);
        var fit = new BaumWelch(trends, volatilities, starts, k);
        var warm = start is not null && start.States.Count == k && start.MeasureCandles == RegimeObservations.MeasureCandles ? start : null;
        var parameters = warm is null
            ? Ordered(Best(fit, trends, volatilities, k))
            : fit.Run(Standardised(warm, x, y), WarmIterations, Tolerance).Parameters;
        var names = RegimeNaming.Of(parameters, RegimeObservations.MeasureCandles, warm?.Names);
        var states = new RegimeState[k];
        for (var s = 0; s < k; s++)
        {
            states[s] = new RegimeState(
                names[s],
                x.Centre + (x.Scale * parameters.MeanX[s]),
                x.Scale * Math.Sqrt(parameters.VarX[s]),
                y.Centre + (y.Scale * parameters.MeanY[s]),
                y.Scale * Math.Sqrt(parameters.VarY[s]));
        }

        return new RegimeSet(options.Window, RegimeObservations.MeasureCandles, options.Hysteresis, states, parameters.Transitions);
    }

    /// <summary>Returns whether the candles <c>[0, end)</c> hold enough unbroken history for a fit.</summary>
    public static bool CanFit(CandleSeries series, int end, RegimeOptions options)
    {
        var steps = 0;
        for (var i = Math.Max(0, end - MostCandles) + RegimeObservations.MeasureCandles; i < end; i++)
        {
            steps += series.IsContiguous(i, RegimeObservations.MeasureCandles + 1) ? 1 : 0;
        }

        return steps >= options.States * LeastStepsPerState;
    }

    private static BaumWelch.Parameters Best(BaumWelch fit, double[] x, double[] y, int k)
    {
        BaumWelch.Parameters? best = null;
        var most = double.NegativeInfinity;
        foreach (var part in Partitions(x, y, k))
        {
            var (parameters, likelihood) = fit.Run(FromPartition(x, y, part, k), FirstIterations, Tolerance);
            if (best is null || likelihood > most)
            {
                (best, most) = (parameters, likelihood);
            }
        }

        return fit.Run(best!, MoreIterations, Tolerance).Parameters;
    }

    // Starts: split by volatility; split by trend; calm against trends among the turbulent; turbulent against trends among the calm.
    private static IEnumerable<int[]> Partitions(double[] x, double[] y, int k)
    {
        var rankX = ShareBelow(x);
        var rankY = ShareBelow(y);
        yield return Array.ConvertAll(rankY, r => Math.Min((int)(r * k), k - 1));
        yield return Array.ConvertAll(rankX, r => Math.Min((int)(r * k), k - 1));
        if (k > 2)
        {
            foreach (var turbulentTrends in (bool[])[true, false])
            {
                var part = new int[x.Length];
                for (var t = 0; t < part.Length; t++)
                {
                    part[t] = rankY[t] > 0.5 == turbulentTrends ? 1 + Math.Min((int)(rankX[t] * (k - 1)), k - 2) : 0;
                }

                yield return part;
            }
        }
    }

    private static double[] ShareBelow(double[] values)
    {
        var order = new int[values.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        // Ties keep their order in time: Array.Sort alone would leave it open.
        Array.Sort(order, (a, b) => values[a] != values[b] ? values[a].CompareTo(values[b]) : a.CompareTo(b));
        var shares = new double[values.Length];
        for (var i = 0; i < order.Length; i++)
        {
            shares[order[i]] = (double)i / order.Length;
        }

        return shares;
    }

    private static BaumWelch.Parameters FromPartition(double[] x, double[] y, int[] part, int k)
    {
        var p = BaumWelch.Parameters.Sticky(k, Stay);
        for (var s = 0; s < k; s++)
        {
            double n = 0, sumX = 0, sumXX = 0, sumY = 0, sumYY = 0;
            for (var t = 0; t < part.Length; t++)
            {
                if (part[t] == s)
                {
                    n++;
                    sumX += x[t];
                    sumXX += x[t] * x[t];
                    sumY += y[t];
                    sumYY += y[t] * y[t];
                }
            }

            if (n > 0)
            {
                p.MeanX[s] = sumX / n;
                p.MeanY[s] = sumY / n;
                p.VarX[s] = Math.Max((sumXX / n) - (p.MeanX[s] * p.MeanX[s]), 0.1);
                p.VarY[s] = Math.Max((sumYY / n) - (p.MeanY[s] * p.MeanY[s]), 0.1);
            }
        }

        return p;
    }

    private static BaumWelch.Parameters Standardised(RegimeSet set, Standard x, Standard y)
    {
        var states = set.States;
        double[] Map(Func<RegimeState, double> of) => [.. states.Select(of)];
        return new BaumWelch.Parameters(
            Map(s => (s.TrendMean - x.Centre) / x.Scale),
            Map(s => s.TrendDeviation / x.Scale * (s.TrendDeviation / x.Scale)),
            Map(s => (s.VolatilityMean - y.Centre) / y.Scale),
            Map(s => s.VolatilityDeviation / y.Scale * (s.VolatilityDeviation / y.Scale)),
            [.. set.Transitions],
            new double[states.Count]);
    }

    // A first fit numbers its states by volatility, then trend, so that equal markets get equal numbers.
    private static BaumWelch.Parameters Ordered(BaumWelch.Parameters p)
    {
        var k = p.MeanX.Length;
        var order = Enumerable.Range(0, k).OrderBy(s => p.MeanY[s]).ThenBy(s => p.MeanX[s]).ToArray();
        double[] Pick(double[] values) => [.. order.Select(s => values[s])];
        var transitions = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                transitions[(i * k) + j] = p.Transitions[(order[i] * k) + order[j]];
            }
        }

        return new BaumWelch.Parameters(Pick(p.MeanX), Pick(p.VarX), Pick(p.MeanY), Pick(p.VarY), transitions, Pick(p.Weights));
    }

    /// <summary>Centre and scale of one observation over the fitted rows.</summary>
    private readonly record struct Standard(double Centre, double Scale)
    {
        public static Standard Of(double[] values, bool centred)
        {
            var centre = centred ? values.Average() : 0;
            var scale = Math.Sqrt(values.Sum(v => (v - centre) * (v - centre)) / values.Length);
            return new Standard(centre, scale > 1e-12 ? scale : 1);
        }

        public void Apply(double[] values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (values[i] - Centre) / Scale;
            }
        }
    }
}
