namespace TicketBot.Research.Statistics;

/// <summary>The mean squared error of stated probabilities and its parts: score = reliability - resolution + uncertainty + within.</summary>
/// <remarks>Brier (1950); Murphy, "A new vector partition of the probability score", Journal of Applied Meteorology 12, 1973. Murphy's three parts add up only where all forecasts
/// of a bin are equal; what is left of the bins (Stephenson, Coelho and Jolliffe 2008) stands in <see cref="Within"/>, so that the sum is exact.</remarks>
/// <param name="Score">The mean squared error, 0 (perfect) to 1; 0.25 for always saying one half.</param>
/// <param name="Reliability">Mean squared distance between hit rate and mean forecast over the bins; 0 is calibrated.</param>
/// <param name="Resolution">Mean squared distance between a bin's hit rate and the base rate; more is better.</param>
/// <param name="Uncertainty">Base rate times one minus base rate: the score of always saying the base rate.</param>
/// <param name="Within">Variance of forecasts within bins minus twice their covariance with outcomes.</param>
public readonly record struct BrierScore(double Score, double Reliability, double Resolution, double Uncertainty, double Within)
{
    /// <summary>Returns the score with its parts over bins of equal width from 0 to 1.</summary>
    /// <param name="forecasts">Stated probabilities, 0..1, at least one.</param>
    /// <param name="came">Whether each came true, as many.</param>
    /// <param name="bins">Bins, at least 1.</param>
    /// <exception cref="ArgumentException">Lengths differ, nothing is given, or a forecast lies outside.</exception>
    public static BrierScore Of(ReadOnlySpan<double> forecasts, ReadOnlySpan<bool> came, int bins = 10)
    {
        var curve = ReliabilityCurve.OfEqualWidth(forecasts, came, bins);
        double score = 0, hits = 0;
        for (var i = 0; i < forecasts.Length; i++)
        {
            var outcome = came[i] ? 1 : 0;
            score += (forecasts[i] - outcome) * (forecasts[i] - outcome);
            hits += outcome;
        }

        score /= forecasts.Length;
        var rate = hits / forecasts.Length;
        double reliability = 0, resolution = 0;
        foreach (var bin in curve.Bins)
        {
            var weight = (double)bin.Count / forecasts.Length;
            reliability += weight * (bin.MeanForecast - bin.HitRate) * (bin.MeanForecast - bin.HitRate);
            resolution += weight * (bin.HitRate - rate) * (bin.HitRate - rate);
        }

        var uncertainty = rate * (1 - rate);
        return new BrierScore(score, reliability, resolution, uncertainty, score - (reliability - resolution + uncertainty));
    }
}
