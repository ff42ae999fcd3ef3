namespace TicketBot.Learning.Pruning;

/// <summary>Which weights of a network live. One mask per prunable parameter, none for biases. Immutable; equal when architecture and bits are.</summary>
public sealed class MaskSet : IEquatable<MaskSet>
{
    private readonly bool[]?[] _masks;

    private MaskSet(Architecture architecture, bool[]?[] masks)
    {
        Architecture = architecture;
        _masks = masks;
        var layers = new List<LayerDensity>();
        for (int i = 0; i < masks.Length; i++)
        {
            if (masks[i] is { } mask)
            {
                int remaining = mask.AsSpan().Count(true);
                layers.Add(new LayerDensity(architecture.Parameters[i].Name, remaining, mask.Length));
                Remaining += remaining;
                Total += mask.Length;
            }
        }

        Layers = layers;
    }

    /// <summary>The layer stack it masks.</summary>
    public Architecture Architecture { get; }

    /// <summary>Surviving prunable weights.</summary>
    public int Remaining { get; }

    /// <summary>All prunable weights.</summary>
    public int Total { get; }

    /// <summary>Surviving share of the prunable weights, 0..1.</summary>
    public double Density => (double)Remaining / Total;

    /// <summary>What remains per weight array, in order.</summary>
    public IReadOnlyList<LayerDensity> Layers { get; }

    /// <summary>Returns the mask that keeps everything.</summary>
    public static MaskSet Full(Network network) => Full(network.Architecture);

    /// <summary>Returns the mask that keeps everything.</summary>
    public static MaskSet Full(Architecture architecture)
    {
        bool[]?[] masks = new bool[]?[architecture.Parameters.Count];
        for (int i = 0; i < masks.Length; i++)
        {
            if (architecture.Parameters[i].IsPrunable)
            {
                masks[i] = new bool[architecture.Parameters[i].Count];
                Array.Fill(masks[i]!, true);
            }
        }

        return new MaskSet(architecture, masks);
    }

    /// <summary>Takes masks per parameter, null exactly where the parameter is never pruned; they are copied.</summary>
    /// <exception cref="ArgumentException">The arrays do not fit the architecture.</exception>
    public static MaskSet FromArrays(Architecture architecture, IReadOnlyList<bool[]?> masks)
    {
        if (masks.Count != architecture.Parameters.Count)
        {
            throw new ArgumentException($"expected {architecture.Parameters.Count} masks for {architecture}, found {masks.Count}", nameof(masks));
        }

        bool[]?[] copies = new bool[]?[masks.Count];
        for (int i = 0; i < copies.Length; i++)
        {
            ParameterShape shape = architecture.Parameters[i];
            if (shape.IsPrunable != masks[i] is not null || (masks[i] is { } mask && mask.Length != shape.Count))
            {
                throw new ArgumentException($"expected {(shape.IsPrunable ? $"a mask of {shape.Count} values" : "no mask")} for {shape.Name}, found {(masks[i] is { } found ? $"{found.Length} values" : "none")}", nameof(masks));
            }

            copies[i] = (bool[]?)masks[i]?.Clone();
        }

        return new MaskSet(architecture, copies);
    }

    /// <summary>Returns a random mask with as many survivors per layer (per gate of a recurrent one) as another: the layer-matched control.</summary>
    public static MaskSet RandomLike(MaskSet mask, ref Rng rng) => Permuted(mask, wholeLayers: true, ref rng);

    /// <summary>Returns another mask with each neuron's incoming bits shuffled: every neuron keeps its number of inputs but not which.</summary>
    public static MaskSet ShuffledLike(MaskSet mask, ref Rng rng) => Permuted(mask, wholeLayers: false, ref rng);

    /// <summary>Returns copies of the masks per parameter, null where it is never pruned.</summary>
    public bool[]?[] ToArrays() => [.. _masks.Select(mask => (bool[]?)mask?.Clone())];

    /// <summary>The bits of a parameter; empty where it is never pruned.</summary>
    public ReadOnlySpan<bool> Of(int parameter) => _masks[parameter];

    /// <summary>Sets every weight outside the mask to exactly +0.</summary>
    /// <exception cref="ArgumentException">The network has another architecture.</exception>
    public void ApplyTo(Network network)
    {
        RequireArchitecture(network.Architecture);
        for (int i = 0; i < _masks.Length; i++)
        {
            if (_masks[i] is { } mask)
            {
                float[] values = network.Parameters[i].Values;
                for (int j = 0; j < mask.Length; j++)
                {
                    values[j] = mask[j] ? values[j] : 0f;
                }
            }
        }
    }

    /// <summary>Returns the share of prunable weights on which two masks differ, 0..1.</summary>
    public double HammingTo(MaskSet other)
    {
        other.RequireArchitecture(Architecture);
        return (double)CountPairs(other, bothSet: false) / Total;
    }

    /// <summary>Returns the Hamming distance divided by what two independent random masks of these densities differ by,
    /// d1 (1 - d2) + d2 (1 - d1), which is 2d(1-d) at equal density d: 0 = equal, 1 = chance. Two full or two empty masks have distance 0.</summary>
    public double NormalizedDistanceTo(MaskSet other)
    {
        double expected = Density * (1.0 - other.Density) + other.Density * (1.0 - Density);
        double hamming = HammingTo(other);
        return expected > 0.0 ? hamming / expected : 0.0;
    }

    /// <summary>Returns the share of weights kept by both among those kept by either, 0..1; 1 for two empty masks.</summary>
    public double IntersectionOverUnion(MaskSet other)
    {
        other.RequireArchitecture(Architecture);
        int both = CountPairs(other, bothSet: true);
        int either = Remaining + other.Remaining - both;
        return either == 0 ? 1.0 : (double)both / either;
    }

    /// <summary>True when <see cref="Collapses"/> finds something.</summary>
    public bool HasCollapsed() => Collapses().Count > 0;

    /// <summary>Returns the layers that keep fewer than one weight in a hundred or leave an output without an incoming weight, in order; empty for a sound mask.</summary>
    public IReadOnlyList<LayerCollapse> Collapses()
    {
        var found = new List<LayerCollapse>();
        for (int i = 0; i < _masks.Length; i++)
        {
            if (_masks[i] is not { } mask)
            {
                continue;
            }

            ParameterShape shape = Architecture.Parameters[i];
            int remaining = mask.AsSpan().Count(true);
            var dead = new List<int>();
            for (int row = 0; shape.IsOutput && row < shape.Rows; row++)
            {
                if (!mask.AsSpan(row * shape.Columns, shape.Columns).Contains(true))
                {
                    dead.Add(row);
                }
            }

            if (dead.Count > 0 || (long)remaining * 100 < shape.Count)
            {
                found.Add(new LayerCollapse(shape.Name, remaining, shape.Count, dead));
            }
        }

        return found;
    }

    /// <summary>True when architecture and bits are equal.</summary>
    public bool Equals(MaskSet? other) => other is not null && Architecture.Equals(other.Architecture) && HammingTo(other) == 0.0;

    /// <summary>True when the other is a mask with equal architecture and bits.</summary>
    public override bool Equals(object? obj) => Equals(obj as MaskSet);

    /// <summary>Hash of architecture and survivors.</summary>
    public override int GetHashCode() => HashCode.Combine(Architecture, Remaining);

    /// <summary>Survivors of total.</summary>
    public override string ToString() => $"{Remaining} of {Total} weights";

    internal static MaskSet Wrap(Architecture architecture, bool[]?[] masks) => new(architecture, masks);

    /// <summary>All ones where a weight lives and all zeros where not; null where everything lives.</summary>
    internal int[]? KeepBits(int parameter) =>
        _masks[parameter] is { } mask && mask.AsSpan().Contains(false) ? Array.ConvertAll(mask, live => live ? -1 : 0) : null;

    internal void RequireArchitecture(Architecture architecture)
    {
        if (!Architecture.Equals(architecture))
        {
            throw new ArgumentException($"expected a mask for {architecture}, found one for {Architecture}");
        }
    }

    private static MaskSet Permuted(MaskSet mask, bool wholeLayers, ref Rng rng)
    {
        bool[]?[] masks = mask.ToArrays();
        for (int i = 0; i < masks.Length; i++)
        {
            if (masks[i] is not { } bits)
            {
                continue;
            }

            ParameterShape shape = mask.Architecture.Parameters[i];
            int length = wholeLayers ? bits.Length / shape.Groups : shape.Columns;
            for (int first = 0; first < bits.Length; first += length)
            {
                rng.Shuffle(bits.AsSpan(first, length));
            }
        }

        return new MaskSet(mask.Architecture, masks);
    }

    private int CountPairs(MaskSet other, bool bothSet)
    {
        int count = 0;
        for (int i = 0; i < _masks.Length; i++)
        {
            if (_masks[i] is { } mine)
            {
                bool[] theirs = other._masks[i]!;
                for (int j = 0; j < mine.Length; j++)
                {
                    count += (bothSet ? mine[j] & theirs[j] : mine[j] ^ theirs[j]) ? 1 : 0;
                }
            }
        }

        return count;
    }
}
