using TicketBot.Research.Experiments;

namespace TicketBot.Research.Transfer;

/// <summary>How a source's ticket is used on the target.</summary>
public sealed record TicketTransferPlan
{
    /// <summary>Gene list; <c>null</c> takes the network of the transfer it goes with.</summary>
    public string? Architecture { get; init; }

    /// <summary>Rounds of pruning, 1 to 100; 6 by default, which leaves 12 % at the share below.</summary>
    public int Rounds { get; init; } = 6;

    /// <summary>Share of the remaining hidden weights that a round removes, above 0 to below 1; 0.3 by default.</summary>
    public double Prune { get; init; } = 0.3;

    /// <summary>Step whose weights, theta_k, go to the target, from 0 (the drawn weights, which know nothing of the source) to below <see cref="Steps"/>; 50 by default.</summary>
    public int RewindStep { get; init; } = 50;

    /// <summary>Updates of a training, at least 1; 1,000 by default.</summary>
    public int Steps { get; init; } = 1_000;

    /// <summary>Independent repetitions, 1 to 100; 5 by default, the fewest that can show a difference at 5 % (p = 1/32).</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>First seed; the others follow it one by one. 1 by default.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Returns the plan of the pruning that source and target are searched by.</summary>
    internal ExperimentPlan Search(string architecture) => new()
    {
        Architecture = Architecture ?? architecture, Rounds = Rounds, Prune = Prune, RewindStep = RewindStep, Steps = Steps, Seeds = Seeds, Seed = Seed, Controls = [], NullDraws = 0,
    };
}
