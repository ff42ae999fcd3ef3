namespace TicketBot.Learning.Training;

/// <summary>Layer rates of fine-tuning, in the form of <see cref="TrainingOptions.LayerRates"/>.</summary>
public static class FineTuning
{
    /// <summary>Divisor of the step size from one gene with weights to the next below it (Howard and Ruder 2018).</summary>
    public const double DefaultDivisor = 2.6;

    /// <summary>Returns rates of 1 above a gene and 0 for it and all below it: those are feature extraction, running statistics included.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="lastFrozen">Last gene that stays, from 0 (nothing does) to the number of genes.</param>
    public static IReadOnlyList<double> FrozenUpTo(Architecture architecture, int lastFrozen)
    {
        RequireGene(architecture, lastFrozen);
        return [.. Enumerable.Range(1, architecture.Layers.Count + 1).Select(gene => gene <= lastFrozen ? 0.0 : 1.0)];
    }

    /// <summary>Returns discriminative rates: 1 for the output layer, divided once for each gene with weight matrices on the way down; norms go with the gene they stand
    /// behind, and genes up to <paramref name="lastFrozen"/> stay.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="lastFrozen">Last gene that stays, from 0 (nothing does) to the number of genes.</param>
    /// <param name="divisor">At least 1.</param>
    public static IReadOnlyList<double> Discriminative(Architecture architecture, int lastFrozen = 0, double divisor = DefaultDivisor)
    {
        RequireGene(architecture, lastFrozen);
        ArgumentOutOfRangeException.ThrowIfLessThan(divisor, 1.0);
        int[] weighted = [.. architecture.Parameters.Where(shape => shape.IsPrunable).Select(shape => shape.Layer).Distinct().Order()];
        double[] rates = new double[architecture.Layers.Count + 1];
        double rate = 1.0;
        for (int gene = rates.Length; gene >= 1; gene--)
        {
            rates[gene - 1] = gene <= lastFrozen ? 0.0 : rate;
            if (weighted.Contains(gene))
            {
                rate /= divisor;
            }
        }

        return rates;
    }

    /// <summary>Returns the number of the last gene with weight matrices at or below another; 0 if there is none.</summary>
    public static int LastWeightedGene(Architecture architecture, int atOrBelow) =>
        architecture.Parameters.Where(shape => shape.IsPrunable && !shape.IsOutput && shape.Layer <= atOrBelow).Select(shape => shape.Layer).DefaultIfEmpty(0).Max();

    private static void RequireGene(Architecture architecture, int gene)
    {
        if (gene < 0 || gene > architecture.Layers.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(gene), gene, $"expected a gene from 0 to {architecture.Layers.Count} of {architecture}");
        }
    }
}
