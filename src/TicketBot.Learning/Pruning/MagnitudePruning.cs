namespace TicketBot.Learning.Pruning;

/// <summary>Removes the smallest weights (Han et al. 2015). From R remaining weights exactly floor(rate x R) go; equal magnitudes go by lower
/// layer, then lower index. Biases are never pruned.</summary>
public static class MagnitudePruning
{
    /// <summary>Returns the mask after one pruning by the network's present weights; the network is not changed.</summary>
    /// <exception cref="ArgumentException">Mask and network do not fit together, a weight is NaN, or an option is out of range.</exception>
    public static MaskSet Prune(Network network, MaskSet mask, PruningOptions options) => Prune(network.CaptureWeights(), mask, options);

    /// <summary>Returns the mask after one pruning by the given weights.</summary>
    /// <exception cref="ArgumentException">Mask and weights do not fit together, a weight is NaN, or an option is out of range.</exception>
    public static MaskSet Prune(IReadOnlyList<float[]> weights, MaskSet mask, PruningOptions options)
    {
        Network.RequireShapes(mask.Architecture, weights, nameof(weights));
        RequireRange(options.Rate, nameof(options.Rate));
        RequireRange(options.OutputRate, nameof(options.OutputRate));
        ArgumentOutOfRangeException.ThrowIfNegative(options.KeepIncoming);
        bool[]?[] masks = mask.ToArrays();
        var hidden = new List<int>();
        for (int i = 0; i < masks.Length; i++)
        {
            if (masks[i] is null)
            {
                continue;
            }

            if (mask.Architecture.Parameters[i].IsOutput)
            {
                PruneTogether(weights, mask.Architecture, masks, [i], options.OutputRate, options.KeepIncoming);
            }
            else if (options.Scope == PruningScope.Layer)
            {
                PruneTogether(weights, mask.Architecture, masks, [i], options.Rate, options.KeepIncoming);
            }
            else
            {
                hidden.Add(i);
            }
        }

        PruneTogether(weights, mask.Architecture, masks, hidden, options.Rate, options.KeepIncoming);
        return MaskSet.Wrap(mask.Architecture, masks);
    }

    /// <summary>Returns how many of the remaining weights a rate removes: floor(rate x remaining), the rate taken at its decimal value so that
    /// 0.29 of 100 is 29.</summary>
    public static int CountOf(double rate, int remaining) => (int)decimal.Floor((decimal)rate * remaining);

    private static void RequireRange(double rate, string name)
    {
        if (!(rate >= 0.0 && rate <= 1.0))
        {
            throw new ArgumentOutOfRangeException(name, rate, "expected a share from 0 to 1");
        }
    }

    private static void PruneTogether(IReadOnlyList<float[]> weights, Architecture architecture, bool[]?[] masks, List<int> parameters, double rate, int keepIncoming)
    {
        var candidates = new List<(float Size, int Parameter, int Index)>();
        foreach (int p in parameters)
        {
            bool[] mask = masks[p]!;
            for (int i = 0; i < mask.Length; i++)
            {
                if (!mask[i])
                {
                    continue;
                }

                float size = MathF.Abs(weights[p][i]);
                if (float.IsNaN(size))
                {
                    throw new ArgumentException($"expected weights that are numbers, found NaN in {architecture.Parameters[p].Name} at {i}", nameof(weights));
                }

                candidates.Add((size, p, i));
            }
        }

        int toRemove = CountOf(rate, candidates.Count);
        candidates.Sort(static (a, b) =>
        {
            int order = a.Size.CompareTo(b.Size);
            order = order != 0 ? order : a.Parameter.CompareTo(b.Parameter);
            return order != 0 ? order : a.Index.CompareTo(b.Index);
        });
        Dictionary<(int, int), int>? incoming = keepIncoming > 0 ? CountIncoming(architecture, candidates) : null;
        foreach ((_, int p, int i) in candidates)
        {
            if (toRemove == 0)
            {
                return;
            }

            if (incoming is not null)
            {
                (int, int) neuron = (p, i / architecture.Parameters[p].Columns);
                if (incoming[neuron] <= keepIncoming)
                {
                    continue;
                }

                incoming[neuron]--;
            }

            masks[p]![i] = false;
            toRemove--;
        }
    }

    private static Dictionary<(int, int), int> CountIncoming(Architecture architecture, List<(float Size, int Parameter, int Index)> candidates)
    {
        var counts = new Dictionary<(int, int), int>();
        foreach ((_, int p, int i) in candidates)
        {
            (int, int) neuron = (p, i / architecture.Parameters[p].Columns);
            counts[neuron] = counts.GetValueOrDefault(neuron) + 1;
        }

        return counts;
    }
}
