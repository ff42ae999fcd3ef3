namespace TicketBot.Learning.Pruning;

/// <summary>Removes whole neurons, channels, recurrent units and input features, so that the network becomes smaller and not only sparser. The result is a mask like any other:
/// all weights that make a removed unit and all that read it are masked, its gates and its recurrent column with them. From R remaining exactly floor(rate x R) go; equal
/// ones go by lower layer, then lower channel. Channels that a skip adds without a projection go together, and those that are added to an input go with that input.</summary>
/// <remarks>Attention has three families of units: outputs, values with their columns in the mix, and queries with their keys. A removed channel is a constant, its bias or shift;
/// layer normalisation still averages over it, in the masked and in the compiled network alike. Norms compare units only if features are on one scale.</remarks>
public static class StructuredPruning
{
    /// <summary>Returns the mask after one removal of neurons by the network's present weights; the network is not changed.</summary>
    /// <exception cref="ArgumentException">Mask and network do not fit together, a worth is NaN, or an option is out of range.</exception>
    public static MaskSet PruneNeurons(Network network, MaskSet mask, StructuredOptions options) => PruneNeurons(network.CaptureWeights(), mask, options);

    /// <summary>Returns the mask after one removal of neurons by the given weights.</summary>
    /// <exception cref="ArgumentException">Mask and weights do not fit together, a worth is NaN, or an option is out of range.</exception>
    public static MaskSet PruneNeurons(IReadOnlyList<float[]> weights, MaskSet mask, StructuredOptions options)
    {
        Network.RequireShapes(mask.Architecture, weights, nameof(weights));
        options.Validate();
        bool[]?[] masks = mask.ToArrays();
        List<ChannelUnit> living = [.. new ChannelGraph(mask.Architecture).Neurons.Where(unit =>
            (options.Score != StructureScore.BatchNormScale || unit.Scales.Count > 0) && unit.IsAlive(masks))];
        double[] worths = [.. living.Select(unit => options.Score == StructureScore.BatchNormScale
            ? unit.ScaleOf(weights)
            : unit.NormOf(weights, masks, incoming: true, outgoing: options.Score == StructureScore.IncomingAndOutgoing))];
        IEnumerable<IGrouping<string, int>> together = Enumerable.Range(0, living.Count).GroupBy(i => options.Scope == PruningScope.Layer ? living[i].Layer : "");
        foreach (IGrouping<string, int> group in together)
        {
            int[] members = [.. group];
            foreach (int i in Lowest(members, i => worths[i], i => living[i].Layer, MagnitudePruning.CountOf(options.Rate, members.Length), options.KeepUnits))
            {
                living[i].Remove(masks);
            }
        }

        return MaskSet.Wrap(mask.Architecture, masks);
    }

    /// <summary>Returns the mask after one removal of input features: of the remaining ones those whose weights, in all layers that read them, have the smallest root mean
    /// square. With a window a feature goes at all steps.</summary>
    /// <param name="weights">One array per parameter, in order.</param>
    /// <param name="mask">Which weights live.</param>
    /// <param name="rate">Share of the remaining features to remove, 0..1.</param>
    /// <exception cref="ArgumentException">Mask and weights do not fit together, a worth is NaN, or the rate is out of range.</exception>
    public static MaskSet PruneInputs(IReadOnlyList<float[]> weights, MaskSet mask, double rate)
    {
        Network.RequireShapes(mask.Architecture, weights, nameof(weights));
        if (!(rate >= 0.0 && rate <= 1.0))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "expected a share from 0 to 1");
        }

        bool[]?[] masks = mask.ToArrays();
        List<ChannelUnit> living = [.. new ChannelGraph(mask.Architecture).Inputs.Where(unit => unit.IsAlive(masks))];
        double[] worths = [.. living.Select(unit => unit.NormOf(weights, masks, incoming: false, outgoing: true))];
        foreach (int i in Lowest([.. Enumerable.Range(0, living.Count)], i => worths[i], _ => "", MagnitudePruning.CountOf(rate, living.Count), keep: 0))
        {
            living[i].Remove(masks);
        }

        return MaskSet.Wrap(mask.Architecture, masks);
    }

    /// <summary>Returns how many neurons, channels or recurrent units a mask leaves of each layer that has any, in the order of the layers.</summary>
    public static IReadOnlyList<LayerUnits> NeuronsOf(MaskSet mask)
    {
        bool[]?[] masks = mask.ToArrays();
        return [.. new ChannelGraph(mask.Architecture).Neurons.GroupBy(unit => unit.Layer).Select(layer => new LayerUnits(layer.Key, layer.Count(unit => unit.IsAlive(masks)), layer.Count()))];
    }

    /// <summary>Returns the features of a step that a living weight reads, ascending.</summary>
    public static IReadOnlyList<int> InputsOf(MaskSet mask)
    {
        bool[]?[] masks = mask.ToArrays();
        return [.. new ChannelGraph(mask.Architecture).Inputs.Where(unit => unit.IsAlive(masks)).SelectMany(unit => unit.Features).Order()];
    }

    /// <summary>Returns so many members of least worth, ties by their order, leaving each layer what it keeps at least.</summary>
    internal static List<int> Lowest(int[] members, Func<int, double> worthOf, Func<int, string> layerOf, int count, int keep)
    {
        if (members.Any(i => double.IsNaN(worthOf(i))))
        {
            throw new ArgumentException("expected weights that are numbers, found NaN among those of a unit; train at a lower learning rate");
        }

        Dictionary<string, int> remaining = members.GroupBy(layerOf).ToDictionary(layer => layer.Key, layer => layer.Count());
        var lowest = new List<int>();
        foreach (int i in members.OrderBy(worthOf))
        {
            if (lowest.Count < count && remaining[layerOf(i)] > keep)
            {
                remaining[layerOf(i)]--;
                lowest.Add(i);
            }
        }

        return lowest;
    }
}
