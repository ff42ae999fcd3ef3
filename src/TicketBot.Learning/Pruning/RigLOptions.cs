namespace TicketBot.Learning.Pruning;

/// <summary>How often and how much dynamic sparse training moves weights (Evci et al. 2020; defaults are the paper's).</summary>
public sealed record RigLOptions
{
    /// <summary>Training steps from one move to the next, at least 1; 100 by default.</summary>
    public int UpdateEverySteps { get; init; } = 100;

    /// <summary>Share of each layer's surviving weights that the first moves replace, 0..1; 0.3 by default. It falls to nothing on a half cosine.</summary>
    public double Share { get; init; } = 0.3;

    /// <summary>Share of the planned training after which weights no longer move, 0..1; 0.75 by default.</summary>
    public double StopShare { get; init; } = 0.75;

    /// <summary>Checks every range.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        Require(UpdateEverySteps >= 1, nameof(UpdateEverySteps), "at least 1", UpdateEverySteps);
        Require(Share is >= 0 and <= 1, nameof(Share), "0 to 1", Share);
        Require(StopShare is >= 0 and <= 1, nameof(StopShare), "0 to 1", StopShare);
    }

    private static void Require(bool holds, string name, string expected, object found)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name}: expected {expected}, found {found}");
        }
    }
}
