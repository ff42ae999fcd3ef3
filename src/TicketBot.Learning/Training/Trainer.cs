using TicketBot.Learning.Losses;
using TicketBot.Learning.Pruning;

namespace TicketBot.Learning.Training;

/// <summary>Trains a masked network with mini-batches. The same network, data, options and stream give the same bits on every machine.</summary>
public static class Trainer
{
    // Epochs take the first streams of the data order; no training has this many.
    private const ulong NoiseStream = 1UL << 63;

    /// <summary>Trains the network in place and leaves it with the weights of its best validation, or of its last step without a validation set.</summary>
    /// <param name="network">The network; weights outside the mask are set to zero first.</param>
    /// <param name="mask">Which weights live; the others, their gradients and moments are exactly zero throughout.</param>
    /// <param name="train">Rows to learn from, at least 1.</param>
    /// <param name="validation">Rows to choose the step by; null trains to the end.</param>
    /// <param name="options">Learning rate, batches, ends.</param>
    /// <param name="rng">Stream of the data order.</param>
    /// <param name="continueAfter">Called before the first and after every update; false ends training. Null never ends it.</param>
    /// <exception cref="ArgumentException">Sets, mask and network do not fit together, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss of a batch or of the validation set or a weight is no longer finite.</exception>
    public static TrainingResult Train(Network network, MaskSet mask, TrainingSet train, TrainingSet? validation, TrainingOptions options, Rng rng, Func<TrainingMoment, bool>? continueAfter = null) =>
        Run(network, mask, train, validation, options, rng, default, continueAfter);

    /// <summary>Rewinds: restores the weights of a checkpoint under the mask and trains on from its step with its data order and its place in the
    /// learning-rate schedule; moments start at zero.</summary>
    /// <exception cref="ArgumentException">Sets, mask, checkpoint and network do not fit together, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss of a batch or of the validation set or a weight is no longer finite.</exception>
    public static TrainingResult Rewind(Network network, MaskSet mask, TrainingCheckpoint checkpoint, TrainingSet train, TrainingSet? validation, TrainingOptions options, Func<TrainingMoment, bool>? continueAfter = null)
    {
        network.RestoreWeights(checkpoint.Weights);
        return Run(network, mask, train, validation, options, checkpoint.DataOrder, checkpoint.Step, continueAfter);
    }

    /// <summary>Rewinds the learning rate alone (Renda et al. 2020): keeps the network's trained weights under the mask and trains on from the checkpoint's step with its data
    /// order and its place in the learning-rate schedule; moments start at zero. The checkpoint's weights are not read. What comes out is a sparse network that was never
    /// shown to train from theta_k: keep it apart from the tickets of <see cref="Rewind"/>.</summary>
    /// <exception cref="ArgumentException">Sets, mask and network do not fit together, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no longer finite.</exception>
    public static TrainingResult RewindLearningRate(Network network, MaskSet mask, TrainingCheckpoint checkpoint, TrainingSet train, TrainingSet? validation, TrainingOptions options, Func<TrainingMoment, bool>? continueAfter = null) =>
        Run(network, mask, train, validation, options, checkpoint.DataOrder, checkpoint.Step, continueAfter);

    /// <summary>Returns the weighted mean log-loss of the network over a set, in nats, whatever it was trained on.</summary>
    public static double LossOf(Network network, TrainingSet set) =>
        new Loss.CrossEntropy().Of(network, set);

    /// <summary>Goes on from a captured state as if training had never stopped: with the same network architecture, mask, sets and options, the rest of the
    /// training has the same bits.</summary>
    /// <exception cref="ArgumentException">Sets, mask, state and network do not fit together, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss of a batch or of the validation set or a weight is no longer finite.</exception>
    public static TrainingResult Resume(Network network, MaskSet mask, TrainingState state, TrainingSet train, TrainingSet? validation, TrainingOptions options, Func<TrainingMoment, bool>? continueAfter = null)
    {
        network.RestoreWeights(state.Weights);
        return Run(network, mask, train, validation, options, state.DataOrder, state.Step, continueAfter, state);
    }

    /// <summary>Trains from a step on; with a rewiring, the steps that are due to it change the mask in place of an update.</summary>
    internal static TrainingResult Run(
        Network network, MaskSet mask, TrainingSet train, TrainingSet? validation, TrainingOptions options, Rng rng, Step start, Func<TrainingMoment, bool>? continueAfter, TrainingState? resumed = null,
        Rewiring? rewiring = null)
    {
        options.Validate();
        options.RequireFit(network.Architecture);
        LossFunction lossFunction = options.Loss.CreateFunction(network.Architecture);
        lossFunction.RequireFit(network.Architecture, train, nameof(train));
        LossFunction validationFunction = options.ValidationLoss?.CreateFunction(network.Architecture) ?? lossFunction;
        if (validation is not null)
        {
            validationFunction.RequireFit(network.Architecture, validation, nameof(validation));
        }

        mask.ApplyTo(network);
        network.Graph.Freeze(layer => options.LayerRate(layer) == 0.0);
        int planned = options.PlannedSteps(train.Rows);
        int validateEvery = options.ValidateEverySteps ?? options.StepsPerEpoch(train.Rows);
        var order = new DataOrder(rng, train.Rows, options.BatchSize);
        Rng noise = rng.Split(NoiseStream);
        using var optimizer = new OptimizerState(network, mask, options);
        var best = validation is null ? null : new BestWeights(network, validation, options.EarlyStopPatience, validationFunction);
        var moment = new TrainingMoment(network, rng, optimizer, best) { Step = start, BatchLoss = resumed?.BatchLoss };
        if (resumed is not null)
        {
            optimizer.Restore(resumed.Optimizer);
            best?.Resume(resumed);
        }

        bool stoppedByCallback = continueAfter is not null && !continueAfter(moment);
        bool stoppedEarly = best is not null && best.PatienceIsOver && start.Number < planned;
        Step step = start;
        while (!stoppedByCallback && !stoppedEarly && step.Number < planned)
        {
            double rate = LearningRate.At(options, step.Number, planned);
            ReadOnlySpan<int> rows = order.RowsOf(step);
            Rng chance = noise.Split((ulong)step.Number);
            double loss;
            if (rewiring is not null && rewiring.IsDue(step))
            {
                loss = rewiring.Move(network, train, rows, lossFunction, chance, optimizer, step);
            }
            else
            {
                loss = network.Backpropagate(train, rows, lossFunction, chance);
                optimizer.Apply(network, rate);
            }

            step = order.After(step);
            bool last = step.Number == planned;
            bool measure = last || step.Number % validateEvery == 0;
            if (!double.IsFinite(loss) || (measure && !WeightsAreFinite(network)))
            {
                throw new TrainingDivergedException($"training diverged at step {step.Number} of {planned}: loss {loss} with {options.Optimizer} at learning rate {rate}; expected finite loss and weights; lower the learning rate or set ClipNorm");
            }

            moment.Step = step;
            moment.BatchLoss = loss;
            moment.ValidationLoss = null;
            if (measure && best is not null)
            {
                moment.ValidationLoss = best.Measure(step);
                stoppedEarly = best.PatienceIsOver && !last;
            }

            stoppedByCallback = continueAfter is not null && !continueAfter(moment);
        }

        best?.Restore(step);
        return new TrainingResult
        {
            BestValidationLoss = best?.Loss,
            BestStep = best?.Step ?? step,
            LastStep = step,
            PlannedSteps = planned,
            StoppedEarly = stoppedEarly,
            StoppedByCallback = stoppedByCallback,
            LastBatchLoss = moment.BatchLoss,
            Validations = best?.Points ?? [],
        };
    }

    private static bool WeightsAreFinite(Network network)
    {
        foreach (Parameter parameter in network.Parameters)
        {
            if (!FiniteCheck.Passes(parameter.Values))
            {
                return false;
            }
        }

        return true;
    }
}
