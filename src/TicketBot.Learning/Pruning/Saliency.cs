using TicketBot.Learning.Losses;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Pruning;

/// <summary>Scores of weights before training by what the loss of one batch says about them. Prune with <see cref="MagnitudePruning.Prune(IReadOnlyList{float[]}, MaskSet, PruningOptions)"/>
/// in <see cref="PruningScope.All"/>, which ranks them as the paper does.</summary>
public static class Saliency
{
    /// <summary>Rows that a set without classes counts as, in classes.</summary>
    private const int ClassesOfTargets = 10;

    /// <summary>Returns the connection sensitivity |dL/dw * w| of every weight on one batch (SNIP, Lee et al. 2019, section 4, without the common divisor): how much the loss
    /// would move at first if the weight were taken away. The network is not changed. Dropout is left out; batch normalisation uses the batch.</summary>
    /// <param name="network">The network, usually freshly drawn; weights outside a mask must be zero, and score zero.</param>
    /// <param name="rows">Where the batch is drawn from.</param>
    /// <param name="loss">The loss that training will make small.</param>
    /// <param name="rng">Stream of the draw.</param>
    /// <param name="rowsPerClass">Rows drawn of each class, at least 1; of a class with fewer weighted rows all are taken. A set of targets counts as ten classes. The paper asks for
    /// at least ten; 100 by default, because with ten the inputs of a planted teacher hardly stand out among 24.</param>
    /// <returns>One array per parameter, in order, shaped as the parameter; zeros for what is never pruned.</returns>
    /// <exception cref="ArgumentException">The set, the loss and the network do not fit together, no row has a weight, or a score is not finite.</exception>
    public static IReadOnlyList<float[]> Snip(Network network, TrainingSet rows, Loss loss, ref Rng rng, int rowsPerClass = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowsPerClass, 1);
        var scored = new Network(WithoutDropout(network.Architecture)) { Form = network.Form };
        scored.RestoreWeights(network.CaptureWeights());
        LossFunction function = loss.CreateFunction(network.Architecture);
        function.RequireFit(network.Architecture, rows, nameof(rows));
        double value = scored.Backpropagate(rows, DrawBatch(rows, rowsPerClass, ref rng), function, rng.Split(0));
        if (!double.IsFinite(value))
        {
            throw new ArgumentException($"expected a finite loss on the batch, found {value}; scale the features or draw smaller weights", nameof(network));
        }

        return [.. scored.ParameterArray.Select(parameter => ScoresOf(parameter))];
    }

    /// <summary>Draws rows with a weight, so many of each class, classes ascending; the same rows in ascending order whatever the draw's order was.</summary>
    internal static int[] DrawBatch(TrainingSet rows, int rowsPerClass, ref Rng rng)
    {
        IEnumerable<int> weighted = Enumerable.Range(0, rows.Rows).Where(row => rows.WeightOf(row) > 0f);
        var drawn = new List<int>();
        if (rows.TargetWidth > 0)
        {
            Draw(weighted, ClassesOfTargets * rowsPerClass, drawn, ref rng);
        }
        else
        {
            foreach (IGrouping<int, int> members in weighted.GroupBy(row => rows.LabelArray[row]).OrderBy(group => group.Key))
            {
                Draw(members, rowsPerClass, drawn, ref rng);
            }
        }

        if (drawn.Count == 0)
        {
            throw new ArgumentException($"expected rows with a sample weight above 0, found none among {rows.Rows}; weigh the rows to be used above 0", nameof(rows));
        }

        return [.. drawn.Order()];
    }

    private static void Draw(IEnumerable<int> from, int count, List<int> drawn, ref Rng rng)
    {
        int[] shuffled = [.. from];
        rng.Shuffle(shuffled.AsSpan());
        drawn.AddRange(shuffled.Take(count));
    }

    private static float[] ScoresOf(Parameter parameter)
    {
        float[] scores = new float[parameter.Shape.Count];
        for (int i = 0; parameter.IsPrunable && i < scores.Length; i++)
        {
            scores[i] = MathF.Abs(parameter.Gradient[i] * parameter.Values[i]);
        }

        FiniteCheck.Require(scores, parameter.Name);
        return scores;
    }

    private static Architecture WithoutDropout(Architecture architecture) => Architecture.Parse(
        string.Join(',', architecture.Layers.Select(gene => (gene with { Dropout = 0.0 }).ToString())), architecture.Inputs, architecture.Outputs, architecture.Window);
}
