using TicketBot.Learning.Pruning;

namespace TicketBot.Learning.Sparse;

/// <summary>A masked network made ready to predict one row at a time. Surviving weights lie packed by rows; inputs, neurons and weights that
/// cannot reach a logit are gone, and neurons without living inputs are computed once. Every sum keeps the order of the dense form, so the logits
/// are the same numbers. Not safe for use by several threads at once; predicting allocates nothing.</summary>
public sealed class CompiledNetwork
{
    private readonly SparseLayer[] _layers;
    private readonly float[][] _activations;
    private readonly int[] _inputs;

    /// <summary>Compiles weights under masks.</summary>
    /// <param name="architecture">The layer stack.</param>
    /// <param name="weights">One array per parameter, in order, finite.</param>
    /// <param name="masks">One mask per parameter, null for biases.</param>
    /// <exception cref="ArgumentException">The arrays do not fit the architecture, or a weight is not finite.</exception>
    public CompiledNetwork(Architecture architecture, IReadOnlyList<float[]> weights, IReadOnlyList<bool[]?> masks)
        : this(architecture, weights, MaskSet.FromArrays(architecture, masks))
    {
    }

    /// <summary>Compiles weights under a mask.</summary>
    /// <exception cref="ArgumentException">The arrays do not fit the architecture, or a weight is not finite.</exception>
    public CompiledNetwork(Architecture architecture, IReadOnlyList<float[]> weights, MaskSet mask)
    {
        Network.RequireShapes(architecture, weights, nameof(weights));
        mask.RequireArchitecture(architecture);
        foreach (float[] values in weights)
        {
            FiniteCheck.Require(values, nameof(weights));
        }

        Architecture = architecture;
        (_layers, _inputs, _activations) = SparseCompiler.Compile(architecture, weights, mask);
    }

    /// <summary>The layer stack it was compiled from.</summary>
    public Architecture Architecture { get; }

    /// <summary>Multiply-adds of one prediction.</summary>
    public int MultiplyAdds => _layers.Sum(layer => layer.Values.Length);

    /// <summary>Positions of the features that can reach a logit, ascending.</summary>
    public IReadOnlyList<int> LiveInputs => _inputs;

    /// <summary>Hidden neurons that are computed for each row.</summary>
    public int LiveNeurons => _layers.Take(_layers.Length - 1).Sum(layer => layer.Targets.Length);

    /// <summary>Writes the class logits of one row.</summary>
    /// <param name="features">As many finite values as the architecture has inputs.</param>
    /// <param name="logits">Room for as many values as it has outputs.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a feature or a logit is not finite.</exception>
    public void Predict(ReadOnlySpan<float> features, Span<float> logits)
    {
        if (features.Length != Architecture.Inputs || logits.Length != Architecture.Outputs)
        {
            throw new ArgumentException($"expected {Architecture.Inputs} features and room for {Architecture.Outputs} logits, found {features.Length} and {logits.Length}");
        }

        FiniteCheck.Require(features, nameof(features));
        float[] x = _activations[0];
        for (int i = 0; i < _inputs.Length; i++)
        {
            x[i] = features[_inputs[i]];
        }

        for (int l = 0; l < _layers.Length; l++)
        {
            _layers[l].Run(_activations[l], _activations[l + 1]);
        }

        _activations[^1].AsSpan().CopyTo(logits);
        FiniteCheck.Require(logits, nameof(logits));
    }
}
