namespace TicketBot.Learning.Pruning;

/// <summary>A mask without data or training (SynFlow, Tanaka et al. 2020): in many small rounds the weights that carry the least flow go, where the flow of the whole
/// network is the sum of its outputs for inputs of one under the sizes of its weights. See <see cref="PathFlow"/> for what flows through each kind of layer.
/// Recomputing the flow after every round keeps a way open through every layer, at densities where one ranking of magnitudes closes some.</summary>
/// <remarks>In double precision, as in the authors' code: a flow is a product over layers and leaves the range of float in deep or wide networks. Plain
/// loops in a fixed order; the bits are the same on every machine.</remarks>
public static class SynFlow
{
    /// <summary>Rounds of the paper.</summary>
    public const int Rounds = 100;

    /// <summary>Returns the mask that keeps exactly <c>total - floor((1 - density) total)</c> weights, all layers ranked together; round i of n keeps the share
    /// rho^(i/n) of what the given mask keeps. The network is not changed. Equal flows go by lower layer, then lower index.</summary>
    /// <param name="network">A network, usually freshly drawn.</param>
    /// <param name="mask">Which weights live at the start.</param>
    /// <param name="density">Share of all prunable weights to keep, above 0 to 1; a mask that keeps fewer is returned as it is.</param>
    /// <param name="rounds">Rounds, at least 1.</param>
    /// <exception cref="ArgumentException">Mask and network do not fit together, or a flow is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The density or the rounds are out of range.</exception>
    public static MaskSet Prune(Network network, MaskSet mask, double density, int rounds = Rounds)
    {
        if (!(density > 0.0 && density <= 1.0))
        {
            throw new ArgumentOutOfRangeException(nameof(density), density, "expected a density above 0 and at most 1");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        mask.RequireArchitecture(network.Architecture);
        int target = mask.Total - MagnitudePruning.CountOf(1.0 - density, mask.Total);
        if (mask.Remaining <= target)
        {
            return mask;
        }

        var flow = new PathFlow(network.Architecture);
        float[][] weights = network.CaptureWeights();
        bool[]?[] masks = mask.ToArrays();
        double logShare = PortableMath.Log((double)target / mask.Remaining);
        int remaining = mask.Remaining;
        for (int round = 1; round <= rounds; round++)
        {
            int keep = round == rounds ? target : Math.Max(target, (int)Math.Round(mask.Remaining * PortableMath.Exp(logShare * round / rounds)));
            if (keep < remaining)
            {
                RemoveLowest(flow.ScoresOf(weights, masks), masks, remaining - keep);
                remaining = keep;
            }
        }

        return MaskSet.Wrap(mask.Architecture, masks);
    }

    /// <summary>Returns the flow through every weight, |dR/dw * w|, one array per parameter, zeros outside the mask and for what is never pruned.</summary>
    /// <exception cref="ArgumentException">Mask and network do not fit together, or a flow is not finite.</exception>
    public static IReadOnlyList<double[]> ScoresOf(Network network, MaskSet mask)
    {
        mask.RequireArchitecture(network.Architecture);
        return new PathFlow(network.Architecture).ScoresOf(network.CaptureWeights(), mask.ToArrays());
    }

    private static void RemoveLowest(double[][] scores, bool[]?[] masks, int count)
    {
        var living = new List<double>();
        for (int p = 0; p < masks.Length; p++)
        {
            for (int i = 0; masks[p] is { } mask && i < mask.Length; i++)
            {
                if (mask[i])
                {
                    living.Add(scores[p][i]);
                }
            }
        }

        living.Sort();
        double threshold = living[count - 1];
        int ties = count - living.TakeWhile(score => score < threshold).Count();
        for (int p = 0; p < masks.Length; p++)
        {
            for (int i = 0; masks[p] is { } mask && i < mask.Length; i++)
            {
                if (mask[i] && (scores[p][i] < threshold || (scores[p][i] == threshold && ties-- > 0)))
                {
                    mask[i] = false;
                }
            }
        }
    }
}
