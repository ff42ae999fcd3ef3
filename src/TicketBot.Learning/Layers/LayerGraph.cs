using System.Globalization;

namespace TicketBot.Learning.Layers;

/// <summary>The layers of a network in the order they run, each with the flow it reads and the flow it writes.</summary>
internal sealed class LayerGraph
{
    private readonly List<(Layer Layer, Flow Input, Flow Output)> _nodes = [];
    private readonly Flow[] _genes;

    public LayerGraph(Architecture architecture, Parameter[] parameters)
    {
        var flows = new List<Flow> { new(new LayerShape(architecture.Window, architecture.Inputs)) { WantsGradient = false } };
        Input = flows[0];
        int next = 0;
        for (int i = 0; i < architecture.Layers.Count; i++)
        {
            flows.Add(AddGene(architecture.Layers[i], i + 1, flows, name => Take(name)));
        }

        _genes = [.. flows];
        Flow last = flows[^1].Shape.Steps == 1 ? flows[^1] : Add(new PoolLayer(flows[^1].Shape, Pooling.Last), flows[^1]);
        HeadInput = last;
        Output = Add(new DenseLayer(last.Shape, Take("output.weight"), Take("output.bias"), Activation.Identity), last);

        Parameter Take(string name) => parameters[next].Name == name ? parameters[next++]
            : throw new InvalidOperationException($"Invariant: parameter {next} of {architecture} must be {name}, was {parameters[next].Name}.");
    }

    /// <summary>Rows of the batch, <c>[tile][window][inputs][64]</c>.</summary>
    public Flow Input { get; }

    /// <summary>What the output layer reads, one step.</summary>
    public Flow HeadInput { get; }

    /// <summary>Outputs of the head, <c>[tile][1][outputs][64]</c>.</summary>
    public Flow Output { get; }

    public IEnumerable<Layer> Layers => _nodes.Select(node => node.Layer);

    /// <summary>Returns what a gene hands on, counted from 1; the last gene's is what the output layer reads, 0 gives the input.</summary>
    public Flow OutputOf(int gene) => gene == _genes.Length - 1 ? HeadInput : _genes[gene];

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

    /// <summary>Multiply-adds that all weight matrices ran so far, each tile counted once.</summary>
    public long Work()
    {
        long work = 0;
        foreach ((Layer layer, _, _) in _nodes)
        {
            foreach (WeightMatrix matrix in layer.Matrices)
            {
                work += matrix.Work.Forward + matrix.Work.InputGradient + matrix.Work.WeightGradient;
            }
        }

        return work;
    }

    private Flow AddGene(Gene gene, int number, List<Flow> flows, Func<string, Parameter> take)
    {
        Flow input = flows[^1];
        LayerShape shape = input.Shape;
        string prefix = $"layer{number.ToString(CultureInfo.InvariantCulture)}.";
        Parameter Take(string name) => take(prefix + name);
        bool activates = true;
        Flow flow;
        switch (gene)
        {
            case Gene.Dense:
                flow = Add(new DenseLayer(shape, Take("weight"), Take("bias"), gene.Activation), input);
                activates = false;
                break;
            case Gene.Conv1D convolution:
                flow = Add(new Conv1DLayer(shape, Take("weight"), Take("bias"), convolution.Kernel, convolution.IsCausal, gene.Activation), input);
                activates = false;
                break;
            case Gene.Lstm:
                flow = Add(new LstmLayer(shape, Take("input_weight"), Take("recurrent_weight"), Take("bias")), input);
                break;
            case Gene.Gru:
                flow = Add(new GruLayer(shape, Take("input_weight"), Take("recurrent_weight"), Take("bias"), Take("recurrent_bias")), input);
                break;
            case Gene.Attention attention:
                flow = Add(
                    new AttentionLayer(
                        shape, attention.Heads, Take("query_weight"), Take("query_bias"), Take("key_weight"), Take("key_bias"), Take("value_weight"), Take("value_bias"),
                        Take("output_weight"), Take("output_bias")), input);
                break;
            case Gene.BatchNorm:
                flow = Add(new BatchNormLayer(shape, Take("scale"), Take("shift"), Take("running_mean"), Take("running_variance")), input);
                break;
            case Gene.LayerNorm:
                flow = Add(new LayerNormLayer(shape, Take("scale"), Take("shift")), input);
                break;
            case Gene.Flatten:
                flow = input.As(gene.OutputOf(shape));
                break;
            case Gene.Pool pool:
                flow = Add(new PoolLayer(shape, pool.Kind), input);
                break;
            case Gene.Reversal reversal:
                flow = Add(new GradientReversalLayer(shape, (float)reversal.Strength), input);
                break;
            case Gene.Identity:
                flow = input;
                break;
            default:
                throw new InvalidOperationException($"Invariant: a layer must exist for every gene, but none does for '{gene}'.");
        }

        if (activates && gene.Activation != Activation.Identity)
        {
            flow = Add(new ActivationLayer(flow.Shape, gene.Activation), flow);
        }

        if (gene.Dropout > 0.0)
        {
            flow = Add(new DropoutLayer(flow.Shape, gene.Dropout, number), flow);
        }

        foreach (int source in gene.Skips)
        {
            bool isProjected = flows[source].Shape.Channels != flow.Shape.Channels;
            flow = Add(new SkipLayer(flow.Shape, flows[source], isProjected ? Take(Architecture.SkipWeight(source)) : null), flow);
        }

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
