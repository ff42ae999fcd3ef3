using TicketBot.Learning.Training;

namespace TicketBot.Learning.Pruning;

/// <summary>Watches masks drawn during training and says when they stop moving. A first-in first-out window is compared by Hamming distance over
/// its random expectation; standing still where training began, or drifting slowly but steadily, does not count.</summary>
public sealed class EarlyBirdDetector
{
    private readonly StillnessWindow<MaskSet> _window;
    private readonly MaskSet _untrained;

    /// <summary>Starts without masks.</summary>
    /// <param name="options">Window and thresholds.</param>
    /// <param name="untrained">The mask of the magnitudes before training.</param>
    public EarlyBirdDetector(EarlyBirdOptions options, MaskSet untrained)
    {
        options.Validate();
        _window = new StillnessWindow<MaskSet>(options, static (a, b) => a.NormalizedDistanceTo(b));
        _untrained = untrained;
    }

    /// <summary>The step at which the mask was found, null before.</summary>
    public Step? EmergedAt => _window.EmergedAt;

    /// <summary>Takes the mask of a check and returns what it shows.</summary>
    /// <exception cref="ArgumentException">The mask is for another architecture.</exception>
    public EarlyBirdCheck Observe(MaskSet mask, Step step) => _window.Observe(mask, mask.NormalizedDistanceTo(_untrained), step);
}
