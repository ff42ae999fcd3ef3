namespace TicketBot.Learning.Pruning;

/// <summary>How much one structured pruning removes.</summary>
public sealed record StructuredOptions
{
    /// <summary>Share of the remaining units to remove, 0..1; 0.2 by default. Exactly floor(rate x remaining) go.</summary>
    public double Rate { get; init; } = 0.2;

    /// <summary>Where the units of least worth are looked for: each layer (the default), or all layers together in either of the other scopes.</summary>
    public PruningScope Scope { get; init; } = PruningScope.Layer;

    /// <summary>What a unit is worth; the weights that make it by default.</summary>
    public StructureScore Score { get; init; } = StructureScore.Incoming;

    /// <summary>Units that every layer keeps at least, from 0; 1 by default. Units so protected are passed over for the next ones; fewer than asked are removed only
    /// when all that is left is protected.</summary>
    public int KeepUnits { get; init; } = 1;

    /// <summary>Checks every range.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        Require(Rate is >= 0 and <= 1, nameof(Rate), "0 to 1", Rate);
        Require(Enum.IsDefined(Scope), nameof(Scope), "layer, global or all", Scope);
        Require(Enum.IsDefined(Score), nameof(Score), "incoming, incomingAndOutgoing or batchNormScale", Score);
        Require(KeepUnits >= 0, nameof(KeepUnits), "at least 0", KeepUnits);
    }

    private static void Require(bool holds, string name, string expected, object found)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name}: expected {expected}, found {found}");
        }
    }
}
