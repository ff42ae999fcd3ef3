using TicketBot.Learning.Losses;
using TicketBot.Learning.Pruning;

namespace TicketBot.Learning.Training;

/// <summary>Trains a network on two domains at once, or on one from another's weights. The same network, data, options and stream give the same bits on every machine.</summary>
public static class Adaptation
{
    private const ulong SourceStream = 1;
    private const ulong TargetStream = 2;
    private const ulong DomainStream = 3;
    private const ulong NoiseStream = 1UL << 63;

    /// <summary>Trains in place for the planned number of updates and leaves the last weights; choosing others is the callback's business.</summary>
    /// <param name="network">The network; weights outside the mask are set to zero first.</param>
    /// <param name="mask">Which weights live.</param>
    /// <param name="source">Rows of the source with their labels, which stay in the loss throughout; null trains on the target alone.</param>
    /// <param name="target">Rows of the target; a sample weight of 0 marks a row without a label, whose features alone are used. Its labels are as many as its weights' sum
    /// says beside the source's.</param>
    /// <param name="options">How.</param>
    /// <param name="rng">Stream of the orders, of dropout and of a discriminator's first weights.</param>
    /// <param name="continueAfter">Called before the first update, every <see cref="AdaptationOptions.ReportEverySteps"/> and after the last; false ends training. Null never ends it.</param>
    /// <returns>Updates made.</returns>
    /// <exception cref="ArgumentException">Sets, mask and network do not fit together, an option is out of range, or an alignment has no source.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no longer finite.</exception>
    public static int Train(
        Network network, MaskSet mask, TrainingSet? source, TrainingSet target, AdaptationOptions options, Rng rng, Func<AdaptationMoment, bool>? continueAfter = null)
    {
        options.Validate(network.Architecture);
        LossFunction loss = options.Training.Loss.CreateFunction(network.Architecture);
        if (source is not null)
        {
            loss.RequireFit(network.Architecture, source, nameof(source));
        }
        else if (options.Alignment is not null)
        {
            throw new ArgumentException("expected rows of a source to align the target with, found none", nameof(source));
        }

        loss.RequireFit(network.Architecture, target, nameof(target));
        mask.ApplyTo(network);
        TrainingOptions training = options.Training;
        int sourceRows = source is null ? 0 : training.BatchSize;
        int targetRows = source is null ? training.BatchSize : options.TargetBatch ?? training.BatchSize;
        TrainingSet joint = source is null ? target : Joined(source, target);
        var sourceOrder = source is null ? null : new BatchCycle(rng.Split(SourceStream), source.Rows);
        var targetOrder = new BatchCycle(rng.Split(TargetStream), target.Rows);
        int[] batch = new int[sourceRows + targetRows];
        Rng noise = rng.Split(NoiseStream);
        int planned = training.PlannedSteps(source?.Rows ?? target.Rows);
        network.Graph.Freeze(_ => false);
        using DomainObjective? domain = options.Alignment?.CreateObjective(
            network.Graph.OutputOf(options.FeatureLayer).Shape.Rows, sourceRows, targetRows, training, rng.Split(DomainStream));
        JointObjective? objective = domain is not null || options.TaskWeight != 1.0 ? new JointObjective(domain, options.FeatureLayer, options.TaskWeight) : null;
        Anchor? anchor = options.Anchor is { } start ? new Anchor(network, start, options.AnchorStrength, options.AnchorLayer ?? int.MaxValue) : null;
        var thaw = new Thaw(network.Architecture, training, options.ThawEverySteps);
        var seen = new Means();
        if (continueAfter is not null && !continueAfter(seen.At(network, 0, planned)))
        {
            return 0;
        }

        OptimizerState? optimizer = null;
        try
        {
            for (int step = 0; step < planned; step++)
            {
                if (optimizer is null || thaw.IsDue(step))
                {
                    optimizer?.Dispose();
                    TrainingOptions now = thaw.At(step);
                    network.Graph.Freeze(layer => now.LayerRate(layer) == 0.0);
                    optimizer = new OptimizerState(network, mask, now);
                }

                double rate = LearningRate.At(training, step, planned);
                sourceOrder?.Next(batch.AsSpan(0, sourceRows), 0);
                targetOrder.Next(batch.AsSpan(sourceRows), source?.Rows ?? 0);
                if (objective is not null)
                {
                    objective.Weight = options.AlignmentWeight * (options.RampsAlignment ? RampAt(step, planned) : 1.0);
                }

                double value = network.Backpropagate(joint, batch, loss, noise.Split((ulong)step), objective);
                double pull = anchor?.Run() ?? 0.0;
                optimizer.Apply(network, rate);
                domain?.Apply(rate);
                RequireFinite(value + pull + (objective?.Value ?? 0.0), step, planned, training, rate);
                seen.Add(value, objective?.Value, domain?.DomainAccuracy);
                if ((step + 1) % options.ReportEverySteps == 0 || step + 1 == planned)
                {
                    RequireFiniteWeights(network, step, planned, training, rate);
                    if (continueAfter is not null && !continueAfter(seen.At(network, step + 1, planned)))
                    {
                        return step + 1;
                    }
                }
            }

            return planned;
        }
        finally
        {
            optimizer?.Dispose();
        }
    }

    /// <summary>Returns the factor of the alignment at a step: 2 / (1 + e^(-10 p)) - 1 with p = step / planned (Ganin et al. 2016).</summary>
    public static double RampAt(int step, int planned) => 2.0 / (1.0 + PortableMath.Exp(-10.0 * step / planned)) - 1.0;

    /// <summary>Returns the rows of the source and then those of the target as one set; the weights of both go with them.</summary>
    internal static TrainingSet Joined(TrainingSet source, TrainingSet target)
    {
        if (source.RowLength != target.RowLength || source.TargetWidth != target.TargetWidth)
        {
            throw new ArgumentException($"expected rows of the target like those of the source, {source.RowLength} values and {source.TargetWidth} targets, found {target.RowLength} and {target.TargetWidth}", nameof(target));
        }

        int rows = source.Rows + target.Rows;
        float[] features = new float[rows * source.RowLength];
        float[] weights = new float[rows];
        for (int row = 0; row < rows; row++)
        {
            bool isSource = row < source.Rows;
            TrainingSet from = isSource ? source : target;
            int at = isSource ? row : row - source.Rows;
            from.RowOf(at).CopyTo(features.AsSpan(row * source.RowLength));
            weights[row] = from.WeightOf(at);
        }

        return source.TargetWidth == 0
            ? new TrainingSet(features, source.RowLength, [.. source.Labels, .. target.Labels], weights)
            : new TrainingSet(features, source.RowLength, [.. source.Targets, .. target.Targets], source.TargetWidth, weights);
    }

    private static void RequireFinite(double loss, int step, int planned, TrainingOptions training, double rate)
    {
        if (!double.IsFinite(loss))
        {
            throw new TrainingDivergedException($"adaptation diverged at step {step + 1} of {planned}: loss {loss} with {training.Optimizer} at learning rate {rate}; expected a finite loss; lower the learning rate or set ClipNorm");
        }
    }

    private static void RequireFiniteWeights(Network network, int step, int planned, TrainingOptions training, double rate)
    {
        if (!network.Parameters.All(parameter => FiniteCheck.Passes(parameter.Values)))
        {
            throw new TrainingDivergedException($"adaptation diverged at step {step + 1} of {planned}: a weight is no longer finite with {training.Optimizer} at learning rate {rate}; lower the learning rate or set ClipNorm");
        }
    }

    /// <summary>Means since the last report.</summary>
    private sealed class Means
    {
        private int _count;
        private double _task, _alignment, _accuracy;
        private bool _aligns, _tells;

        public void Add(double task, double? alignment, double? accuracy)
        {
            _count++;
            _task += task;
            _alignment += alignment ?? 0.0;
            _accuracy += accuracy ?? 0.0;
            (_aligns, _tells) = (alignment is not null, accuracy is not null);
        }

        public AdaptationMoment At(Network network, int step, int planned)
        {
            var moment = new AdaptationMoment(
                network, step, planned, _count == 0 ? null : _task / _count, _aligns && _count > 0 ? _alignment / _count : null, _tells && _count > 0 ? _accuracy / _count : null);
            (_count, _task, _alignment, _accuracy) = (0, 0.0, 0.0, 0.0);
            return moment;
        }
    }
}
