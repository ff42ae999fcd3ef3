using TicketBot.Learning;

namespace TicketBot.Research.ArchitectureSearch.Pareto;

/// <summary>Genomes of real numbers in a box: simulated binary crossover (Deb and Agrawal 1995) and polynomial mutation (Deb and Goyal 1996), both in their bounded form,
/// crossover with chance 0.9 and 0.5 per variable, mutation with chance one by the number of variables.</summary>
/// <remarks>Crossover reaches wider (index 5) and mutation less far (index 40) than is usual (15 and 20): those come to rest before an optimum that is no bound of the box.</remarks>
/// <param name="low">Lower bound per variable.</param>
/// <param name="high">Upper bound per variable, above the lower one.</param>
public sealed class RealBreeding(double[] low, double[] high) : Breeding<double[]>
{
    private const double CrossChance = 0.9;
    private const double VariableChance = 0.5;
    private const double CrossIndex = 5;
    private const double MutationIndex = 40;
    private const double Same = 1e-14;

    /// <inheritdoc/>
    public override double[] Draw(ref Rng rng)
    {
        var values = new double[low.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = low[i] + (rng.NextDouble() * (high[i] - low[i]));
        }

        return values;
    }

    /// <inheritdoc/>
    public override (double[] First, double[] Second) Breed(double[] first, double[] second, ref Rng rng)
    {
        double[] one = [.. first], two = [.. second];
        if (rng.NextDouble() < CrossChance)
        {
            for (var i = 0; i < one.Length; i++)
            {
                if (rng.NextDouble() < VariableChance && Math.Abs(one[i] - two[i]) > Same)
                {
                    Cross(ref one[i], ref two[i], low[i], high[i], ref rng);
                }
            }
        }

        Mutate(one, ref rng);
        Mutate(two, ref rng);
        return (one, two);
    }

    /// <inheritdoc/>
    public override bool AreSame(double[] first, double[] second) => first.AsSpan().SequenceEqual(second);

    private static void Cross(ref double first, ref double second, double low, double high, ref Rng rng)
    {
        var (small, large) = (Math.Min(first, second), Math.Max(first, second));
        var (gap, chance) = (large - small, rng.NextDouble());
        double Spread(double toBound)
        {
            var alpha = 2 - Power(1 + (2 * toBound / gap), -(CrossIndex + 1));
            return Power(chance <= 1 / alpha ? chance * alpha : 1 / (2 - (chance * alpha)), 1 / (CrossIndex + 1));
        }

        var below = Math.Clamp(0.5 * (small + large - (Spread(small - low) * gap)), low, high);
        var above = Math.Clamp(0.5 * (small + large + (Spread(high - large) * gap)), low, high);
        (first, second) = (rng.NextDouble() < 0.5) ^ (first > second) ? (above, below) : (below, above);
    }

    private void Mutate(double[] values, ref Rng rng)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (rng.NextDouble() >= 1.0 / values.Length)
            {
                continue;
            }

            var (width, chance) = (high[i] - low[i], rng.NextDouble());
            var left = 1 - ((values[i] - low[i]) / width);
            var right = 1 - ((high[i] - values[i]) / width);
            var move = chance < 0.5
                ? Power((2 * chance) + ((1 - (2 * chance)) * Power(left, MutationIndex + 1)), 1 / (MutationIndex + 1)) - 1
                : 1 - Power((2 * (1 - chance)) + (2 * (chance - 0.5) * Power(right, MutationIndex + 1)), 1 / (MutationIndex + 1));
            values[i] = Math.Clamp(values[i] + (move * width), low[i], high[i]);
        }
    }

    private static double Power(double x, double exponent) => x <= 0 ? 0 : PortableMath.Exp(exponent * PortableMath.Log(x));
}
