using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Losses;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Search;

/// <summary>All paths of a cell space in one network with shared weights: positions mix their operations (a continuous relaxation, Liu et al. 2019), or run one path alone (Guo
/// et al. 2020). Not safe for use by several threads at once.</summary>
public sealed unsafe class CellNetwork
{
    private readonly Parameter[] _parameters;
    private readonly Section _stem;
    private readonly Section _head;
    private readonly Section[][] _operations;
    private readonly MixtureLayer[] _mixtures;
    private readonly Flow[] _flows;
    private readonly Flow _output;
    private readonly LossFunction _loss;
    private readonly Architecture _reader;

    /// <summary>A network with every parameter zero.</summary>
    /// <param name="space">The paths it holds.</param>
    /// <param name="loss">What training makes small; null is softmax cross-entropy.</param>
    public CellNetwork(CellSpace space, Loss? loss = null)
    {
        Space = space;
        Loss = loss ?? new Loss.CrossEntropy();
        _reader = space.ArchitectureOf(new int[space.Positions]);
        _loss = Loss.CreateFunction(_reader);
        var parameters = new List<Parameter>();
        var shape = new LayerShape(space.Window, space.Width);
        Input = new Flow(new LayerShape(space.Window, space.Inputs)) { WantsGradient = false };
        int number = 1;
        _stem = Add(space.GenesOf(space.Stem), Input, Input);
        _flows = new Flow[space.Positions + 1];
        _flows[0] = _stem.End;
        _operations = new Section[space.Positions][];
        _mixtures = new MixtureLayer[space.Positions];
        for (int position = 0; position < space.Positions; position++)
        {
            Flow input = _flows[position];
            Flow before = _flows[Math.Max(position - 1, 0)];
            _operations[position] = [.. space.OperationsAt(position).Select(operation => operation == CellSpace.Identity ? Empty(input) : Add(operation == CellSpace.Skip ? operation : space.GenesOf(operation), before, input))];
            _mixtures[position] = new MixtureLayer(shape, [.. _operations[position].Select(section => section.End)]);
            _flows[position + 1] = new Flow(shape);
        }

        _head = AddHead(_flows[^1]);
        _output = _head.End;
        _parameters = [.. parameters];

        Section Empty(Flow input) => new(new LayerList(), parameters.Count, 0, input);

        Section Add(string genes, Flow before, Flow input)
        {
            int first = parameters.Count;
            var layers = new LayerList();
            Flow end = input;
            if (genes == CellSpace.Skip)
            {
                end = layers.AddGene(new Gene.Identity { Skips = [0] }, number++, [before, input], name => throw new InvalidOperationException($"Invariant: a residual connection of one width has no {name}."));
                return new Section(layers, first, 0, end);
            }

            Architecture alone = Architecture.Parse(genes, input.Shape.Channels, space.Outputs, space.Window);
            var shapes = new Queue<ParameterShape>(alone.Parameters.Where(parameter => !parameter.IsOutput));
            foreach (Gene gene in alone.Layers)
            {
                end = layers.AddGene(gene, number++, [end], _ =>
                {
                    parameters.Add(new Parameter(shapes.Dequeue()));
                    return parameters[^1];
                });
            }

            return new Section(layers, first, parameters.Count - first, end);
        }

        Section AddHead(Flow last)
        {
            int first = parameters.Count;
            var layers = new LayerList();
            Flow end = last.Shape.Steps == 1 ? last : layers.Add(new PoolLayer(last.Shape, Pooling.Last), last);
            foreach (ParameterShape parameter in _reader.Parameters.Where(parameter => parameter.IsOutput))
            {
                parameters.Add(new Parameter(parameter));
            }

            end = layers.Add(new DenseLayer(end.Shape, parameters[first], parameters[first + 1], Activation.Identity), end);
            return new Section(layers, first, 2, end);
        }
    }

    /// <summary>The paths it holds.</summary>
    public CellSpace Space { get; }

    /// <summary>What training makes small.</summary>
    public Loss Loss { get; }

    /// <summary>All parameters: stem, operations position by position, head.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Gradient of the last <see cref="Backpropagate"/> by each coefficient; 0 for operations that were left out.</summary>
    public IReadOnlyList<double[]> CoefficientGradients => [.. _mixtures.Select(mixture => mixture.CoefficientGradient)];

    internal KernelForm Form { get; set; } = KernelForms.Best;

    private Flow Input { get; }

    /// <summary>Returns a network with drawn weights, each layer as <see cref="Network.Create"/> draws it.</summary>
    public static CellNetwork Create(CellSpace space, Loss? loss, ref Rng rng)
    {
        var network = new CellNetwork(space, loss);
        foreach (Section section in network.Sections())
        {
            section.Layers.Initialize(ref rng);
        }

        return network;
    }

    /// <summary>Returns copies of all parameter arrays, in order.</summary>
    public float[][] CaptureWeights() => [.. _parameters.Select(parameter => (float[])parameter.Values.Clone())];

    /// <summary>Sets all parameters from such copies.</summary>
    public void RestoreWeights(IReadOnlyList<float[]> weights)
    {
        for (int i = 0; i < _parameters.Length; i++)
        {
            weights[i].AsSpan().CopyTo(_parameters[i].Values);
        }
    }

    /// <summary>Returns copies of the weights of a path, in the order of its architecture.</summary>
    /// <exception cref="ArgumentException">The path does not belong to the space.</exception>
    public float[][] WeightsOf(IReadOnlyList<int> path)
    {
        Space.OperationsOf(path);
        return [.. path.Select((chosen, position) => _operations[position][chosen]).Prepend(_stem).Append(_head)
            .SelectMany(section => _parameters.AsSpan(section.First, section.Count).ToArray()).Select(parameter => (float[])parameter.Values.Clone())];
    }

    /// <summary>Fills the gradients of every operation that flows, and of its coefficient, with those of the loss over the given rows, and returns that loss. Batch normalisation
    /// takes the statistics of the batch.</summary>
    /// <param name="set">Rows and targets.</param>
    /// <param name="rows">The batch, at least one row.</param>
    /// <param name="mixture">What flows.</param>
    /// <param name="noise">Stream of dropout.</param>
    /// <exception cref="ArgumentException">Set and space do not fit together.</exception>
    public double Backpropagate(TrainingSet set, ReadOnlySpan<int> rows, CellMixture mixture, Rng noise)
    {
        var pass = new Pass(rows.Length, Training: true, Form, noise);
        Section[] sections = Begin(set, rows, mixture, pass);
        foreach (Section section in sections)
        {
            section.Layers.ClearGradients(pass.Tiles);
        }

        for (int position = 0; position < Space.Positions; position++)
        {
            _flows[position + 1].ClearGradient(pass.Tiles);
        }

        double loss = _loss.Run(set, rows, _output, pass);
        _head.Layers.Backward(pass);
        for (int position = Space.Positions - 1; position >= 0; position--)
        {
            _mixtures[position].Backward(_flows[position], _flows[position + 1], pass);
            for (int o = _operations[position].Length - 1; o >= 0; o--)
            {
                if (mixture.Coefficients[position][o] != 0.0)
                {
                    _operations[position][o].Layers.Backward(pass);
                }
            }
        }

        _stem.Layers.Backward(pass);
        return loss;
    }

    /// <summary>Returns the mean loss over all rows of a set in batches of at most 256 rows, each with its own statistics of batch normalisation; weights, running statistics and
    /// data stay as they are.</summary>
    /// <exception cref="ArgumentException">Set and space do not fit together.</exception>
    public double LossOf(TrainingSet set, CellMixture mixture)
    {
        const int batch = 256;
        double sum = 0.0;
        int[] rows = [.. Enumerable.Range(0, set.Rows)];
        float[][] statistics = CaptureStatistics();
        for (int first = 0; first < rows.Length; first += batch)
        {
            ReadOnlySpan<int> piece = rows.AsSpan(first, Math.Min(batch, rows.Length - first));
            var pass = new Pass(piece.Length, Training: true, Form, new Rng(0));
            Begin(set, piece, mixture, pass);
            _output.ClearGradient(pass.Tiles);
            sum += _loss.Run(set, piece, _output, pass) * piece.Length;
        }

        RestoreStatistics(statistics);
        return sum / rows.Length;
    }

    /// <summary>True where the operation of a parameter flows.</summary>
    internal bool[] Flowing(CellMixture mixture)
    {
        bool[] flowing = new bool[_parameters.Length];
        foreach (Section section in SectionsOf(mixture))
        {
            flowing.AsSpan(section.First, section.Count).Fill(true);
        }

        return flowing;
    }

    /// <summary>Indices of the parameters of stem and head, which every path uses.</summary>
    internal IEnumerable<int> SharedByAll() => Enumerable.Range(_stem.First, _stem.Count).Concat(Enumerable.Range(_head.First, _head.Count));

    /// <summary>Copies of the running statistics, empty where a parameter is trained.</summary>
    internal float[][] CaptureStatistics() => [.. _parameters.Select(parameter => parameter.Shape.IsTrained ? [] : (float[])parameter.Values.Clone())];

    internal void RestoreStatistics(float[][] statistics)
    {
        for (int i = 0; i < statistics.Length; i++)
        {
            statistics[i].AsSpan().CopyTo(_parameters[i].Values);
        }
    }

    private Section[] Begin(TrainingSet set, ReadOnlySpan<int> rows, CellMixture mixture, in Pass pass)
    {
        _loss.RequireFit(_reader, set, nameof(set));
        Section[] sections = [.. SectionsOf(mixture)];
        Input.Reserve(pass.Tiles);
        foreach (Section section in sections)
        {
            section.Layers.Reserve(pass.Tiles);
        }

        for (int position = 0; position < Space.Positions; position++)
        {
            _flows[position + 1].Reserve(pass.Tiles);
            _mixtures[position].AuxiliarySkip = (float)mixture.AuxiliarySkip;
            for (int o = 0; o < _operations[position].Length; o++)
            {
                _mixtures[position].Coefficients[o] = (float)mixture.Coefficients[position][o];
            }
        }

        Fill(set, rows, pass);
        _stem.Layers.Forward(pass);
        for (int position = 0; position < Space.Positions; position++)
        {
            for (int o = 0; o < _operations[position].Length; o++)
            {
                if (mixture.Coefficients[position][o] != 0.0)
                {
                    _operations[position][o].Layers.Forward(pass);
                }
            }

            _mixtures[position].Forward(_flows[position], _flows[position + 1], pass);
        }

        _head.Layers.Forward(pass);
        return sections;
    }

    private void Fill(TrainingSet set, ReadOnlySpan<int> rows, in Pass pass)
    {
        int length = Space.Window * Space.Inputs;
        long* offsets = stackalloc long[Tile.Width];
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            int size = pass.CountOf(tile);
            if (size < Tile.Width)
            {
                // Lanes without a sample must hold numbers, whatever an earlier batch left there.
                new Span<float>(Input.Values(tile), length * Tile.Width).Clear();
            }

            for (int i = 0; i < size; i++)
            {
                offsets[i] = set.FeatureOffsetOf(rows[tile * Tile.Width + i]);
            }

            fixed (float* source = set.FeatureArray)
            {
                Tile.Gather(source, offsets, size, length, Input.Values(tile));
            }
        }
    }

    private IEnumerable<Section> Sections() => _operations.SelectMany(sections => sections).Prepend(_stem).Append(_head);

    private IEnumerable<Section> SectionsOf(CellMixture mixture) =>
        _operations.SelectMany((sections, position) => sections.Where((_, o) => mixture.Coefficients[position][o] != 0.0)).Prepend(_stem).Append(_head);

    /// <summary>A part that runs as a whole, the run of parameters it uses, and what it gives.</summary>
    private sealed record Section(LayerList Layers, int First, int Count, Flow End);
}
