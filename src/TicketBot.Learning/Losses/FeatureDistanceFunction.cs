using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Losses;

/// <summary>A distance between two sets of features at work. Owns its buffers, so one per network.</summary>
internal abstract class FeatureDistanceFunction
{
    /// <summary>Adds <paramref name="weight"/> times the gradient of the distance to the gradient of the features, on both sides, and returns the distance
    /// without the weight.</summary>
    /// <param name="features">Features of a batch; steps and channels alike are features.</param>
    /// <param name="source">Samples of the first set; they come first in the batch, those of the second set follow.</param>
    /// <param name="pass">The pass.</param>
    /// <param name="weight">Factor of the gradient.</param>
    /// <exception cref="ArgumentException">A set has too few samples.</exception>
    public abstract double Run(Flow features, int source, in Pass pass, double weight);

    /// <summary>Returns the distance of two sets of rows, <c>[rows, features]</c>, as it is reported.</summary>
    public abstract double Report(ReadOnlySpan<float> source, ReadOnlySpan<float> target, int features, KernelForm form);

    protected static void RequireSamples(int least, int source, int target)
    {
        if (source < least || target < least)
        {
            throw new ArgumentException($"expected at least {least} samples on each side of a feature distance, found {source} and {target}; make the batches of both domains larger");
        }
    }
}
