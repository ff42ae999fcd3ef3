using TicketBot.Learning.Kernels;
using TicketBot.Learning.Pruning;

namespace TicketBot.Learning.Sparse;

/// <summary>A masked network made ready to predict one row at a time. Surviving weights lie packed; inputs, channels, steps and weights that cannot reach an output
/// are gone, and channels without living inputs are constants. Every sum keeps the order of the dense form, so the outputs are the same numbers; only batch
/// normalisation directly behind a linear layer is folded into its weights, after which outputs agree within 1e-5 of the largest. For windows there is a second way to
/// the same bits: <see cref="Advance"/> takes one candle at a time and computes only what is new. Not safe for use by several threads at once; after
/// the first call of each kind predicting allocates nothing.</summary>
public sealed class CompiledNetwork
{
    private readonly StageGraph _graph;
    private readonly Evaluation _window;
    private Evaluation? _sliding;
    private int _candles;

    /// <summary>Compiles weights under masks.</summary>
    /// <param name="architecture">The layer stack.</param>
    /// <param name="weights">One array per parameter, in order, finite.</param>
    /// <param name="masks">One mask per parameter, null for those that are never pruned.</param>
    /// <exception cref="ArgumentException">The arrays do not fit the architecture, or a weight is not finite.</exception>
    public CompiledNetwork(Architecture architecture, IReadOnlyList<float[]> weights, IReadOnlyList<bool[]?> masks)
        : this(architecture, weights, MaskSet.FromArrays(architecture, masks))
    {
    }

    /// <summary>Compiles weights under a mask.</summary>
    /// <exception cref="ArgumentException">The arrays do not fit the architecture, or a weight is not finite.</exception>
    public CompiledNetwork(Architecture architecture, IReadOnlyList<float[]> weights, MaskSet mask)
        : this(architecture, weights, mask, KernelForms.Best)
    {
    }

    internal CompiledNetwork(Architecture architecture, IReadOnlyList<float[]> weights, MaskSet mask, KernelForm form)
    {
        Network.RequireShapes(architecture, weights, nameof(weights));
        mask.RequireArchitecture(architecture);
        foreach (float[] values in weights)
        {
            FiniteCheck.Require(values, nameof(weights));
        }

        Architecture = architecture;
        _graph = new StageGraph(architecture, weights, mask, form);
        _window = new Evaluation(_graph, slides: false);
        LiveInputs = [.. Enumerable.Range(0, architecture.Inputs).Where(i => _graph.Input.Needed[i])];
        LiveNeurons = _graph.Stages.Where(stage => stage != _graph.Output).Sum(stage => stage.LiveNeurons);
        MultiplyAdds = checked((int)_window.MultiplyAdds);
    }

    /// <summary>The layer stack it was compiled from.</summary>
    public Architecture Architecture { get; }

    /// <summary>Multiply-adds of one <see cref="Predict"/>: products with surviving weights, over all steps that are needed, and those between the steps of attention.</summary>
    public int MultiplyAdds { get; }

    /// <summary>Multiply-adds of one <see cref="Advance"/>, counted in the same way.</summary>
    public int AdvanceMultiplyAdds => checked((int)Sliding.MultiplyAdds);

    /// <summary>Positions of the features of a step that can reach an output, ascending.</summary>
    public IReadOnlyList<int> LiveInputs { get; }

    /// <summary>Hidden channels of layers with weights that are computed for each row; over how many steps does not count, nor do the gates of a recurrent unit.</summary>
    public int LiveNeurons { get; }

    /// <summary>True if batch normalisation was folded into weights, so that outputs agree with the dense form not in every bit.</summary>
    internal bool HasFolded => _graph.HasFolded;

    private Evaluation Sliding => _sliding ??= new Evaluation(_graph, slides: true);

    /// <summary>Writes the outputs for one row, class logits for a classifier.</summary>
    /// <param name="features">Finite values: as many as the architecture has inputs, with a window <c>[window, inputs]</c>, oldest first.</param>
    /// <param name="logits">Room for as many values as it has outputs.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a feature or an output is not finite.</exception>
    public void Predict(ReadOnlySpan<float> features, Span<float> logits)
    {
        RequireLengths(features.Length, Architecture.RowLength, logits.Length);
        FiniteCheck.Require(features, nameof(features));
        _window.Evaluate(features);
        Hand(_window, logits);
    }

    /// <summary>Takes the features of a new candle and, once a window of them is full, writes the outputs for the window that ends there: the bits that
    /// <see cref="Predict"/> gives for these candles. Does not touch what <see cref="Predict"/> uses.</summary>
    /// <param name="step">As many finite values as the architecture has inputs.</param>
    /// <param name="logits">Room for as many values as it has outputs; not written while the window is not full.</param>
    /// <returns>True if outputs were written; false for the first <c>window - 1</c> candles.</returns>
    /// <exception cref="ArgumentException">A length is wrong or a feature is not finite, then the candle was not taken; or an output is not finite, then it was.</exception>
    public bool Advance(ReadOnlySpan<float> step, Span<float> logits)
    {
        RequireLengths(step.Length, Architecture.Inputs, logits.Length);
        FiniteCheck.Require(step, nameof(step));
        _candles = Math.Min(_candles + 1, Architecture.Window);
        bool isFull = _candles == Architecture.Window;
        Sliding.Advance(step, isFull);
        if (isFull)
        {
            Hand(Sliding, logits);
        }

        return isFull;
    }

    /// <summary>Forgets the candles of <see cref="Advance"/>; the next is the first of a new window.</summary>
    public void Reset()
    {
        _candles = 0;
        _sliding?.Clear();
    }

    private static void Hand(Evaluation evaluation, Span<float> logits)
    {
        evaluation.Outputs.CopyTo(logits);
        FiniteCheck.Require(logits, nameof(logits));
    }

    private void RequireLengths(int features, int expected, int logits)
    {
        if (features != expected || logits != Architecture.Outputs)
        {
            throw new ArgumentException($"expected {expected} features and room for {Architecture.Outputs} outputs, found {features} and {logits}");
        }
    }
}
