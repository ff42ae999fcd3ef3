using TicketBot.Learning;

namespace TicketBot.Research.ArchitectureSearch.Predictors;

/// <summary>Says of candidates that were not tried how promising they are, from those that were.</summary>
internal abstract class Predictor
{
    /// <summary>Returns a score per candidate asked about, larger for a more promising one.</summary>
    /// <param name="known">Features of the candidates that were tried.</param>
    /// <param name="fitness">Their fitness.</param>
    /// <param name="asked">Features of those asked about.</param>
    /// <param name="rng">Chance.</param>
    public abstract double[] Scores(IReadOnlyList<float[]> known, IReadOnlyList<double> fitness, IReadOnlyList<float[]> asked, ref Rng rng);

    /// <summary>Returns the values less their mean, by their deviation.</summary>
    protected static double[] Standardised(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return [.. values.Select(value => deviation > 0 ? (value - mean) / deviation : 0)];
    }
}
