namespace TicketBot.Learning.Pruning;

/// <summary>When a mask counts as found early (after You et al. 2020, for single weights instead of channels).</summary>
public sealed record EarlyBirdOptions
{
    /// <summary>Density of the hidden layers' mask that is drawn at each check, above 0 to 1; 0.2 by default.</summary>
    public double Density { get; init; } = 0.2;

    /// <summary>Where the smallest weights are looked for.</summary>
    public PruningScope Scope { get; init; } = PruningScope.Layer;

    /// <summary>Incoming weights that every neuron keeps at least, from 0; 0 by default. In a scope over all layers 2 keep any layer from closing.</summary>
    public int KeepIncoming { get; init; }

    /// <summary>Share of the planned training between two checks, above 0 to 0.02; 0.02 by default.</summary>
    public double CheckEveryShare { get; init; } = 0.02;

    /// <summary>Masks compared, the newest with all the others, at least 2; 5 by default, as in the paper's code.</summary>
    public int Window { get; init; } = 5;

    /// <summary>Largest distance inside the window, as a share of what random masks of that density differ by, 0..1; 0.25 by default.
    /// The paper's plain Hamming distance of 0.1 would pass any two random masks below 5 % density.</summary>
    public double DistanceThreshold { get; init; } = 0.25;

    /// <summary>Checks in a row that must stay below the threshold, at least 1; 3 by default.</summary>
    public int ConsecutiveChecks { get; init; } = 3;

    /// <summary>Smallest distance to the mask of the untrained magnitudes, on the same scale, 0..1; 0.05 by default. Before the weights have
    /// moved, the mask stands still because nothing was learned.</summary>
    public double MinimumMovement { get; init; } = 0.05;

    /// <summary>Largest distance inside the window as a share of that movement, 0..1; 0.25 by default; 1 switches the rule off. Not in the paper: small
    /// networks drift so slowly that any window looks still, so a mask must have slowed down against its own way.</summary>
    public double StillnessShare { get; init; } = 0.25;

    /// <summary>Share of the planned training after which theta_k is captured, 0..1; 0.01 by default; 0 rewinds to the start.</summary>
    public double RewindShare { get; init; } = 0.01;

    /// <summary>Checks every range.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        Require(Density is > 0 and <= 1, nameof(Density), "above 0 to 1", Density);
        Require(KeepIncoming >= 0, nameof(KeepIncoming), "at least 0", KeepIncoming);
        Require(CheckEveryShare is > 0 and <= 0.02, nameof(CheckEveryShare), "above 0 to 0.02", CheckEveryShare);
        Require(Window >= 2, nameof(Window), "at least 2", Window);
        Require(DistanceThreshold is >= 0 and <= 1, nameof(DistanceThreshold), "0 to 1", DistanceThreshold);
        Require(ConsecutiveChecks >= 1, nameof(ConsecutiveChecks), "at least 1", ConsecutiveChecks);
        Require(MinimumMovement is >= 0 and <= 1, nameof(MinimumMovement), "0 to 1", MinimumMovement);
        Require(StillnessShare is >= 0 and <= 1, nameof(StillnessShare), "0 to 1", StillnessShare);
        Require(RewindShare is >= 0 and < 1, nameof(RewindShare), "0 to below 1", RewindShare);
    }

    private static void Require(bool holds, string name, string expected, object found)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name}: expected {expected}, found {found}");
        }
    }
}
