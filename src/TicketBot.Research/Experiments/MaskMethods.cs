using TicketBot.Learning;
using TicketBot.Learning.Losses;
using TicketBot.Learning.Pruning;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Experiments;

/// <summary>The masks that methods draw, each at the density that the rounds of the plan would reach.</summary>
internal static class MaskMethods
{
    // Moves in a training of any length are as many as the paper's interval of 100 steps gives in the shortest that it suits.
    private const int LongestMoveInterval = 100;
    private const int MovesOfATraining = 25;

    /// <summary>Returns how a dynamic sparse training moves weights: every 100 steps (Evci et al. 2020), more often in short trainings.</summary>
    public static RigLOptions Moves(SearchPlan plan) =>
        new() { UpdateEverySteps = Math.Clamp(plan.Words.Steps / MovesOfATraining, 1, LongestMoveInterval) };

    /// <summary>Returns the next mask.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="rows">Rows; only SNIP reads them, training rows alone.</param>
    /// <param name="mask">The mask of the round before.</param>
    /// <param name="last">The training of the round before.</param>
    /// <param name="dense">The dense training.</param>
    /// <param name="seed">Seed of the search.</param>
    public static MaskSet Next(SearchPlan plan, ExperimentRows rows, MaskSet mask, TrainingOutcome last, TrainingOutcome dense, ulong seed)
    {
        var rng = new Rng(StageHash.Seed("method", plan.Words.Method, seed));
        return plan.Words.Method switch
        {
            ExperimentMethod.Imp => MagnitudePruning.Prune(last.LastWeights, mask, plan.Round),
            ExperimentMethod.OneShot => MagnitudePruning.Prune(dense.LastWeights, mask, plan.Whole),
            ExperimentMethod.EarlyBird => MagnitudePruning.Prune(dense.EmergedAt is null ? dense.LastWeights : dense.EmergedWeights, mask, plan.Whole),
            ExperimentMethod.Snip => MagnitudePruning.Prune(
                Saliency.Snip(Restored(plan, dense), rows.Train, new Loss.CrossEntropy(), ref rng), mask,
                new PruningOptions { Rate = 1 - DensityOf(plan, mask, dense), Scope = PruningScope.All }),
            ExperimentMethod.SynFlow => SynFlow.Prune(Restored(plan, dense), mask, DensityOf(plan, mask, dense)),
            ExperimentMethod.RigL => RandomTopology.ErdosRenyiKernel(plan.Architecture, DensityOf(plan, mask, dense), ref rng),
            _ => throw new ArgumentOutOfRangeException(nameof(plan), plan.Words.Method, "unknown method"),
        };
    }

    // What one magnitude pruning to the last density leaves of the whole network; which weights these are plays no part.
    private static double DensityOf(SearchPlan plan, MaskSet mask, TrainingOutcome dense) => MagnitudePruning.Prune(dense.RewindWeights, mask, plan.Whole).Density;

    private static Network Restored(SearchPlan plan, TrainingOutcome dense)
    {
        var network = new Network(plan.Architecture);
        network.RestoreWeights(dense.RewindWeights);
        return network;
    }
}
