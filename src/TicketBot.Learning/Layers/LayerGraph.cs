namespace TicketBot.Learning.Layers;

/// <summary>The layers of a network in the order they run, each with the flow it reads and the flow it writes.</summary>
internal sealed class LayerGraph
{
    private readonly List<(Layer Layer, Flow Input, Flow Output)> _nodes = [];

    public LayerGraph(Architecture architecture, Parameter[] parameters)
    {
        Input = new Flow(new LayerShape(architecture.Window, architecture.Inputs)) { WantsGradient = false };
        Flow flow = Input;
        for (int i = 0; i < parameters.Length; i += 2)
        {
            Activation activation = i / 2 < architecture.Layers.Count ? architecture.Layers[i / 2].Activation : Activation.Identity;
            flow = Add(new DenseLayer(flow.Shape, parameters[i], parameters[i + 1], activation), flow);
        }

        Output = flow;
    }

    /// <summary>Rows of the batch, <c>[tile][window][inputs][64]</c>.</summary>
    public Flow Input { get; }

    /// <summary>Outputs of the head, <c>[tile][1][outputs][64]</c>.</summary>
    public Flow Output { get; }

    public IEnumerable<Layer> Layers => _nodes.Select(node => node.Layer);

    public void Initialize(ref Rng rng)
    {
        foreach ((Layer layer, _, _) in _nodes)
        {
            layer.Initialize(ref rng);
        }
    }

    public void Reserve(int tiles)
    {
        Input.Reserve(tiles);
        foreach ((Layer layer, _, Flow output) in _nodes)
        {
            layer.Reserve(tiles);
            output.Reserve(tiles);
        }
    }

    public void Forward(in Pass pass)
    {
        foreach ((Layer layer, Flow input, Flow output) in _nodes)
        {
            layer.Forward(input, output, pass);
        }
    }

    public void ClearGradients(int tiles)
    {
        foreach ((_, _, Flow output) in _nodes)
        {
            output.ClearGradient(tiles);
        }
    }

    /// <summary>Runs backward from the gradient of <see cref="Output"/>; every parameter's gradient is set.</summary>
    public void Backward(in Pass pass)
    {
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            (Layer layer, Flow input, Flow output) = _nodes[i];
            layer.BeginGradients();
            layer.Backward(input, output, pass);
            layer.FinishGradients();
        }
    }

    private Flow Add(Layer layer, Flow input)
    {
        input.RequireLeadingRows(layer.LeadingRows);
        var output = new Flow(layer.Output);
        _nodes.Add((layer, input, output));
        return output;
    }
}
