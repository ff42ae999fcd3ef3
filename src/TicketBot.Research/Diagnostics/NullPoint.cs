namespace TicketBot.Research.Diagnostics;

/// <summary>Bounds and p-values from draws under a null hypothesis.</summary>
internal static class NullPoint
{
    private const int FewestForAPoint = 40;

    /// <summary>Returns the 95 % point of the draws; with fewer than 40 their largest.</summary>
    public static double High(IReadOnlyList<double> draws)
    {
        double[] sorted = [.. draws.Order()];
        return sorted.Length < FewestForAPoint ? sorted[^1] : sorted[(int)Math.Ceiling(0.95 * (sorted.Length + 1)) - 1];
    }

    /// <summary>Returns the p-value of a permutation test: (1 + draws at least as large) / (1 + draws) (Phipson and Smyth 2010).</summary>
    public static double PValue(double value, IReadOnlyList<double> draws) => (1.0 + draws.Count(draw => draw >= value)) / (1 + draws.Count);
}
