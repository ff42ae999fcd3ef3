using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Research.LotteryTickets;

/// <summary>The training steps of the early-bird recipe; pure functions of their inputs.</summary>
/// <remarks>Early-bird tickets: You et al., ICLR 2020. Rewinding to theta_k: Frankle et al., "Linear Mode Connectivity and the Lottery Ticket
/// Hypothesis", ICML 2020. Temperature: Guo et al., ICML 2017.</remarks>
public static class TicketTraining
{
    /// <summary>Trains the dense network; keeps theta_k early on, draws a mask at regular checks and keeps the one that has stopped moving. Training
    /// ends once the mask has emerged and the validation loss no longer falls.</summary>
    /// <returns>The dense network; its mask is the emerged one (the last one drawn when none emerged) and its weights are not masked.</returns>
    public static TrainedNetwork Dense(TrainingPlan plan, TrainingSet train, TrainingSet validation, CancellationToken cancellationToken)
    {
        var start = new Rng(plan.Seed);
        var network = Network.Create(plan.Architecture, ref start);
        var full = MaskSet.Full(plan.Architecture);
        var pruning = PruningOptions.ToDensity(plan.EarlyBird.Density, plan.EarlyBird.Scope);
        var planned = plan.Training.PlannedSteps(train.Rows);
        var checkEvery = Math.Max(1, (int)(plan.EarlyBird.CheckEveryShare * planned));
        var rewindStep = (int)(plan.EarlyBird.RewindShare * planned);
        var detector = new EarlyBirdDetector(plan.EarlyBird, MagnitudePruning.Prune(network, full, pruning));
        MaskSet? emerged = null;
        IReadOnlyList<float[]>? rewind = null;
        var lowest = double.PositiveInfinity;
        var sinceLowest = 0;

        var result = Trainer.Train(network, full, train, validation, plan.Training, DataOrder(plan), moment =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (moment.Step.Number == rewindStep)
            {
                rewind = moment.Network.CaptureWeights();
            }

            if (emerged is null && moment.Step.Number > 0 && moment.Step.Number % checkEvery == 0)
            {
                var mask = MagnitudePruning.Prune(moment.Network, full, pruning);
                detector.Observe(mask, moment.Step);
                emerged = detector.EmergedAt is null ? null : mask;
            }

            if (moment.ValidationLoss is { } loss)
            {
                sinceLowest = loss < lowest ? 0 : sinceLowest + 1;
                lowest = Math.Min(lowest, loss);
            }

            return emerged is null || rewind is null || sinceLowest < plan.Patience;
        });
        var mask = emerged ?? MagnitudePruning.Prune(network, full, pruning);
        return Finished(network, mask, rewind ?? network.CaptureWeights(), rewindStep, detector.EmergedAt?.Number ?? result.LastStep.Number, result, validation);
    }

    /// <summary>Rewinds to theta_k under a mask and trains sparse.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="origin">Gives theta_k and when the mask emerged.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="validation">Rows for early stop and temperature.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static TrainedNetwork Sparse(
        TrainingPlan plan, TrainedNetwork origin, MaskSet mask, TrainingSet train, TrainingSet validation, CancellationToken cancellationToken)
    {
        var network = new Network(plan.Architecture);
        var perEpoch = plan.Training.StepsPerEpoch(train.Rows);
        var step = new Step(origin.RewindStep, origin.RewindStep / perEpoch, origin.RewindStep % perEpoch);
        var result = Trainer.Rewind(
            network, mask, new TrainingCheckpoint(step, origin.RewindWeights, DataOrder(plan)), train, validation,
            plan.Training with { EarlyStopPatience = plan.Patience }, _ =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return true;
            });
        return Finished(network, mask, origin.RewindWeights, origin.RewindStep, origin.EmergedStep, result, validation);
    }

    /// <summary>Returns freshly drawn weights in the place of theta_k: where controls that keep nothing of the ticket's weights start.</summary>
    public static TrainedNetwork Redrawn(TrainingPlan plan, TrainedNetwork origin, ulong seed)
    {
        var rng = new Rng(seed);
        return origin with { RewindWeights = Network.Create(plan.Architecture, ref rng).CaptureWeights(), RewindStep = 0 };
    }

    /// <summary>Trains on from given weights at an unchanged mask.</summary>
    public static TrainedNetwork FineTune(
        TrainingPlan plan, IReadOnlyList<float[]> weights, MaskSet mask, IReadOnlyList<float[]> rewindWeights, TrainingSet train, TrainingSet validation,
        CancellationToken cancellationToken)
    {
        var network = new Network(plan.Architecture);
        network.RestoreWeights(weights);
        var result = Trainer.Train(
            network, mask, train, validation, plan.Training with { EarlyStopPatience = plan.Patience }, DataOrder(plan), _ =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return true;
            });
        return Finished(network, mask, rewindWeights, 0, 0, result, validation);
    }

    /// <summary>Prunes a trained network's mask by magnitude from one density to a lower one.</summary>
    public static MaskSet Prune(Architecture architecture, TrainedNetwork trained, double from, double to)
    {
        var mask = MaskSet.FromArrays(architecture, trained.Mask);
        var kept = to / from;
        return MagnitudePruning.Prune(
            trained.Weights, mask, new PruningOptions { Rate = 1 - kept, OutputRate = 1 - Math.Sqrt(kept) });
    }

    /// <summary>Returns the calibrated probability of a rise of scaled rows.</summary>
    public static double[] ProbabilityUp(Architecture architecture, TrainedNetwork trained, ReadOnlySpan<float> scaledRows)
    {
        var network = new Network(architecture);
        network.RestoreWeights(trained.Weights);
        var count = scaledRows.Length / architecture.RowLength;
        var logits = network.Forward(scaledRows, count);
        var up = new double[count];
        for (var i = 0; i < count; i++)
        {
            up[i] = trained.Calibration.ProbabilityOf(logits[2 * i], logits[(2 * i) + 1]);
        }

        return up;
    }

    internal static Rng DataOrder(TrainingPlan plan) => new Rng(plan.OrderSeed ?? plan.Seed).Split(1);

    private static TrainedNetwork Finished(
        Network network, MaskSet mask, IReadOnlyList<float[]> rewind, int rewindStep, int emergedStep, TrainingResult result, TrainingSet validation) =>
        Finished(network, mask, rewind, rewindStep, emergedStep, result.PlannedSteps, result.BestStep.Number, validation);

    /// <summary>Returns a network as it stands, calibrated on validation rows.</summary>
    internal static TrainedNetwork Finished(
        Network network, MaskSet mask, IReadOnlyList<float[]> rewind, int rewindStep, int emergedStep, int planned, int best, TrainingSet validation)
    {
        var logits = network.Forward(validation.Features, validation.Rows);
        var calibration = BinaryCalibration.Fit(logits, validation.Labels, validation.SampleWeights);
        return new TrainedNetwork
        {
            Weights = network.CaptureWeights(),
            Mask = mask.ToArrays(),
            RewindWeights = rewind,
            RewindStep = rewindStep,
            EmergedStep = emergedStep,
            PlannedSteps = planned,
            BestStep = best,
            Calibration = calibration,
            ValidationLoss = calibration.LossOf(logits, validation.Labels, validation.SampleWeights),
        };
    }
}
