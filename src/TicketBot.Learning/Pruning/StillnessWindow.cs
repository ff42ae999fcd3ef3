using TicketBot.Learning.Training;

namespace TicketBot.Learning.Pruning;

/// <summary>A first-in first-out window of masks of any kind that says when they stand still.</summary>
/// <param name="options">Window and thresholds.</param>
/// <param name="distance">Distance of two masks over chance: 0 = equal, 1 = chance.</param>
internal sealed class StillnessWindow<T>(EarlyBirdOptions options, Func<T, T, double> distance)
{
    private readonly Queue<T> _window = new();
    private int _stillChecks;

    /// <summary>The step at which the masks stood still, null before.</summary>
    public Step? EmergedAt { get; private set; }

    /// <summary>Takes the mask of a check, and how far it has come since training began, 0..1.</summary>
    public EarlyBirdCheck Observe(T mask, double movement, Step step)
    {
        double? largest = null;
        if (_window.Count == options.Window)
        {
            _window.Dequeue();
        }

        if (_window.Count == options.Window - 1)
        {
            largest = _window.Max(other => distance(mask, other));
        }

        _window.Enqueue(mask);
        bool still = largest <= options.DistanceThreshold && movement >= options.MinimumMovement
            && (options.StillnessShare >= 1.0 || largest <= options.StillnessShare * movement);
        _stillChecks = still ? _stillChecks + 1 : 0;
        if (EmergedAt is null && _stillChecks >= options.ConsecutiveChecks)
        {
            EmergedAt = step;
        }

        return new EarlyBirdCheck(step, largest, movement, EmergedAt is not null);
    }
}
