using System.Globalization;

namespace TicketBot.Learning.Layers;

/// <summary>The layers of a network in the order they run, each with the flow it reads and the flow it writes.</summary>
internal sealed class LayerGraph
{
    private readonly List<(Layer Layer, Flow Input, Flow Output)> _nodes = [];

    public LayerGraph(Architecture architecture, Parameter[] parameters)
    {
        var flows = new List<Flow> { new(new LayerShape(architecture.Window, architecture.Inputs)) { WantsGradient = false } };
        Input = flows[0];
        int next = 0;
        for (int i = 0; i < architecture.Layers.Count; i++)
        {
            flows.Add(AddGene(architecture.Layers[i], i + 1, flows, name => Take(name)));
        }

        Flow last = flows[^1].Shape.Steps == 1 ? flows[^1] : throw new NotSupportedException($"{architecture}: pooling");
        Output = Add(new DenseLayer(last.Shape, Take("output.weight"), Take("output.bias"), Activation.Identity), last);

        Parameter Take(string name) => parameters[next].Name == name ? parameters[next++]
            : throw new InvalidOperationException($"Invariant: parameter {next} of {architecture} must be {name}, was {parameters[next].Name}.");
    }

    /// <summary>Rows of the batch, <c>[tile][window][inputs][64]</c>.</summary>
    public Flow Input { get; }

    /// <summary>Outputs of the head, <c>[tile][1][outputs][64]</c>.</summary>
    public Flow Output { get; }

    public IEnumerable<Layer> Layers => _nodes.Select(node => node.Layer);

    /// <summary>Freezes the layers of these gene numbers (the output layer is one more than the last gene) and finds which gradients somebody still reads.</summary>
    public void Freeze(Func<int, bool> isFrozen)
    {
        foreach ((Layer layer, Flow input, Flow output) in _nodes)
        {
            layer.IsFrozen = layer.Parameters.Length > 0 && isFrozen(layer.Parameters[0].Shape.Layer);
            output.WantsGradient = input.WantsGradient || (layer.Parameters.Length > 0 && !layer.IsFrozen) || layer.OtherInputs.Any(other => other.WantsGradient);
        }
    }

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

    /// <summary>Runs backward from the gradient of <see cref="Output"/>; the gradient of every parameter that is not frozen is set.</summary>
    public void Backward(in Pass pass)
    {
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            (Layer layer, Flow input, Flow output) = _nodes[i];
            if (!output.WantsGradient)
            {
                continue;
            }

            layer.BeginGradients();
            layer.Backward(input, output, pass);
            layer.FinishGradients();
        }
    }

    private Flow AddGene(Gene gene, int number, List<Flow> flows, Func<string, Parameter> take)
    {
        Flow input = flows[^1];
        LayerShape shape = input.Shape;
        string prefix = $"layer{number.ToString(CultureInfo.InvariantCulture)}.";
        Parameter Take(string name) => take(prefix + name);
        Flow flow = gene switch
        {
            Gene.Dense => Add(new DenseLayer(shape, Take("weight"), Take("bias"), gene.Activation), input),
            Gene.Flatten => input.As(gene.OutputOf(shape)),
            Gene.Identity => input,
            _ => throw new NotSupportedException($"gene '{gene}'"),
        };
        return flow;
    }

    private Flow Add(Layer layer, Flow input)
    {
        input.RequireLeadingRows(layer.LeadingRows);
        var output = new Flow(layer.Output);
        _nodes.Add((layer, input, output));
        return output;
    }
}
