using TicketBot.Learning.Losses;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Pruning;

/// <summary>The moves of one dynamic sparse training: when they are due and which weights change places.</summary>
internal sealed class Rewiring
{
    // Above every index: of equal gradients the weight that lived goes first.
    private const uint IsNew = 1u << 31;

    private readonly RigLOptions _options;
    private readonly TrainingOptions _training;
    private readonly double _stop;
    private readonly List<RigLMove> _moves = [];
    private MaskSet? _bestMask;
    private double? _bestLoss;

    public Rewiring(MaskSet mask, RigLOptions options, TrainingOptions training, int plannedSteps)
    {
        Mask = mask;
        _options = options;
        _training = training;
        _stop = options.StopShare * plannedSteps;
    }

    /// <summary>The mask in force.</summary>
    public MaskSet Mask { get; private set; }

    /// <summary>The mask in force when validation was best; the present one before any validation.</summary>
    public MaskSet BestMask => _bestMask ?? Mask;

    public IReadOnlyList<RigLMove> Moves => _moves;

    /// <summary>True if the step to be made moves weights instead of updating them.</summary>
    public bool IsDue(Step step) => step.Number > 0 && step.Number % _options.UpdateEverySteps == 0 && step.Number < _stop;

    /// <summary>Keeps the mask of the best validation, by the same rule as the trainer keeps the weights.</summary>
    public void Observe(TrainingMoment moment)
    {
        if (moment.ValidationLoss is { } loss && (_bestLoss is not { } best || loss < best))
        {
            _bestLoss = loss;
            _bestMask = Mask;
        }
    }

    /// <summary>Runs a batch through whole matrices, moves weights by its gradient and returns its loss; moves nothing if that is not finite.</summary>
    public double Move(Network network, TrainingSet train, ReadOnlySpan<int> rows, LossFunction loss, Rng noise, OptimizerState optimizer, Step step)
    {
        SparseTraining.End(network);
        double value = network.Backpropagate(train, rows, loss, noise);
        if (double.IsFinite(value))
        {
            double share = _options.Share * 0.5 * (1.0 + PortableMath.Cos(Math.PI * (step.Number / _stop)));
            bool[]?[] masks = Mask.ToArrays();
            int dropped = 0;
            int changed = 0;
            for (int p = 0; p < masks.Length; p++)
            {
                Parameter parameter = network.ParameterArray[p];
                if (masks[p] is not { } mask || _training.LayerRate(parameter.Shape.Layer) == 0.0)
                {
                    continue;
                }

                int size = mask.Length / parameter.Shape.Groups;
                for (int first = 0; first < mask.Length; first += size)
                {
                    (int down, int up) = Exchange(mask.AsSpan(first, size), parameter.Values.AsSpan(first, size), parameter.Gradient.AsSpan(first, size), share);
                    dropped += down;
                    changed += up;
                }
            }

            Mask = MaskSet.Wrap(Mask.Architecture, masks);
            _moves.Add(new RigLMove(step, share, dropped, changed));
        }

        optimizer.ChangeMask(Mask);
        return value;
    }

    /// <summary>Drops the smallest weights of one group and raises as many by their gradients; returns both counts, the second without those that came back.</summary>
    private static (int Dropped, int Changed) Exchange(Span<bool> mask, ReadOnlySpan<float> weights, ReadOnlySpan<float> gradients, double share)
    {
        int toDrop = MagnitudePruning.CountOf(share, mask.Count(true));
        if (toDrop == 0)
        {
            return (0, 0);
        }

        // One integer holds what is compared first in its upper half: the bits of a size order as the size does.
        ulong[] living = new ulong[mask.Count(true)];
        int count = 0;
        for (int i = 0; i < mask.Length; i++)
        {
            if (mask[i])
            {
                living[count++] = ((ulong)SizeBits(weights[i]) << 32) | (uint)i;
            }
        }

        Array.Sort(living);
        bool[] wasAlive = mask.ToArray();
        foreach (ulong key in living.AsSpan(0, toDrop))
        {
            mask[(int)(uint)key] = false;
        }

        ulong[] candidates = new ulong[mask.Length - mask.Count(true)];
        count = 0;
        for (int i = 0; i < mask.Length; i++)
        {
            if (!mask[i])
            {
                candidates[count++] = ((ulong)~SizeBits(gradients[i]) << 32) | (wasAlive[i] ? 0u : IsNew) | (uint)i;
            }
        }

        Array.Sort(candidates);
        int changed = 0;
        foreach (ulong key in candidates.AsSpan(0, toDrop))
        {
            mask[(int)((uint)key & ~IsNew)] = true;
            changed += ((uint)key & IsNew) != 0 ? 1 : 0;
        }

        return (toDrop, changed);
    }

    private static uint SizeBits(float value) => BitConverter.SingleToUInt32Bits(MathF.Abs(value));
}
