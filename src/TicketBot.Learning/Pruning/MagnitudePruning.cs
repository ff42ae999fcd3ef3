namespace TicketBot.Learning.Pruning;

/// <summary>Removes the smallest weights (Han et al. 2015). From R remaining weights exactly floor(rate x R) go; equal magnitudes go by lower
/// layer, then lower index. Each gate of a recurrent layer is ranked by itself, else the gates with small weights vanish first; recurrent weights have
/// their own rate in layer and global scope. Only weight matrices are pruned. What is ranked may also be a score of the same shape, see <see cref="Saliency"/>.</summary>
public static class MagnitudePruning
{
    /// <summary>Returns the mask after one pruning by the network's present weights; the network is not changed.</summary>
    /// <exception cref="ArgumentException">Mask and network do not fit together, a weight is NaN, or an option is out of range.</exception>
    public static MaskSet Prune(Network network, MaskSet mask, PruningOptions options) => Prune(network.CaptureWeights(), mask, options);

    /// <summary>Returns the mask after one pruning by the given weights, or by scores in their place.</summary>
    /// <exception cref="ArgumentException">Mask and weights do not fit together, a weight is NaN, or an option is out of range.</exception>
    public static MaskSet Prune(IReadOnlyList<float[]> weights, MaskSet mask, PruningOptions options)
    {
        Network.RequireShapes(mask.Architecture, weights, nameof(weights));
        RequireRange(options.Rate, nameof(options.Rate));
        RequireRange(options.OutputRate, nameof(options.OutputRate));
        ArgumentOutOfRangeException.ThrowIfNegative(options.KeepIncoming);
        RequireRange(options.RecurrentRate, nameof(options.RecurrentRate));
        bool[]?[] masks = mask.ToArrays();
        var together = new List<Slice>();
        for (int i = 0; i < masks.Length; i++)
        {
            if (masks[i] is null)
            {
                continue;
            }

            ParameterShape shape = mask.Architecture.Parameters[i];
            bool isRecurrent = shape.Kind == ParameterKind.RecurrentWeight;
            if (options.Scope == PruningScope.All || (options.Scope == PruningScope.Global && !shape.IsOutput && !isRecurrent))
            {
                together.Add(new Slice(i, 0, shape.Count));
                continue;
            }

            double rate = shape.IsOutput ? options.OutputRate : isRecurrent ? options.RecurrentRate : options.Rate;
            int size = shape.Count / shape.Groups;
            for (int group = 0; group < shape.Groups; group++)
            {
                PruneTogether(weights, mask.Architecture, masks, [new Slice(i, group * size, size)], rate, options.KeepIncoming);
            }
        }

        PruneTogether(weights, mask.Architecture, masks, together, options.Rate, options.KeepIncoming);
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

    private static void PruneTogether(IReadOnlyList<float[]> weights, Architecture architecture, bool[]?[] masks, List<Slice> slices, double rate, int keepIncoming)
    {
        var candidates = new List<(float Size, int Parameter, int Index)>();
        foreach ((int p, int start, int length) in slices)
        {
            bool[] mask = masks[p]!;
            for (int i = start; i < start + length; i++)
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

    /// <summary>Weights of one parameter that are ranked together: a gate, or all of it.</summary>
    private readonly record struct Slice(int Parameter, int Start, int Length);
}
