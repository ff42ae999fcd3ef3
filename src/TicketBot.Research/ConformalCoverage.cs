using TicketBot.Research.Statistics;

namespace TicketBot.Research;

/// <summary>How often the interval around each stated probability held what happened, when its width learns from the misses before. Shown, no gate looks at it.</summary>
/// <param name="Target">Share of outcomes that the intervals promise to hold, 0..1.</param>
/// <param name="Coverage">Share that they held.</param>
/// <param name="Allowed">How far the two may lie apart whatever the market does (Gibbs and Candes 2021, proposition 4.1).</param>
/// <param name="Decisive">Share of rows whose interval held one of the two outcomes only: the others say nothing.</param>
/// <param name="Rows">Rows.</param>
public sealed record ConformalCoverage(double Target, double Coverage, double Allowed, double Decisive, int Rows)
{
    private const double MissTarget = 0.1;
    private const double Step = 0.02; // Some hundred misses are forgotten in a thousand rows.
    private const int Window = 500;

    /// <summary>Returns the coverage of probabilities in the order of time; the outcome is 1 for a rise and 0 else.</summary>
    /// <param name="probabilityUp">Stated probabilities of a rise, at least one.</param>
    /// <param name="rose">Whether each came, as many.</param>
    /// <exception cref="ArgumentException">Nothing is given, or the lengths differ.</exception>
    public static ConformalCoverage Of(ReadOnlySpan<double> probabilityUp, ReadOnlySpan<bool> rose)
    {
        if (probabilityUp.Length == 0 || rose.Length != probabilityUp.Length)
        {
            throw new ArgumentException($"probabilities and outcomes must be equally many and not empty, were {probabilityUp.Length} and {rose.Length}", nameof(probabilityUp));
        }

        var intervals = new AdaptiveConformal(MissTarget, Step, Window);
        var decisive = 0;
        for (var i = 0; i < rose.Length; i++)
        {
            var (up, wide) = (probabilityUp[i], intervals.HalfWidth);
            decisive += (up <= wide ? 1 : 0) + (1 - up <= wide ? 1 : 0) == 1 ? 1 : 0;
            intervals.Observe(up, rose[i] ? 1 : 0);
        }

        var rows = (int)intervals.Observed;
        return new ConformalCoverage(
            1 - MissTarget, 1 - ((double)intervals.Missed / rows), Math.Min(1, (Math.Max(MissTarget, 1 - MissTarget) + Step) / (rows * Step)), (double)decisive / rows, rows);
    }
}
