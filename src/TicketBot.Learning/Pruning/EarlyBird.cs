using TicketBot.Learning.Training;

namespace TicketBot.Learning.Pruning;

/// <summary>Finds a ticket before training ends: trains dense, draws a mask at regular checks, and stops when it no longer moves
/// (You et al., Drawing Early-Bird Tickets, 2020; here for single weights, with rewinding to theta_k, and with distances over chance).</summary>
public static class EarlyBird
{
    /// <summary>Trains the network dense until its mask emerges or the planned steps end. The network is left with its last weights; to get the
    /// ticket, rewind with <see cref="Trainer.Rewind"/> under <see cref="EarlyBirdResult.Mask"/>.</summary>
    /// <param name="network">A freshly drawn network.</param>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="training">Plan of the dense training; validation and patience play no part in the search.</param>
    /// <param name="options">Density, window, thresholds.</param>
    /// <param name="rng">Stream of the data order.</param>
    /// <exception cref="ArgumentException">The set does not fit the network, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no longer finite.</exception>
    public static EarlyBirdResult Search(Network network, TrainingSet train, TrainingOptions training, EarlyBirdOptions options, Rng rng)
    {
        options.Validate();
        training.Validate();
        int planned = training.PlannedSteps(train.Rows);
        int checkEvery = Math.Max(1, (int)(options.CheckEveryShare * planned));
        int rewindStep = (int)(options.RewindShare * planned);
        MaskSet full = MaskSet.Full(network);
        PruningOptions pruning = PruningOptions.ToDensity(options.Density, options.Scope, options.KeepIncoming);
        var detector = new EarlyBirdDetector(options, MagnitudePruning.Prune(network, full, pruning));
        var checks = new List<EarlyBirdCheck>();
        TrainingCheckpoint? rewindPoint = null;
        MaskSet? mask = null;
        TrainingResult result = Trainer.Train(network, full, train, validation: null, training, rng, moment =>
        {
            if (moment.Step.Number == rewindStep)
            {
                rewindPoint = moment.Capture();
            }

            if (moment.Step.Number > 0 && moment.Step.Number % checkEvery == 0)
            {
                mask = MagnitudePruning.Prune(moment.Network, full, pruning);
                checks.Add(detector.Observe(mask, moment.Step));
            }

            return detector.EmergedAt is null || rewindPoint is null;
        });
        return new EarlyBirdResult
        {
            Mask = detector.EmergedAt is null ? null : mask,
            LastMask = mask,
            EmergedAt = detector.EmergedAt,
            ShareSaved = detector.EmergedAt is null ? 0.0 : 1.0 - (double)result.LastStep.Number / planned,
            RewindPoint = rewindPoint ?? throw new InvalidOperationException($"Invariant: theta_k must be captured at step {rewindStep} of {planned}, but training ended at {result.LastStep.Number}."),
            LastWeights = network.CaptureWeights(),
            Checks = checks,
        };
    }
}
