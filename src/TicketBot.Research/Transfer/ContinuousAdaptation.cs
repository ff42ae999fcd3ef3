using TicketBot.Learning;
using TicketBot.Learning.Losses;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Research.Transfer;

/// <summary>Adapts a network to its newest rows while it rehearses older regimes, and measures what it forgot of them.</summary>
public static class ContinuousAdaptation
{
    /// <summary>What an adaptation did to a regime.</summary>
    /// <param name="Regime">The regime.</param>
    /// <param name="LossBefore">Log-loss on its rows before, in nats.</param>
    /// <param name="LossAfter">The same after.</param>
    public sealed record Forgetting(int Regime, double LossBefore, double LossAfter)
    {
        /// <summary>Rise of the loss in nats; below 0 where the regime gained (backward transfer).</summary>
        public double Rise => LossAfter - LossBefore;
    }

    /// <summary>Adapts in place to a window of new rows: each update reads as many rehearsed rows as new ones, and the weights are pulled back to where they were (L2-SP).</summary>
    /// <param name="network">The network; weights outside the mask stay zero.</param>
    /// <param name="mask">Its mask.</param>
    /// <param name="window">The newest rows.</param>
    /// <param name="reservoir">Older rows; <c>null</c> or an empty one adapts to the new rows alone.</param>
    /// <param name="training">How; batches are halved between old and new rows.</param>
    /// <param name="anchorStrength">Pull to the weights before, at least 0; 0 for none.</param>
    /// <param name="rng">Chance of the orders.</param>
    /// <param name="regimes">Rows by which forgetting is measured, by regime: rows that the reservoir does not hold.</param>
    /// <param name="cancellationToken">Ends it between two updates; the network is then half adapted.</param>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no longer finite.</exception>
    public static IReadOnlyList<Forgetting> Adapt(
        Network network, MaskSet mask, TrainingSet window, RehearsalReservoir? reservoir, TrainingOptions training, double anchorStrength, Rng rng,
        IReadOnlyDictionary<int, TrainingSet> regimes, CancellationToken cancellationToken)
    {
        var loss = new Loss.CrossEntropy();
        var before = regimes.ToDictionary(regime => regime.Key, regime => loss.Of(network, regime.Value));
        var old = reservoir is { Rows: > 0 } ? reservoir.ToSet() : null;
        var half = Math.Max(2, training.BatchSize / 2);
        var options = new AdaptationOptions
        {
            Training = old is null ? training : training with { BatchSize = half, Steps = training.PlannedSteps(window.Rows) },
            TargetBatch = old is null ? null : half,
            Anchor = anchorStrength > 0 ? network.CaptureWeights() : null,
            AnchorStrength = anchorStrength,
        };
        Adaptation.Train(network, mask, old, window, options, rng, _ => !cancellationToken.IsCancellationRequested);
        cancellationToken.ThrowIfCancellationRequested();
        return [.. regimes.OrderBy(regime => regime.Key).Select(regime => new Forgetting(regime.Key, before[regime.Key], loss.Of(network, regime.Value)))];
    }
}
