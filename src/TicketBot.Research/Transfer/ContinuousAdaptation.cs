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

    /// <summary>What was seen on the way.</summary>
    /// <param name="Update">Updates made.</param>
    /// <param name="NewLoss">Log-loss on the validation rows, in nats.</param>
    /// <param name="OldLoss">Mean log-loss of the regimes that must not be forgotten, each weighing alike; <c>null</c> without any.</param>
    public sealed record Look(int Update, double NewLoss, double? OldLoss);

    /// <summary>How an adaptation went.</summary>
    /// <param name="Looks">Before the first update, between and after; the weights kept are those of the lowest <see cref="Look.NewLoss"/>.</param>
    /// <param name="Best">Updates made at that look; 0 where no update helped and the weights are those before.</param>
    /// <param name="Regimes">What was forgotten, by regime.</param>
    public sealed record Course(IReadOnlyList<Look> Looks, int Best, IReadOnlyList<Forgetting> Regimes);

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
        Train(network, mask, window, reservoir, training, anchorStrength, rng, null, _ => !cancellationToken.IsCancellationRequested);
        cancellationToken.ThrowIfCancellationRequested();
        return ForgettingOf(network, before, regimes);
    }

    /// <summary>The same, ended where the loss on validation rows no longer falls; the weights of its lowest look are kept, those before the first update among them.</summary>
    /// <param name="network">The network; weights outside the mask stay zero.</param>
    /// <param name="mask">Its mask.</param>
    /// <param name="window">The newest rows.</param>
    /// <param name="validation">Rows that choose the update; newer than the window.</param>
    /// <param name="patience">Looks without a new lowest loss after which it ends, at least 1.</param>
    /// <param name="lookEvery">Updates between two looks, at least 1.</param>
    /// <param name="reservoir">Older rows; <c>null</c> or an empty one adapts to the new rows alone.</param>
    /// <param name="training">How; batches are halved between old and new rows.</param>
    /// <param name="anchorStrength">Pull to the weights before, at least 0; 0 for none.</param>
    /// <param name="rng">Chance of the orders.</param>
    /// <param name="regimes">Rows by which forgetting is measured, by regime: rows that the reservoir does not hold.</param>
    /// <param name="cancellationToken">Ends it between two looks; the network is then half adapted.</param>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no longer finite.</exception>
    public static Course Adapt(
        Network network, MaskSet mask, TrainingSet window, TrainingSet validation, int patience, int lookEvery, RehearsalReservoir? reservoir, TrainingOptions training, double anchorStrength,
        Rng rng, IReadOnlyDictionary<int, TrainingSet> regimes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(lookEvery, 1);
        var loss = new Loss.CrossEntropy();
        mask.ApplyTo(network);
        var before = regimes.ToDictionary(regime => regime.Key, regime => loss.Of(network, regime.Value));
        var looks = new List<Look>();
        var (best, lowest, since) = (0, double.PositiveInfinity, 0);
        var kept = network.CaptureWeights();
        Train(network, mask, window, reservoir, training, anchorStrength, rng, lookEvery, moment =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var now = loss.Of(moment.Network, validation);
            looks.Add(new Look(moment.Step, now, regimes.Count == 0 ? null : regimes.Values.Average(rows => loss.Of(moment.Network, rows))));
            since++;
            if (now < lowest)
            {
                (best, lowest, since, kept) = (moment.Step, now, 0, moment.Network.CaptureWeights());
            }

            return since < patience;
        });
        network.RestoreWeights(kept);
        return new Course(looks, best, ForgettingOf(network, before, regimes));
    }

    private static void Train(
        Network network, MaskSet mask, TrainingSet window, RehearsalReservoir? reservoir, TrainingOptions training, double anchorStrength, Rng rng, int? lookEvery, Func<AdaptationMoment, bool> goOn)
    {
        var old = reservoir is { Rows: > 0 } ? reservoir.ToSet() : null;
        var half = Math.Max(2, training.BatchSize / 2);
        var options = new AdaptationOptions
        {
            Training = old is null ? training : training with { BatchSize = half, Steps = training.PlannedSteps(window.Rows) },
            TargetBatch = old is null ? null : half,
            Anchor = anchorStrength > 0 ? network.CaptureWeights() : null,
            AnchorStrength = anchorStrength,
        };
        Adaptation.Train(network, mask, old, window, lookEvery is { } every ? options with { ReportEverySteps = every } : options, rng, goOn);
    }

    private static List<Forgetting> ForgettingOf(Network network, Dictionary<int, double> before, IReadOnlyDictionary<int, TrainingSet> regimes)
    {
        var loss = new Loss.CrossEntropy();
        return [.. regimes.OrderBy(regime => regime.Key).Select(regime => new Forgetting(regime.Key, before[regime.Key], loss.Of(network, regime.Value)))];
    }
}
