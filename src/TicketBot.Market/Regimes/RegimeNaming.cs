namespace TicketBot.Market.Regimes;

/// <summary>Names states by their means: <c>calm</c> or <c>turbulent</c> by volatility below or above that of all rows, <c>bull</c> or
/// <c>bear</c> when the mean trend is clearly away from zero, else <c>sideways</c>.</summary>
internal static class RegimeNaming
{
    // A label is taken on at the first number and given up at the second, so that a refit does not rename a state for a trifle.
    private const double TrendErrorsToEnter = 3;
    private const double TrendErrorsToKeep = 2;
    private const double VolatilityBand = 0.1;

    /// <summary>Returns the names, unique, in state order.</summary>
    /// <param name="p">Parameters in standardised units, whose zero volatility is that of all rows.</param>
    /// <param name="overlap">Steps that share data with one step: what the number of steps is divided by to count independent ones.</param>
    /// <param name="previous">Names before the refit, or <c>null</c>.</param>
    public static string[] Of(BaumWelch.Parameters p, int overlap, IReadOnlyList<string>? previous)
    {
        var k = p.MeanX.Length;
        var names = new string[k];
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var labels = new string[k];
        for (var s = 0; s < k; s++)
        {
            labels[s] = $"{Volatility(p, s, previous?[s])}-{Trend(p, s, overlap, previous?[s])}";
            if (previous is not null && LabelOf(previous[s]) == labels[s])
            {
                names[s] = previous[s];
                taken.Add(previous[s]);
            }
        }

        for (var s = 0; s < k; s++)
        {
            if (names[s] is null)
            {
                names[s] = labels[s];
                for (var ordinal = 2; !taken.Add(names[s]); ordinal++)
                {
                    names[s] = $"{labels[s]}-{ordinal}";
                }
            }
        }

        return names;
    }

    private static string LabelOf(string name)
    {
        var parts = name.Split('-');
        return parts.Length < 2 ? name : $"{parts[0]}-{parts[1]}";
    }

    private static string Volatility(BaumWelch.Parameters p, int state, string? previous)
    {
        var mean = p.MeanY[state];
        if (previous is not null && Math.Abs(mean) < VolatilityBand)
        {
            return previous.StartsWith("calm", StringComparison.Ordinal) ? "calm" : "turbulent";
        }

        return mean <= 0 ? "calm" : "turbulent";
    }

    private static string Trend(BaumWelch.Parameters p, int state, int overlap, string? previous)
    {
        var independent = Math.Max(p.Weights[state] / overlap, 1e-9);
        var errors = p.MeanX[state] / Math.Sqrt(p.VarX[state] / independent);
        var label = errors > 0 ? "bull" : "bear";
        var kept = previous is not null && previous.Contains(label, StringComparison.Ordinal);
        return Math.Abs(errors) > (kept ? TrendErrorsToKeep : TrendErrorsToEnter) ? label : "sideways";
    }
}
