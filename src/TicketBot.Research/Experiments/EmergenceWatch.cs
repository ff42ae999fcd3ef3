using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Research.Experiments;

/// <summary>Watches a dense training for the step at which the mask of the last density stops moving.</summary>
internal sealed class EmergenceWatch
{
    private readonly SearchPlan _plan;
    private readonly MaskSet _full;
    private readonly EarlyBirdDetector _detector;
    private readonly int _checkEvery;

    /// <summary>Starts the watch.</summary>
    /// <param name="plan">Density and steps.</param>
    /// <param name="untrained">Weights before training.</param>
    public EmergenceWatch(SearchPlan plan, IReadOnlyList<float[]> untrained)
    {
        var options = new EarlyBirdOptions();
        _plan = plan;
        _full = MaskSet.Full(plan.Architecture);
        _detector = new EarlyBirdDetector(options, MagnitudePruning.Prune(untrained, _full, plan.Whole));
        _checkEvery = Math.Max(1, (int)(options.CheckEveryShare * plan.Words.Steps));
    }

    /// <summary>Where the mask emerged, or <c>null</c>.</summary>
    public int? EmergedAt => _detector.EmergedAt?.Number;

    /// <summary>Weights at that step.</summary>
    public IReadOnlyList<float[]>? Weights { get; private set; }

    /// <summary>Looks at the mask at every check until one has emerged.</summary>
    public void Observe(TrainingMoment moment)
    {
        if (EmergedAt is not null || moment.Step.Number == 0 || moment.Step.Number % _checkEvery != 0)
        {
            return;
        }

        _detector.Observe(MagnitudePruning.Prune(moment.Network, _full, _plan.Whole), moment.Step);
        Weights = EmergedAt is null ? null : moment.Network.CaptureWeights();
    }
}
