using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Losses;

/// <summary>A loss at work on the outputs of one network. Owns its buffers, so one per network.</summary>
internal abstract class LossFunction
{
    /// <summary>Writes the gradient of the loss by the outputs of all tiles, zero in lanes without a sample, and returns the loss of the batch.</summary>
    /// <param name="set">Where the targets are.</param>
    /// <param name="rows">The rows of the set in the batch, in lane order.</param>
    /// <param name="output">Outputs <c>[tile][channel][64]</c>; its gradient is cleared.</param>
    /// <param name="pass">The pass.</param>
    public abstract double Run(TrainingSet set, ReadOnlySpan<int> rows, Flow output, in Pass pass);

    /// <summary>Refuses a set whose rows the network, or whose labels or targets this loss cannot read. A window over a series may feed a network without one,
    /// as one long row.</summary>
    public void RequireFit(Architecture architecture, TrainingSet set, string name)
    {
        if (set.Rows < 1 || set.RowLength != architecture.RowLength || (set.Window > 1 && architecture.Window > 1 && set.Window != architecture.Window))
        {
            throw new ArgumentException($"expected at least one row of {architecture.Window} x {architecture.Inputs} features, found {set.Rows} rows of {set.Window} x {set.FeatureCount}; build the set for this architecture or parse the architecture for this set", name);
        }

        RequireFit(set, name);
    }

    /// <summary>Refuses a set whose labels or targets this loss cannot read.</summary>
    public abstract void RequireFit(TrainingSet set, string name);

    /// <summary>Starts the evaluation of a set; <see cref="Evaluate"/> then takes its rows in ascending order, in pieces of any size.</summary>
    public abstract void BeginEvaluation();

    /// <summary>Takes outputs <c>[rows, outputs]</c> of the rows from <paramref name="firstRow"/> on.</summary>
    public abstract void Evaluate(TrainingSet set, int firstRow, ReadOnlySpan<float> outputs);

    /// <summary>Returns the loss over all rows taken.</summary>
    public abstract double FinishEvaluation();

    /// <summary>A gradient below the floor is zero: saturated samples would otherwise fill the backward pass with denormals. NaN stays.</summary>
    protected static float Cut(double gradient) => Math.Abs(gradient) < SoftmaxCrossEntropy.GradientFloor ? 0f : (float)gradient;

    protected static double RequireWeight(double total) => total > 0.0
        ? total
        : throw new ArgumentException($"expected sample weights with a sum above 0 over the rows to evaluate, found {total}; leave such a set out");

    protected static void RequireTargets(TrainingSet set, int width, string outputs, string name)
    {
        if (set.TargetWidth != width)
        {
            string found = set.TargetWidth == 0 ? "a set of class labels" : $"{set.TargetWidth} targets a row";
            throw new ArgumentException($"expected {width} targets a row for {outputs}, found {found}; give the set float targets of that width or change the outputs of the architecture", name);
        }
    }
}
