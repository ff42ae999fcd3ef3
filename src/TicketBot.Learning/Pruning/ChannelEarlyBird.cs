using TicketBot.Learning.Training;

namespace TicketBot.Learning.Pruning;

/// <summary>Finds channels worth keeping before training ends (You et al., Drawing Early-Bird Tickets, 2020, the paper's own form): ranks all channels of the network
/// together by the size of their scale in batch normalisation, removes a share, and stops when the mask stands still. Distances are Hamming distances over channels,
/// divided by what random masks differ by.</summary>
/// <remarks>All scales start at one, so there is no untrained order to compare with: a mask of equal scales is nothing but the order of the ties. In place of the distance to the untrained mask
/// a check therefore reports, as its movement, how far the scales of removed and kept channels have come apart, 0 at the start; without that separation a still mask does not
/// count. Rewind with <see cref="Trainer.Rewind"/>, or go on from the last weights as the paper does.</remarks>
public static class ChannelEarlyBird
{
    /// <summary>Trains the network until its channel mask emerges or the planned steps end; the penalty on the scales acts after every update. The network is left with its
    /// last weights.</summary>
    /// <param name="network">A freshly drawn network with batch normalisation.</param>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="training">Plan of the training; validation and patience play no part in the search.</param>
    /// <param name="options">Rate, window, thresholds, penalty.</param>
    /// <param name="rng">Stream of the data order.</param>
    /// <exception cref="ArgumentException">The network has no batch normalisation behind its weights, the set does not fit, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no longer finite.</exception>
    public static EarlyBirdResult Search(Network network, TrainingSet train, TrainingOptions training, ChannelEarlyBirdOptions options, Rng rng)
    {
        options.Validate();
        training.Validate();
        List<ChannelUnit> units = [.. new ChannelGraph(network.Architecture).Neurons.Where(unit => unit.Scales.Count > 0)];
        if (units.Count < 2)
        {
            throw new ArgumentException($"expected at least two channels with batch normalisation behind them, found {units.Count} in {network.Architecture}; add batchnorm genes or search over single weights", nameof(network));
        }

        int planned = training.PlannedSteps(train.Rows);
        int checkEvery = Math.Max(1, (int)(options.CheckEveryShare * planned));
        int rewindStep = (int)(options.RewindShare * planned);
        MaskSet full = MaskSet.Full(network);
        var window = new StillnessWindow<bool[]>(options.Detection, DistanceOf);
        var checks = new List<EarlyBirdCheck>();
        TrainingCheckpoint? rewindPoint = null;
        bool[]? kept = null;
        TrainingResult result = Trainer.Train(network, full, train, validation: null, training, rng, moment =>
        {
            // What is written into parameters between two updates holds from the next one on.
            if (moment.Step.Number > 0)
            {
                Shrink(network, units, training, options.ScalePenalty * LearningRate.At(training, moment.Step.Number - 1, planned));
            }

            if (moment.Step.Number == rewindStep)
            {
                rewindPoint = moment.Capture();
            }

            if (moment.Step.Number > 0 && moment.Step.Number % checkEvery == 0)
            {
                kept = Rank(network, units, options, out double separation);
                checks.Add(window.Observe(kept, separation, moment.Step));
            }

            return window.EmergedAt is null || rewindPoint is null;
        });
        MaskSet? mask = kept is null ? null : MaskOf(full, units, kept);
        return new EarlyBirdResult
        {
            Mask = window.EmergedAt is null ? null : mask,
            LastMask = mask,
            EmergedAt = window.EmergedAt,
            ShareSaved = window.EmergedAt is null ? 0.0 : 1.0 - (double)result.LastStep.Number / planned,
            RewindPoint = rewindPoint ?? throw new InvalidOperationException($"Invariant: theta_k must be captured at step {rewindStep} of {planned}, but training ended at {result.LastStep.Number}."),
            LastWeights = network.CaptureWeights(),
            Checks = checks,
        };
    }

    /// <summary>Hamming distance of two masks of equally many channels over its random expectation; 0 for two full or two empty ones.</summary>
    internal static double DistanceOf(bool[] a, bool[] b)
    {
        double first = (double)a.AsSpan().Count(true) / a.Length;
        double second = (double)b.AsSpan().Count(true) / b.Length;
        double expected = first * (1.0 - second) + second * (1.0 - first);
        int differ = 0;
        for (int i = 0; i < a.Length; i++)
        {
            differ += a[i] != b[i] ? 1 : 0;
        }

        return expected > 0.0 ? differ / (a.Length * expected) : 0.0;
    }

    private static void Shrink(Network network, List<ChannelUnit> units, TrainingOptions training, double penalty)
    {
        foreach ((int p, int channel) in units.SelectMany(unit => unit.Scales))
        {
            Parameter scale = network.ParameterArray[p];
            float by = (float)(penalty * training.LayerRate(scale.Shape.Layer));
            float size = MathF.Abs(scale.Values[channel]) - by;
            scale.Values[channel] = size <= 0f ? 0f : MathF.CopySign(size, scale.Values[channel]);
        }
    }

    private static bool[] Rank(Network network, List<ChannelUnit> units, ChannelEarlyBirdOptions options, out double separation)
    {
        float[][] weights = [.. network.ParameterArray.Select(parameter => parameter.Shape.Kind == ParameterKind.Scale ? parameter.Values : [])];
        double[] sizes = [.. units.Select(unit => unit.ScaleOf(weights))];
        bool[] kept = new bool[units.Count];
        Array.Fill(kept, true);
        foreach (int i in StructuredPruning.Lowest([.. Enumerable.Range(0, kept.Length)], i => sizes[i], i => units[i].Layer, MagnitudePruning.CountOf(options.Rate, kept.Length), options.KeepUnits))
        {
            kept[i] = false;
        }

        double above = MeanOf(sizes, kept, wanted: true);
        separation = above > 0.0 ? Math.Max(0.0, 1.0 - MeanOf(sizes, kept, wanted: false) / above) : 0.0;
        return kept;
    }

    private static double MeanOf(double[] sizes, bool[] kept, bool wanted)
    {
        double sum = 0.0;
        int count = 0;
        for (int i = 0; i < sizes.Length; i++)
        {
            sum += kept[i] == wanted ? sizes[i] : 0.0;
            count += kept[i] == wanted ? 1 : 0;
        }

        return count == 0 ? 0.0 : sum / count;
    }

    private static MaskSet MaskOf(MaskSet full, List<ChannelUnit> units, bool[] kept)
    {
        bool[]?[] masks = full.ToArrays();
        for (int i = 0; i < kept.Length; i++)
        {
            if (!kept[i])
            {
                units[i].Remove(masks);
            }
        }

        return MaskSet.Wrap(full.Architecture, masks);
    }
}
