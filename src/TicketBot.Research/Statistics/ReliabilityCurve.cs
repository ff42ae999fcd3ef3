namespace TicketBot.Research.Statistics;

/// <summary>A bin of a reliability curve.</summary>
/// <param name="Low">Its lower edge, not in it unless it is the first bin.</param>
/// <param name="High">Its upper edge, in it.</param>
/// <param name="Count">Forecasts in it, at least 1.</param>
/// <param name="MeanForecast">Mean of its forecasts.</param>
/// <param name="HitRate">Share of its forecasts that came true.</param>
/// <param name="HitLow">Lower end of the hit rate's 95 % Wilson interval.</param>
/// <param name="HitHigh">Its upper end.</param>
public readonly record struct ReliabilityBin(double Low, double High, int Count, double MeanForecast, double HitRate, double HitLow, double HitHigh);

/// <summary>Stated probabilities against what happened, in bins: a calibrated forecaster's hit rates lie on the diagonal.</summary>
/// <remarks>Expected calibration error: Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015; bins of equal mass: Nguyen and
/// O'Connor (2015). The error of a calibrated forecaster is not zero but of the order of sqrt(bins / forecasts).</remarks>
public sealed class ReliabilityCurve
{
    private ReliabilityCurve(IReadOnlyList<ReliabilityBin> bins) => Bins = bins;

    /// <summary>The bins that hold a forecast, ascending.</summary>
    public IReadOnlyList<ReliabilityBin> Bins { get; }

    /// <summary>Expected calibration error: mean distance between hit rate and mean forecast, each bin by its forecasts, 0..1.</summary>
    public double ExpectedError
    {
        get
        {
            double sum = 0;
            var count = 0;
            foreach (var bin in Bins)
            {
                sum += bin.Count * Math.Abs(bin.HitRate - bin.MeanForecast);
                count += bin.Count;
            }

            return sum / count;
        }
    }

    /// <summary>Largest distance between a bin's hit rate and its mean forecast, 0..1.</summary>
    public double LargestError => Bins.Max(b => Math.Abs(b.HitRate - b.MeanForecast));

    /// <summary>Returns the curve over bins of equal width; those without a forecast are left out.</summary>
    /// <param name="forecasts">Stated probabilities within <paramref name="low"/> and <paramref name="high"/>, at least one.</param>
    /// <param name="came">Whether each came true, as many.</param>
    /// <param name="bins">Bins, at least 1.</param>
    /// <param name="low">Lower end of the first bin: 0 for probabilities, 0.5 for confidences of one of two sides.</param>
    /// <param name="high">Upper end of the last bin.</param>
    /// <exception cref="ArgumentException">Lengths differ, nothing is given, or a forecast lies outside.</exception>
    public static ReliabilityCurve OfEqualWidth(ReadOnlySpan<double> forecasts, ReadOnlySpan<bool> came, int bins, double low = 0, double high = 1)
    {
        var order = Sorted(forecasts, came, bins, low, high);
        var found = new List<ReliabilityBin>(bins);
        var start = 0;
        for (var bin = 0; bin < bins; bin++)
        {
            var (from, until) = (low + ((high - low) * bin / bins), bin == bins - 1 ? high : low + ((high - low) * (bin + 1) / bins));
            var end = start;
            while (end < order.Length && order[end].Forecast <= until)
            {
                end++;
            }

            if (end > start)
            {
                found.Add(BinOf(order.AsSpan(start, end - start), from, until));
            }

            start = end;
        }

        return new ReliabilityCurve(found);
    }

    /// <summary>Returns the curve over bins that hold equally many forecasts, but that equal forecasts share a bin.</summary>
    /// <param name="forecasts">Stated probabilities, 0..1, at least one.</param>
    /// <param name="came">Whether each came true, as many.</param>
    /// <param name="bins">Bins, at least 1.</param>
    /// <exception cref="ArgumentException">Lengths differ, nothing is given, or a forecast lies outside.</exception>
    public static ReliabilityCurve OfEqualMass(ReadOnlySpan<double> forecasts, ReadOnlySpan<bool> came, int bins)
    {
        var order = Sorted(forecasts, came, bins, 0, 1);
        var found = new List<ReliabilityBin>(bins);
        var start = 0;
        for (var bin = 0; bin < bins && start < order.Length; bin++)
        {
            var end = Math.Max(start, (int)((bin + 1L) * order.Length / bins));
            while (end > start && end < order.Length && order[end].Forecast == order[end - 1].Forecast)
            {
                end++;
            }

            if (end > start)
            {
                found.Add(BinOf(order.AsSpan(start, end - start), start == 0 ? order[0].Forecast : order[start - 1].Forecast, order[end - 1].Forecast));
            }

            start = end;
        }

        return new ReliabilityCurve(found);
    }

    private static ReliabilityBin BinOf(ReadOnlySpan<(double Forecast, bool Came)> forecasts, double low, double high)
    {
        double sum = 0;
        var hits = 0;
        foreach (var (forecast, came) in forecasts)
        {
            sum += forecast;
            hits += came ? 1 : 0;
        }

        var interval = WilsonInterval.Of(hits, forecasts.Length);
        return new ReliabilityBin(low, high, forecasts.Length, sum / forecasts.Length, (double)hits / forecasts.Length, interval.Low, interval.High);
    }

    // By forecast, then by outcome, so that the order in which they are given decides no bit.
    private static (double Forecast, bool Came)[] Sorted(ReadOnlySpan<double> forecasts, ReadOnlySpan<bool> came, int bins, double low, double high)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        if (forecasts.Length == 0 || came.Length != forecasts.Length)
        {
            throw new ArgumentException($"forecasts and outcomes must be equally many and not empty, were {forecasts.Length} and {came.Length}", nameof(forecasts));
        }

        var order = new (double Forecast, bool Came)[forecasts.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = forecasts[i] >= low && forecasts[i] <= high
                ? (forecasts[i], came[i])
                : throw new ArgumentException($"a forecast lies between {low} and {high}, number {i} was {forecasts[i]}", nameof(forecasts));
        }

        Array.Sort(order);
        return order;
    }
}
