using System.Globalization;

namespace TicketBot.Learning.Pruning;

/// <summary>Which rows of an architecture's matrices make each channel and which columns read it. Activations, normalisations, pooling and dropout keep a channel
/// what it is; flattening repeats it per step; a skip without a projection makes one unit of the channels that it adds.</summary>
internal sealed class ChannelGraph
{
    private readonly Architecture _architecture;
    private readonly List<int> _parents = [];
    private readonly List<(int Parameter, int Row, int Channel)> _made = [];
    private readonly List<(int Parameter, int Column, int Channel)> _read = [];
    private readonly List<(int Parameter, int Index, int Channel)> _scaled = [];
    private int _parameter;

    public ChannelGraph(Architecture architecture)
    {
        _architecture = architecture;
        var channels = new List<int[]> { New(architecture.Inputs) };
        for (int i = 0; i < architecture.Layers.Count; i++)
        {
            channels.Add(AddGene(architecture.Layers[i], i + 1, channels));
        }

        Reads(Take("output.weight"), channels[^1]);
        (Neurons, Inputs) = Collect();
    }

    /// <summary>Neurons and channels by the order of the weights that make them; those tied to an input by a skip are inputs.</summary>
    public IReadOnlyList<ChannelUnit> Neurons { get; }

    /// <summary>Features of a step, ascending, with everything tied to them.</summary>
    public IReadOnlyList<ChannelUnit> Inputs { get; }

    private int[] AddGene(Gene gene, int number, List<int[]> channels)
    {
        int[] input = channels[^1];
        string prefix = string.Create(CultureInfo.InvariantCulture, $"layer{number}.");
        int[] output = input;
        switch (gene)
        {
            case Gene.Dense or Gene.Conv1D:
                int weight = Take(prefix + "weight");
                output = New(_architecture.Parameters[weight].Rows);
                Reads(weight, input);
                Makes(weight, output);
                break;
            case Gene.Lstm or Gene.Gru:
                int inputWeight = Take(prefix + "input_weight");
                int recurrent = Take(prefix + "recurrent_weight");
                output = New(_architecture.Parameters[recurrent].Columns);
                Reads(inputWeight, input);
                Makes(inputWeight, output);
                Makes(recurrent, output);
                Reads(recurrent, output);
                break;
            case Gene.Attention:
                output = AddAttention(prefix, input);
                break;
            case Gene.Flatten:
                output = [.. Enumerable.Range(0, _architecture.Shapes[number].Channels).Select(i => input[i % input.Length])];
                break;
            case Gene.BatchNorm:
                int scale = Take(prefix + "scale");
                for (int c = 0; c < input.Length; c++)
                {
                    _scaled.Add((scale, c, input[c]));
                }

                break;
            case Gene.Pool or Gene.LayerNorm or Gene.Identity or Gene.Reversal:
                break;
            default:
                throw new InvalidOperationException($"Invariant: the channels of every gene must be known, but those of '{gene}' are not.");
        }

        foreach (int source in gene.Skips)
        {
            if (channels[source].Length != output.Length)
            {
                int projection = Take(prefix + Architecture.SkipWeight(source));
                Reads(projection, channels[source]);
                Makes(projection, output);
                continue;
            }

            for (int c = 0; c < output.Length; c++)
            {
                Join(channels[source][c], output[c]);
            }
        }

        return output;
    }

    // Beside its outputs attention has inner channels: a query with its key, and a value with the column that mixes it.
    private int[] AddAttention(string prefix, int[] input)
    {
        int query = Take(prefix + "query_weight");
        int key = Take(prefix + "key_weight");
        int value = Take(prefix + "value_weight");
        int mix = Take(prefix + "output_weight");
        int width = _architecture.Parameters[mix].Rows;
        int[] asked = New(width);
        int[] held = New(width);
        int[] output = New(width);
        Reads(query, input);
        Makes(query, asked);
        Reads(key, input);
        Makes(key, asked);
        Reads(value, input);
        Makes(value, held);
        Reads(mix, held);
        Makes(mix, output);
        return output;
    }

    private int Take(string name)
    {
        while (_parameter < _architecture.Parameters.Count && _architecture.Parameters[_parameter].Name != name)
        {
            _parameter++;
        }

        return _parameter < _architecture.Parameters.Count ? _parameter
            : throw new InvalidOperationException($"Invariant: the parameters of {_architecture} must be met in their order, but {name} was not.");
    }

    private int[] New(int count)
    {
        int first = _parents.Count;
        _parents.AddRange(Enumerable.Range(first, count));
        return [.. Enumerable.Range(first, count)];
    }

    private void Makes(int parameter, int[] channels)
    {
        for (int row = 0; row < _architecture.Parameters[parameter].Rows; row++)
        {
            _made.Add((parameter, row, channels[row % channels.Length]));
        }
    }

    private void Reads(int parameter, int[] channels)
    {
        for (int column = 0; column < _architecture.Parameters[parameter].Columns; column++)
        {
            _read.Add((parameter, column, channels[column % channels.Length]));
        }
    }

    private int RootOf(int channel)
    {
        while (_parents[channel] != channel)
        {
            channel = _parents[channel];
        }

        return channel;
    }

    private void Join(int a, int b)
    {
        (int low, int high) = (RootOf(a), RootOf(b));
        (low, high) = low < high ? (low, high) : (high, low);
        _parents[high] = low;
    }

    private (List<ChannelUnit> Neurons, List<ChannelUnit> Inputs) Collect()
    {
        var units = new SortedDictionary<int, ChannelUnit>();
        for (int feature = 0; feature < _architecture.Inputs; feature++)
        {
            UnitOf(feature).Features.Add(feature);
        }

        foreach ((int p, int row, int channel) in _made)
        {
            ChannelUnit unit = UnitOf(channel);
            unit.Incoming.Add((p, row));
            if (unit.Layer.Length == 0 && unit.Features.Count == 0)
            {
                unit.Layer = _architecture.Parameters[p].Name;
            }
        }

        foreach ((int p, int column, int channel) in _read)
        {
            UnitOf(channel).Outgoing.Add((p, column));
        }

        foreach ((int p, int index, int channel) in _scaled)
        {
            UnitOf(channel).Scales.Add((p, index));
        }

        return ([.. units.Values.Where(unit => unit.Features.Count == 0)], [.. units.Values.Where(unit => unit.Features.Count > 0)]);

        ChannelUnit UnitOf(int channel)
        {
            int root = RootOf(channel);
            if (!units.TryGetValue(root, out ChannelUnit? unit))
            {
                units[root] = unit = new ChannelUnit(_architecture);
            }

            return unit;
        }
    }
}
