using MathNet.Numerics.Distributions;

namespace TicketBot.Research.Statistics;

/// <summary>The score interval of a share: unlike the plain one it stays within 0..1 and holds its level for few trials.</summary>
/// <remarks>Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.</remarks>
/// <param name="Low">Lower end, 0..1.</param>
/// <param name="High">Upper end, 0..1.</param>
public readonly record struct WilsonInterval(double Low, double High)
{
    /// <summary>Returns the two-sided interval of <paramref name="hits"/> in <paramref name="trials"/>.</summary>
    /// <param name="hits">Hits, 0 to the number of trials.</param>
    /// <param name="trials">Trials, at least 1.</param>
    /// <param name="alpha">Share of the time that the truth may lie outside, above 0 and below 1.</param>
    public static WilsonInterval Of(int hits, int trials, double alpha = 0.05)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        if (hits < 0 || hits > trials)
        {
            throw new ArgumentOutOfRangeException(nameof(hits), hits, $"hits lie between 0 and the {trials} trials, were {hits}");
        }

        var z = Normal.InvCDF(0, 1, 1 - (alpha / 2));
        var share = (double)hits / trials;
        var scale = 1 + (z * z / trials);
        var centre = (share + (z * z / (2 * trials))) / scale;
        var half = z / scale * Math.Sqrt((share * (1 - share) / trials) + (z * z / (4.0 * trials * trials)));
        return new WilsonInterval(hits == 0 ? 0 : centre - half, hits == trials ? 1 : centre + half);
    }
}
