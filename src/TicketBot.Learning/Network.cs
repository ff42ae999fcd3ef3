using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Losses;
using TicketBot.Learning.Training;

namespace TicketBot.Learning;

/// <summary>The trainable form of an architecture: parameters and working buffers. Buffers grow to the largest batch seen; after that nothing
/// is allocated. Not safe for use by several threads at once.</summary>
public sealed unsafe class Network
{
    /// <summary>Tiles of one pass when rows are only evaluated.</summary>
    private const int EvaluationTiles = 4;

    private readonly Parameter[] _parameters;
    private readonly LayerGraph _graph;
    private readonly LossFunction _crossEntropy;

    /// <summary>A network of this architecture with every parameter zero, to be filled by <see cref="RestoreWeights"/>.</summary>
    public Network(Architecture architecture)
    {
        Architecture = architecture;
        _parameters = [.. architecture.Parameters.Select(shape => new Parameter(shape))];
        _graph = new LayerGraph(architecture, _parameters);
        _crossEntropy = new CrossEntropyFunction(architecture.Outputs);
    }

    /// <summary>The layers and how they hang together.</summary>
    public Architecture Architecture { get; }

    /// <summary>The live parameters, in the order of <see cref="Architecture.Parameters"/>.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Multiply-adds of weights that training ran so far, over all samples: a packed matrix counts its survivors, any other one all its weights,
    /// forward and for both gradients where they are asked for. Evaluation does not count.</summary>
    public long TrainingMultiplyAdds { get; private set; }

    /// <summary>Form of the kernels; the bits are the same in every form, only the speed differs.</summary>
    internal KernelForm Form { get; set; } = KernelForms.Best;

    internal Parameter[] ParameterArray => _parameters;

    internal LayerGraph Graph => _graph;

    /// <summary>Returns a network with drawn weights: normal with variance 2 / inputs before the ReLU family and GELU (He et al. 2015), else 2 / (inputs + outputs)
    /// (Glorot and Bengio 2010); biases and shifts zero, scales one, forget gates open.</summary>
    public static Network Create(Architecture architecture, ref Rng rng)
    {
        var network = new Network(architecture);
        network._graph.Initialize(ref rng);
        return network;
    }

    /// <summary>Returns copies of all parameter arrays, in order.</summary>
    public float[][] CaptureWeights() => [.. _parameters.Select(parameter => (float[])parameter.Values.Clone())];

    /// <summary>Sets all parameters from such copies.</summary>
    /// <exception cref="ArgumentException">The number of arrays or a length differs from this network's.</exception>
    public void RestoreWeights(IReadOnlyList<float[]> weights)
    {
        RequireShapes(Architecture, weights, nameof(weights));
        for (int i = 0; i < _parameters.Length; i++)
        {
            weights[i].AsSpan().CopyTo(_parameters[i].Values);
        }
    }

    /// <summary>Writes the outputs of rows, class logits for a classifier.</summary>
    /// <param name="rows"><c>[count, inputs]</c>, row-major, finite; with a window <c>[count, window, inputs]</c>.</param>
    /// <param name="count">Rows, at least 0.</param>
    /// <param name="logits"><c>[count, outputs]</c>, row-major.</param>
    /// <exception cref="ArgumentException">A span is too short, or a feature is not finite.</exception>
    public void LogitsOf(ReadOnlySpan<float> rows, int count, Span<float> logits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int length = Architecture.RowLength;
        int outputs = Architecture.Outputs;
        if (rows.Length < (long)count * length || logits.Length < (long)count * outputs)
        {
            throw new ArgumentException($"expected {(long)count * length} features and room for {(long)count * outputs} logits for {count} rows, found {rows.Length} and {logits.Length}");
        }

        FiniteCheck.Require(rows[..(count * length)], nameof(rows));
        for (int first = 0; first < count; first += EvaluationTiles * Tile.Width)
        {
            var pass = new Pass(Math.Min(EvaluationTiles * Tile.Width, count - first), Training: false, Form, default);
            _graph.Reserve(pass.Tiles);
            for (int tile = 0; tile < pass.Tiles; tile++)
            {
                int size = pass.CountOf(tile);
                ClearInput(tile, size);
                fixed (float* source = rows[((first + tile * Tile.Width) * length)..])
                {
                    Tile.Transpose(source, length, size, length, _graph.Input.Values(tile), Tile.Width);
                }
            }

            _graph.Forward(pass);
            for (int tile = 0; tile < pass.Tiles; tile++)
            {
                fixed (float* target = logits[((first + tile * Tile.Width) * outputs)..])
                {
                    Tile.Transpose(_graph.Output.Values(tile), Tile.Width, outputs, pass.CountOf(tile), target, outputs);
                }
            }
        }
    }

    /// <summary>Same as <see cref="LogitsOf"/>, into a new array <c>[count, outputs]</c>.</summary>
    public float[] Forward(ReadOnlySpan<float> rows, int count)
    {
        float[] logits = new float[count * Architecture.Outputs];
        LogitsOf(rows, count, logits);
        return logits;
    }

    internal static void RequireShapes(Architecture architecture, IReadOnlyList<float[]> weights, string name)
    {
        if (weights.Count != architecture.Parameters.Count)
        {
            throw new ArgumentException($"expected {architecture.Parameters.Count} parameter arrays for {architecture}, found {weights.Count}", name);
        }

        for (int i = 0; i < weights.Count; i++)
        {
            if (weights[i].Length != architecture.Parameters[i].Count)
            {
                throw new ArgumentException($"expected {architecture.Parameters[i].Count} values for {architecture.Parameters[i].Name}, found {weights[i].Length}", name);
            }
        }
    }

    /// <summary>Fills the parameters' gradients with that of the weighted mean log-loss over the given rows and returns that loss.</summary>
    internal double Backpropagate(TrainingSet set, ReadOnlySpan<int> rowIndices, Rng noise = default) =>
        Backpropagate(set, rowIndices, _crossEntropy, noise);

    /// <summary>Fills the parameters' gradients with that of the loss over the given rows and returns that loss.</summary>
    /// <param name="set">Rows and targets.</param>
    /// <param name="rowIndices">The batch, at least one row.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="noise">Stream of this update's chance.</param>
    /// <param name="objective">What adds to the gradients of hidden features before the pass runs backward, or null.</param>
    internal double Backpropagate(TrainingSet set, ReadOnlySpan<int> rowIndices, LossFunction loss, Rng noise, JointObjective? objective = null)
    {
        int length = Architecture.RowLength;
        var pass = new Pass(rowIndices.Length, Training: true, Form, noise);
        _graph.Reserve(pass.Tiles);
        long workBefore = _graph.Work();
        long* offsets = stackalloc long[Tile.Width];
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            int size = pass.CountOf(tile);
            ClearInput(tile, size);
            for (int i = 0; i < size; i++)
            {
                offsets[i] = set.FeatureOffsetOf(rowIndices[tile * Tile.Width + i]);
            }

            fixed (float* source = set.FeatureArray)
            {
                Tile.Gather(source, offsets, size, length, _graph.Input.Values(tile));
            }
        }

        _graph.Forward(pass);
        _graph.ClearGradients(pass.Tiles);
        double value = loss.Run(set, rowIndices, _graph.Output, pass);
        objective?.Run(_graph, pass);
        _graph.Backward(pass);

        // Matrices count a tile once for all its samples, and every tile costs the same.
        TrainingMultiplyAdds += (_graph.Work() - workBefore) / pass.Tiles * rowIndices.Length;
        return value;
    }

    // Lanes without a sample must hold numbers, whatever an earlier batch left there.
    private void ClearInput(int tile, int size)
    {
        if (size < Tile.Width)
        {
            new Span<float>(_graph.Input.Values(tile), _graph.Input.Shape.Rows * Tile.Width).Clear();
        }
    }
}
