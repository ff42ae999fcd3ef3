namespace TicketBot.Learning.Pruning;

/// <summary>Random masks of a given density to train from: starts of dynamic sparse training and untrained controls. The whole network keeps exactly
/// <c>total - floor((1 - density) total)</c> weights; each gate of a recurrent layer counts as a layer of its own.</summary>
public static class RandomTopology
{
    /// <summary>Returns a random mask that keeps the same share of every layer, within one weight.</summary>
    /// <param name="architecture">The layer stack.</param>
    /// <param name="density">Share of all prunable weights to keep, above 0 to 1.</param>
    /// <param name="rng">Stream of the draw.</param>
    /// <exception cref="ArgumentOutOfRangeException">The density is not above 0 and at most 1.</exception>
    public static MaskSet Uniform(Architecture architecture, double density, ref Rng rng) => Draw(architecture, density, _ => 1.0, ref rng);

    /// <summary>Returns a random mask whose layers keep shares in proportion to (inputs + outputs + taps) / (inputs * outputs * taps), taps only where there are any: the
    /// Erdos-Renyi-Kernel densities (Mocanu et al. 2018, Evci et al. 2020). Layers whose share would pass 1 stay dense and the others make up for it.</summary>
    /// <param name="architecture">The layer stack.</param>
    /// <param name="density">Share of all prunable weights to keep, above 0 to 1.</param>
    /// <param name="rng">Stream of the draw.</param>
    /// <exception cref="ArgumentOutOfRangeException">The density is not above 0 and at most 1.</exception>
    public static MaskSet ErdosRenyiKernel(Architecture architecture, double density, ref Rng rng) =>
        Draw(architecture, density, shape => KernelShare(architecture, shape), ref rng);

    private static double KernelShare(Architecture architecture, ParameterShape shape)
    {
        double outputs = (double)shape.Rows / shape.Groups;
        if (shape.Layer <= architecture.Layers.Count && architecture.Layers[shape.Layer - 1] is Gene.Conv1D convolution && shape.Name.EndsWith(".weight", StringComparison.Ordinal))
        {
            double inputs = (double)shape.Columns / convolution.Kernel;
            return (inputs + outputs + convolution.Kernel) / (inputs * outputs * convolution.Kernel);
        }

        return (shape.Columns + outputs) / (shape.Columns * outputs);
    }

    private static MaskSet Draw(Architecture architecture, double density, Func<ParameterShape, double> shareOf, ref Rng rng)
    {
        if (!(density > 0.0 && density <= 1.0))
        {
            throw new ArgumentOutOfRangeException(nameof(density), density, "expected a density above 0 and at most 1");
        }

        var groups = new List<(int Parameter, int First, int Size, double Share)>();
        bool[]?[] masks = new bool[]?[architecture.Parameters.Count];
        for (int p = 0; p < masks.Length; p++)
        {
            ParameterShape shape = architecture.Parameters[p];
            if (!shape.IsPrunable)
            {
                continue;
            }

            masks[p] = new bool[shape.Count];
            int size = shape.Count / shape.Groups;
            for (int first = 0; first < shape.Count; first += size)
            {
                groups.Add((p, first, size, shareOf(shape)));
            }
        }

        int total = groups.Sum(group => group.Size);
        int[] counts = Distribute([.. groups.Select(group => (group.Size, group.Share))], total - MagnitudePruning.CountOf(1.0 - density, total));
        for (int g = 0; g < counts.Length; g++)
        {
            (int p, int first, int size, _) = groups[g];
            Span<bool> mask = masks[p].AsSpan(first, size);
            mask[..counts[g]].Fill(true);
            rng.Shuffle(mask);
        }

        return MaskSet.Wrap(architecture, masks);
    }

    /// <summary>Gives out exactly <paramref name="count"/> places in proportion to size times share, none over its size; what rounding leaves goes to the largest
    /// remainders, ties to the first.</summary>
    private static int[] Distribute((int Size, double Share)[] groups, int count)
    {
        bool[] isFull = new bool[groups.Length];
        double factor;
        bool grew;
        do
        {
            double left = count;
            double weight = 0.0;
            for (int g = 0; g < groups.Length; g++)
            {
                left -= isFull[g] ? groups[g].Size : 0;
                weight += isFull[g] ? 0.0 : groups[g].Size * groups[g].Share;
            }

            factor = weight > 0.0 ? left / weight : 0.0;
            grew = false;
            for (int g = 0; g < groups.Length; g++)
            {
                if (!isFull[g] && factor * groups[g].Share >= 1.0)
                {
                    isFull[g] = grew = true;
                }
            }
        }
        while (grew);

        double[] exact = [.. groups.Select((group, g) => isFull[g] ? group.Size : factor * group.Share * group.Size)];
        int[] counts = [.. exact.Select((value, g) => Math.Min((int)value, groups[g].Size))];
        int rest = count - counts.Sum();
        foreach (int g in Enumerable.Range(0, groups.Length).Where(g => counts[g] < groups[g].Size).OrderByDescending(g => exact[g] - counts[g]).Take(rest))
        {
            counts[g]++;
        }

        return counts;
    }
}
