using TicketBot.Domain;
using TicketBot.Learning;
using TicketBot.Research.Statistics;

namespace TicketBot.Research.Backtests;

/// <summary>Where the true value of a figure is believed to lie.</summary>
/// <param name="Low">Lower end, or <c>null</c> when there is none.</param>
/// <param name="High">Upper end, or <c>null</c> when there is none: a profit factor of draws without a loss.</param>
public readonly record struct MetricInterval(double? Low, double? High);

/// <summary>Two-sided intervals of 95 % of the figures that have a target, by resampling days or trades in blocks: neighbours stay together, for wins and
/// quiet weeks come in rows.</summary>
/// <remarks>Stationary bootstrap (Politis and Romano 1994), mean block the cube root of the number of observations. Means use the basic interval,
/// ratios the percentiles of the draws. The interval of the win rate is never narrower than Wilson's (1927), for a handful of equal outcomes
/// resamples to itself. Fewer than <see cref="FewestDays"/> days or <see cref="FewestTrades"/> trades have no interval.</remarks>
public sealed record BacktestIntervals
{
    /// <summary>Chance that the interval of a figure does not hold it.</summary>
    public const double Alpha = 0.05;

    /// <summary>Days below which nothing is resampled.</summary>
    public const int FewestDays = 20;

    /// <summary>Trades below which nothing is resampled.</summary>
    public const int FewestTrades = 10;

    private const double Z = 1.959963984540054; // 97.5 % point of the normal law.

    /// <summary>Sharpe ratio.</summary>
    public MetricInterval? Sharpe { get; init; }

    /// <summary>Sortino ratio.</summary>
    public MetricInterval? Sortino { get; init; }

    /// <summary>Calmar ratio.</summary>
    public MetricInterval? Calmar { get; init; }

    /// <summary>Largest drawdown of a test as long as this one.</summary>
    public MetricInterval? MaxDrawdown { get; init; }

    /// <summary>Share of trades that earned.</summary>
    public MetricInterval? WinRate { get; init; }

    /// <summary>Profit factor.</summary>
    public MetricInterval? ProfitFactor { get; init; }

    /// <summary>Mean net return per trade, basis points.</summary>
    public MetricInterval? ExpectancyBp { get; init; }

    /// <summary>Share of signals whose direction was right.</summary>
    public MetricInterval? Accuracy { get; init; }

    /// <summary>Returns the intervals.</summary>
    /// <param name="days">Days of the test.</param>
    /// <param name="trades">Closed positions in the order of their end.</param>
    /// <param name="rightSignals">Of each signal in order whether its direction was right.</param>
    /// <param name="draws">Resamplings, at least 200.</param>
    /// <param name="seed">Seed of the chance.</param>
    public static BacktestIntervals Of(
        IReadOnlyList<EquityDay> days, IReadOnlyList<BacktestTrade> trades, IReadOnlyList<bool> rightSignals, int draws, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 200);
        var rng = new Rng(seed);
        var (ofDays, ofTrades) = (new BacktestIntervals(), new BacktestIntervals());
        if (days.Count >= FewestDays)
        {
            double[] returns = [.. days.Select(d => d.Return)];
            var drawn = new double[days.Count];
            var order = new int[days.Count];
            double[] sharpe = new double[draws], sortino = new double[draws], calmar = new double[draws], depth = new double[draws];
            var stream = rng.Split(1);
            for (var draw = 0; draw < draws; draw++)
            {
                Draw(order, ref stream);
                for (var i = 0; i < order.Length; i++)
                {
                    drawn[i] = returns[order[i]];
                }

                depth[draw] = Drawdown.DepthOf(days, order);
                sharpe[draw] = PerformanceRatios.Sharpe(drawn) ?? double.NaN;
                sortino[draw] = PerformanceRatios.Sortino(drawn) ?? double.NaN;
                calmar[draw] = PerformanceRatios.Calmar(drawn, depth[draw]) ?? double.NaN;
            }

            ofDays = new BacktestIntervals { Sharpe = Percentiles(sharpe), Sortino = Percentiles(sortino), Calmar = Percentiles(calmar), MaxDrawdown = Percentiles(depth) };
        }

        if (trades.Count >= FewestTrades)
        {
            double[] net = [.. trades.Select(t => (double)t.Net.Value)];
            var order = new int[net.Length];
            var factor = new double[draws];
            var stream = rng.Split(2);
            for (var draw = 0; draw < draws; draw++)
            {
                Draw(order, ref stream);
                double earned = 0, lost = 0;
                foreach (var i in order)
                {
                    (earned, lost) = net[i] > 0 ? (earned + net[i], lost) : (earned, lost - net[i]);
                }

                factor[draw] = lost > 0 ? earned / lost : double.PositiveInfinity;
            }

            ofTrades = new BacktestIntervals
            {
                ProfitFactor = Percentiles(factor),
                WinRate = OfShare([.. trades.Select(t => t.Net > Money.Zero)], draws, rng.Split(3)),
                ExpectancyBp = OfMean([.. trades.Select(t => t.NetBp)], draws, rng.Split(4)),
            };
        }

        return ofDays with
        {
            ProfitFactor = ofTrades.ProfitFactor, WinRate = ofTrades.WinRate, ExpectancyBp = ofTrades.ExpectancyBp,
            Accuracy = rightSignals.Count >= FewestTrades ? OfShare([.. rightSignals], draws, rng.Split(5)) : null,
        };
    }

    /// <summary>Returns the mean block length for a number of observations: its cube root, at least 1.</summary>
    public static double BlockOf(int observations) => Math.Max(1, Math.Round(Math.Cbrt(observations)));

    private static MetricInterval OfMean(double[] values, int draws, Rng rng)
    {
        var bound = StationaryBootstrap.OfMean(values, Alpha / 2, BlockOf(values.Length), draws, rng);
        return new MetricInterval(bound.Lower, bound.Upper);
    }

    private static MetricInterval OfShare(bool[] hits, int draws, Rng rng)
    {
        var drawn = OfMean([.. hits.Select(h => h ? 1.0 : 0)], draws, rng);
        var (n, share) = ((double)hits.Length, hits.Count(h => h) / (double)hits.Length);
        var centre = (share + (Z * Z / (2 * n))) / (1 + (Z * Z / n));
        var reach = Z / (1 + (Z * Z / n)) * Math.Sqrt((share * (1 - share) / n) + (Z * Z / (4 * n * n)));
        return new MetricInterval(Math.Max(0, Math.Min(drawn.Low!.Value, centre - reach)), Math.Min(1, Math.Max(drawn.High!.Value, centre + reach)));
    }

    private static void Draw(int[] order, ref Rng rng)
    {
        var block = BlockOf(order.Length);
        var at = 0;
        for (var i = 0; i < order.Length; i++)
        {
            at = i == 0 || rng.NextDouble() * block < 1 ? rng.NextInt(order.Length) : (at + 1) % order.Length;
            order[i] = at;
        }
    }

    // Draws in which the figure does not exist say nothing of it; where they are many, there is no interval.
    private static MetricInterval? Percentiles(double[] values)
    {
        double[] sorted = [.. values.Where(v => !double.IsNaN(v)).Order()];
        if (sorted.Length < 0.9 * values.Length)
        {
            return null;
        }

        double? At(double level) => sorted[Math.Clamp((int)Math.Ceiling(level * sorted.Length) - 1, 0, sorted.Length - 1)] is var v && double.IsFinite(v) ? v : null;
        return new MetricInterval(At(Alpha / 2), At(1 - (Alpha / 2)));
    }
}
