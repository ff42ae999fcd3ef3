using TicketBot.Learning.Training;

namespace TicketBot.Learning.Pruning;

/// <summary>Watches masks drawn during training and says when they stop moving. A first-in first-out window is compared by Hamming distance over
/// its random expectation; standing still where training began, or drifting slowly but steadily, does not count.</summary>
public sealed class EarlyBirdDetector
{
    private readonly EarlyBirdOptions _options;
    private readonly MaskSet _untrained;
    private readonly Queue<MaskSet> _window = new();
    private int _stillChecks;

    /// <summary>Starts without masks.</summary>
    /// <param name="options">Window and thresholds.</param>
    /// <param name="untrained">The mask of the magnitudes before training.</param>
    public EarlyBirdDetector(EarlyBirdOptions options, MaskSet untrained)
    {
        options.Validate();
        _options = options;
        _untrained = untrained;
    }

    /// <summary>The step at which the mask was found, null before.</summary>
    public Step? EmergedAt { get; private set; }

    /// <summary>Takes the mask of a check and returns what it shows.</summary>
    /// <exception cref="ArgumentException">The mask is for another architecture.</exception>
    public EarlyBirdCheck Observe(MaskSet mask, Step step)
    {
        double movement = mask.NormalizedDistanceTo(_untrained);
        double? distance = null;
        if (_window.Count == _options.Window)
        {
            _window.Dequeue();
        }

        if (_window.Count == _options.Window - 1)
        {
            distance = _window.Max(mask.NormalizedDistanceTo);
        }

        _window.Enqueue(mask);
        bool still = distance <= _options.DistanceThreshold && movement >= _options.MinimumMovement
            && (_options.StillnessShare >= 1.0 || distance <= _options.StillnessShare * movement);
        _stillChecks = still ? _stillChecks + 1 : 0;
        if (EmergedAt is null && _stillChecks >= _options.ConsecutiveChecks)
        {
            EmergedAt = step;
        }

        return new EarlyBirdCheck(step, distance, movement, EmergedAt is not null);
    }
}
