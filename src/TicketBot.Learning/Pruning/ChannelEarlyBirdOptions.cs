namespace TicketBot.Learning.Pruning;

/// <summary>When a mask over channels counts as found early (You et al. 2020).</summary>
public sealed record ChannelEarlyBirdOptions
{
    /// <summary>Share of the channels with a scale that each check removes, above 0 to below 1; 0.5 by default. The paper tries 0.3, 0.5 and 0.7.</summary>
    public double Rate { get; init; } = 0.5;

    /// <summary>Channels that every layer keeps at least, from 0; 1 by default.</summary>
    public int KeepUnits { get; init; } = 1;

    /// <summary>L1 penalty on the scales, at least 0; 0.05 by default. It acts after each update, as weight decay does, and apart from the gradient: each scale moves towards
    /// zero by the penalty times the learning rate of that step and stops there. The paper's 1e-4 adds to gradients of plain descent, whose steps shrink with the gradient;
    /// an adaptive optimiser's do not, so here the penalty is a share of its step.</summary>
    public double ScalePenalty { get; init; } = 0.05;

    /// <summary>Smallest separation of the scales: one minus the mean size of the removed ones over that of the kept ones, 0..1; 0.1 by default.</summary>
    public double MinimumSeparation { get; init; } = 0.1;

    /// <summary>Share of the planned training between two checks, above 0 to 0.02; 0.02 by default.</summary>
    public double CheckEveryShare { get; init; } = 0.02;

    /// <summary>Masks compared, the newest with all the others, at least 2; 5 by default, as in the paper's code.</summary>
    public int Window { get; init; } = 5;

    /// <summary>Largest distance inside the window, as a share of what random masks of that rate differ by, 0..1; 0.2 by default, which at rate 0.5 is the plain
    /// distance of 0.1 of the paper.</summary>
    public double DistanceThreshold { get; init; } = 0.2;

    /// <summary>Checks in a row that must stay below the threshold, at least 1; 3 by default.</summary>
    public int ConsecutiveChecks { get; init; } = 3;

    /// <summary>Share of the planned training after which theta_k is captured, 0 to below 1; 0.01 by default; 0 rewinds to the start.</summary>
    public double RewindShare { get; init; } = 0.01;

    /// <summary>Checks every range.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        Require(Rate is > 0 and < 1, nameof(Rate), "above 0 to below 1", Rate);
        Require(KeepUnits >= 0, nameof(KeepUnits), "at least 0", KeepUnits);
        Require(ScalePenalty >= 0 && double.IsFinite(ScalePenalty), nameof(ScalePenalty), "at least 0", ScalePenalty);
        Require(MinimumSeparation is > 0 and <= 1, nameof(MinimumSeparation), "above 0 to 1", MinimumSeparation);
        Detection.Validate();
    }

    internal EarlyBirdOptions Detection => new()
    {
        CheckEveryShare = CheckEveryShare,
        Window = Window,
        DistanceThreshold = DistanceThreshold,
        ConsecutiveChecks = ConsecutiveChecks,
        MinimumMovement = MinimumSeparation,
        StillnessShare = 1.0,
        RewindShare = RewindShare,
    };

    private static void Require(bool holds, string name, string expected, object found)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name}: expected {expected}, found {found}");
        }
    }
}
