using System.Globalization;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Pruning;

/// <summary>The flow of an architecture: the sum of its outputs when every input of every step is one, every weight is its size, and what is no weight lets values pass:
/// activations, normalisations and dropout are the identity, biases are zero (Tanaka et al. 2020, whose networks are rectified, where that is the same).
/// <para>Beyond the paper: where a layer multiplies signals, each carries values with the other held at one. So all gates of a recurrent layer add up, and of attention
/// the step's own query, the mean key and the mean value. Recurrence goes one step back, else its weights would count once per step of the window. Zeros before a causal
/// convolution carry nothing; the maximum over steps passes the largest.</para></summary>
internal sealed class PathFlow
{
    private readonly Architecture _architecture;
    private readonly List<PathOperation> _operations = [];
    private readonly PathValues _input;
    private readonly PathValues _output;
    private int _parameter;

    public PathFlow(Architecture architecture)
    {
        _architecture = architecture;
        var values = new List<PathValues> { new(architecture.Window, architecture.Inputs) };
        _input = values[0];
        for (int i = 0; i < architecture.Layers.Count; i++)
        {
            values.Add(AddGene(architecture.Layers[i], i + 1, values));
        }

        PathValues last = values[^1].Steps == 1 ? values[^1] : Add(new PathOperation.Pass(values[^1], New(1, values[^1].Channels)));
        _output = AddProduct("output.weight", last);
    }

    /// <summary>Returns |dR/dw * w| per weight under masks, one array per parameter.</summary>
    /// <exception cref="ArgumentException">A flow is not finite.</exception>
    public double[][] ScoresOf(IReadOnlyList<float[]> weights, IReadOnlyList<bool[]?> masks)
    {
        double[][] sizes = [.. weights.Select((values, p) => SizesOf(values, masks[p]))];
        double[][] scores = [.. sizes.Select(values => new double[values.Length])];
        Array.Fill(_input.Values, 1.0);
        Array.Clear(_input.Gradient);
        foreach (PathOperation operation in _operations)
        {
            Array.Clear(operation.Output.Values);
            Array.Clear(operation.Output.Gradient);
        }

        foreach (PathOperation operation in _operations)
        {
            operation.Forward(sizes);
        }

        Array.Fill(_output.Gradient, 1.0);
        for (int i = _operations.Count - 1; i >= 0; i--)
        {
            _operations[i].Backward(sizes, scores);
        }

        for (int p = 0; p < scores.Length; p++)
        {
            for (int i = 0; i < scores[p].Length; i++)
            {
                scores[p][i] *= sizes[p][i];
                if (!double.IsFinite(scores[p][i]))
                {
                    throw new ArgumentException($"expected finite flows through {_architecture}, found {scores[p][i]} in {_architecture.Parameters[p].Name} at {i}; draw smaller weights or a shallower network");
                }
            }
        }

        return scores;
    }

    private static double[] SizesOf(float[] values, bool[]? mask)
    {
        double[] sizes = new double[values.Length];
        for (int i = 0; mask is not null && i < sizes.Length; i++)
        {
            sizes[i] = mask[i] ? Math.Abs((double)values[i]) : 0.0;
        }

        return sizes;
    }

    private PathValues AddGene(Gene gene, int number, List<PathValues> values)
    {
        PathValues input = values[^1];
        string prefix = string.Create(CultureInfo.InvariantCulture, $"layer{number}.");
        LayerShape shape = gene.OutputOf(new LayerShape(input.Steps, input.Channels));
        PathValues output = gene switch
        {
            Gene.Dense => AddProduct(prefix + "weight", input),
            Gene.Conv1D convolution => AddProduct(prefix + "weight", input, New(shape.Steps, shape.Channels), convolution.IsCausal ? 1 - convolution.Kernel : 0),
            Gene.Lstm or Gene.Gru => AddRecurrent(prefix, input, shape.Channels),
            Gene.Attention => AddAttention(prefix, input, shape.Channels),
            Gene.Flatten => input.As(shape.Steps, shape.Channels),
            Gene.Pool { Kind: Pooling.Last } => Add(new PathOperation.Pass(input, New(1, shape.Channels))),
            Gene.Pool { Kind: Pooling.Mean } => Add(new PathOperation.Mean(input, New(1, shape.Channels))),
            Gene.Pool { Kind: Pooling.Max } => Add(new PathOperation.Maximum(input, New(1, shape.Channels))),
            Gene.BatchNorm or Gene.LayerNorm or Gene.Identity or Gene.Reversal => input,
            _ => throw new NotSupportedException($"expected a gene whose flow is known, found '{gene}'; use magnitudes or SNIP for {_architecture}"),
        };
        if (gene.Skips.Count == 0)
        {
            return output;
        }

        // What is added to must not be what an earlier reader still holds.
        PathValues sum = Add(new PathOperation.Pass(output, New(output.Steps, output.Channels)));
        foreach (int source in gene.Skips)
        {
            PathValues from = values[source];
            sum = from.Channels == sum.Channels
                ? Add(new PathOperation.Pass(from, sum))
                : AddProduct(prefix + Architecture.SkipWeight(source), from, sum, from.Steps - sum.Steps);
        }

        return sum;
    }

    private PathValues AddRecurrent(string prefix, PathValues input, int channels)
    {
        PathValues sums = AddProduct(prefix + "input_weight", input, New(input.Steps, channels));
        PathValues output = Add(new PathOperation.Pass(sums, New(input.Steps, channels)));
        return AddProduct(prefix + "recurrent_weight", sums, output, shift: -1);
    }

    private PathValues AddAttention(string prefix, PathValues input, int channels)
    {
        PathValues context = AddProduct(prefix + "query_weight", input);
        PathValues shared = AddProduct(prefix + "key_weight", input);
        AddProduct(prefix + "value_weight", input, shared);
        Add(new PathOperation.Mean(shared, context));
        return AddProduct(prefix + "output_weight", context, New(input.Steps, channels));
    }

    private PathValues AddProduct(string name, PathValues input, PathValues? output = null, int shift = 0)
    {
        while (!_architecture.Parameters[_parameter].IsPrunable)
        {
            _parameter++;
        }

        ParameterShape shape = _architecture.Parameters[_parameter];
        if (shape.Name != name)
        {
            throw new InvalidOperationException($"Invariant: the next weights of {_architecture} must be {name}, were {shape.Name}.");
        }

        return Add(new PathOperation.Product(_parameter++, shape, input, output ?? New(input.Steps, shape.Rows / shape.Groups), shift));
    }

    private PathValues Add(PathOperation operation)
    {
        _operations.Add(operation);
        return operation.Output;
    }

    private static PathValues New(int steps, int channels) => new(steps, channels);
}
