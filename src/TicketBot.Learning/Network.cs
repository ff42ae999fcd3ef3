using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Training;

namespace TicketBot.Learning;

/// <summary>The dense, trainable form of an architecture: parameters and working buffers for one tile of 64 samples.
/// Not safe for use by several threads at once.</summary>
public sealed unsafe class Network
{
    private readonly DenseLayer[] _layers;
    private readonly Parameter[] _parameters;
    private readonly TileBuffer _input;
    private readonly TileBuffer _weights = new(Tile.Width);
    private readonly TileBuffer _scales = new(Tile.Width);
    private readonly int[] _labels = new int[Tile.Width];

    /// <summary>A network of this architecture with every parameter zero, to be filled by <see cref="RestoreWeights"/>.</summary>
    public Network(Architecture architecture)
    {
        Architecture = architecture;
        _parameters = [.. architecture.Parameters.Select(shape => new Parameter(shape))];
        _layers = new DenseLayer[_parameters.Length / 2];
        for (int i = 0; i < _layers.Length; i++)
        {
            Activation activation = i < architecture.Layers.Count ? architecture.Layers[i].Activation : Activation.Identity;
            _layers[i] = new DenseLayer(_parameters[2 * i], _parameters[2 * i + 1], activation);
        }

        _input = new TileBuffer(architecture.Inputs * Tile.Width);
    }

    /// <summary>The layer stack.</summary>
    public Architecture Architecture { get; }

    /// <summary>The live parameters, in the order of <see cref="Architecture.Parameters"/>.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>True runs the plain form of every kernel; its bits are the same, only its speed differs.</summary>
    internal bool UsesScalarKernels { get; set; }

    internal Parameter[] ParameterArray => _parameters;

    /// <summary>Returns a network with drawn weights and zero biases: normal with variance 2 / inputs before the ReLU family (He et al. 2015),
    /// else 2 / (inputs + outputs) (Glorot and Bengio 2010).</summary>
    public static Network Create(Architecture architecture, ref Rng rng)
    {
        var network = new Network(architecture);
        foreach (DenseLayer layer in network._layers)
        {
            bool rectified = layer.Activation is Activation.Relu or Activation.LeakyRelu;
            double deviation = Math.Sqrt(2.0 / (rectified ? layer.Inputs : layer.Inputs + layer.Outputs));
            foreach (ref float w in layer.Weight.Values.AsSpan())
            {
                w = (float)(deviation * rng.NextGaussian());
            }
        }

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

    /// <summary>Writes the class logits of rows.</summary>
    /// <param name="rows"><c>[count, inputs]</c>, row-major, finite.</param>
    /// <param name="count">Rows, at least 0.</param>
    /// <param name="logits"><c>[count, outputs]</c>, row-major.</param>
    /// <exception cref="ArgumentException">A span is too short, or a feature is not finite.</exception>
    public void LogitsOf(ReadOnlySpan<float> rows, int count, Span<float> logits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int inputs = Architecture.Inputs;
        int outputs = Architecture.Outputs;
        if (rows.Length < (long)count * inputs || logits.Length < (long)count * outputs)
        {
            throw new ArgumentException($"expected {(long)count * inputs} features and room for {(long)count * outputs} logits for {count} rows, found {rows.Length} and {logits.Length}");
        }

        FiniteCheck.Require(rows[..(count * inputs)], nameof(rows));
        for (int first = 0; first < count; first += Tile.Width)
        {
            int size = Math.Min(Tile.Width, count - first);
            int lanes = Tile.RoundUp(size);
            _input.Span.Clear();
            fixed (float* source = rows[(first * inputs)..])
            {
                Tile.Transpose(source, inputs, size, inputs, _input.Pointer, Tile.Width);
            }

            Forward(lanes);
            fixed (float* target = logits[(first * outputs)..])
            {
                Tile.Transpose(_layers[^1].Output.Pointer, Tile.Width, outputs, size, target, outputs);
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

    /// <summary>Fills the parameters' gradients with that of the weighted mean loss over the given rows and returns that loss.</summary>
    internal double Backpropagate(TrainingSet set, ReadOnlySpan<int> rowIndices)
    {
        int inputs = Architecture.Inputs;
        double totalWeight = 0.0;
        foreach (int row in rowIndices)
        {
            totalWeight += set.WeightOf(row);
        }

        if (!(totalWeight > 0.0))
        {
            ClearGradients();
            return 0.0;
        }

        double loss = 0.0;
        float inverse = (float)(1.0 / totalWeight);
        DenseLayer output = _layers[^1];
        for (int first = 0; first < rowIndices.Length; first += Tile.Width)
        {
            int size = Math.Min(Tile.Width, rowIndices.Length - first);
            int lanes = Tile.RoundUp(size);
            _weights.Span.Clear();
            _scales.Span.Clear();
            if (size < Tile.Width)
            {
                _input.Span.Clear();
            }

            for (int i = 0; i < size; i++)
            {
                int row = rowIndices[first + i];
                fixed (float* source = &set.FeatureArray[(long)row * inputs])
                {
                    for (int f = 0; f < inputs; f++)
                    {
                        _input.Pointer[f * Tile.Width + i] = source[f];
                    }
                }

                _labels[i] = set.LabelArray[row];
                _weights.Pointer[i] = set.WeightOf(row);
                _scales.Pointer[i] = _weights.Pointer[i] * inverse;
            }

            Forward(lanes);
            loss += SoftmaxCrossEntropy.Run(output.Output.Pointer, output.OutputGradient.Pointer, output.Outputs, size, lanes, _labels, _weights.Pointer, _scales.Pointer, UsesScalarKernels);
            for (int l = _layers.Length - 1; l >= 0; l--)
            {
                TileBuffer input = l == 0 ? _input : _layers[l - 1].Output;
                _layers[l].Backward(input, l == 0 ? null : _layers[l - 1].OutputGradient, size, lanes, firstTile: first == 0, UsesScalarKernels);
            }
        }

        foreach (DenseLayer layer in _layers)
        {
            layer.FinishGradient();
        }

        return loss / totalWeight;
    }

    private void Forward(int lanes)
    {
        TileBuffer x = _input;
        foreach (DenseLayer layer in _layers)
        {
            layer.Forward(x, lanes, UsesScalarKernels);
            x = layer.Output;
        }
    }

    private void ClearGradients()
    {
        foreach (Parameter parameter in _parameters)
        {
            Array.Clear(parameter.Gradient);
        }
    }
}
