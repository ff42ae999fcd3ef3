namespace TicketBot.Learning.Layers;

/// <summary>The layers of a network in the order they run, from its input to its head.</summary>
internal sealed class LayerGraph
{
    private readonly LayerList _layers = new();
    private readonly Flow[] _genes;

    public LayerGraph(Architecture architecture, Parameter[] parameters)
    {
        var flows = new List<Flow> { new(new LayerShape(architecture.Window, architecture.Inputs)) { WantsGradient = false } };
        Input = flows[0];
        int next = 0;
        for (int i = 0; i < architecture.Layers.Count; i++)
        {
            flows.Add(_layers.AddGene(architecture.Layers[i], i + 1, flows, name => Take(name)));
        }

        _genes = [.. flows];
        Flow last = flows[^1].Shape.Steps == 1 ? flows[^1] : _layers.Add(new PoolLayer(flows[^1].Shape, Pooling.Last), flows[^1]);
        HeadInput = last;
        Output = _layers.Add(new DenseLayer(last.Shape, Take("output.weight"), Take("output.bias"), Activation.Identity), last);

        Parameter Take(string name) => parameters[next].Name == name ? parameters[next++]
            : throw new InvalidOperationException($"Invariant: parameter {next} of {architecture} must be {name}, was {parameters[next].Name}.");
    }

    /// <summary>Rows of the batch, <c>[tile][window][inputs][64]</c>.</summary>
    public Flow Input { get; }

    /// <summary>What the output layer reads, one step.</summary>
    public Flow HeadInput { get; }

    /// <summary>Outputs of the head, <c>[tile][1][outputs][64]</c>.</summary>
    public Flow Output { get; }

    public IEnumerable<Layer> Layers => _layers.Nodes.Select(node => node.Layer);

    /// <summary>Returns what a gene hands on, counted from 1; the last gene's is what the output layer reads, 0 gives the input.</summary>
    public Flow OutputOf(int gene) => gene == _genes.Length - 1 ? HeadInput : _genes[gene];

    /// <summary>Freezes the layers of these gene numbers (the output layer is one more than the last gene) and finds which gradients somebody still reads.</summary>
    public void Freeze(Func<int, bool> isFrozen)
    {
        foreach ((Layer layer, Flow input, Flow output) in _layers.Nodes)
        {
            layer.IsFrozen = layer.Parameters.Length > 0 && isFrozen(layer.Parameters[0].Shape.Layer);
            output.WantsGradient = input.WantsGradient || (layer.Parameters.Length > 0 && !layer.IsFrozen) || layer.OtherInputs.Any(other => other.WantsGradient);
        }
    }

    public void Initialize(ref Rng rng) => _layers.Initialize(ref rng);

    public void Reserve(int tiles)
    {
        Input.Reserve(tiles);
        _layers.Reserve(tiles);
    }

    public void Forward(in Pass pass) => _layers.Forward(pass);

    public void ClearGradients(int tiles) => _layers.ClearGradients(tiles);

    /// <summary>Runs backward from the gradient of <see cref="Output"/>; the gradient of every parameter that is not frozen is set.</summary>
    public void Backward(in Pass pass) => _layers.Backward(pass);

    /// <summary>Multiply-adds that all weight matrices ran so far, each tile counted once.</summary>
    public long Work() => _layers.Work();
}
