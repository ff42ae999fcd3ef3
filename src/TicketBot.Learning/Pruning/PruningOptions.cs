namespace TicketBot.Learning.Pruning;

/// <summary>How much one pruning removes.</summary>
public sealed record PruningOptions
{
    /// <summary>Share of the remaining hidden weights to remove, 0..1; 0.2 by default (Frankle and Carbin 2019).</summary>
    public double Rate { get; init; } = 0.2;

    /// <summary>Share of the remaining output weights to remove, 0..1; 0.1 by default (Frankle and Carbin 2019). Not read in <see cref="PruningScope.All"/>.</summary>
    public double OutputRate { get; init; } = 0.1;

    /// <summary>Share of the remaining recurrent weights to remove, 0..1; 0.1 by default, because a weight that acts at every step is missed at every step. Not read in
    /// <see cref="PruningScope.All"/>.</summary>
    public double RecurrentRate { get; init; } = 0.1;

    /// <summary>Where the smallest weights are looked for; each layer by default.</summary>
    public PruningScope Scope { get; init; } = PruningScope.Layer;

    /// <summary>Incoming weights that every neuron keeps at least, from 0; 0 by default. Weights so protected are passed over for the next
    /// smallest; fewer than asked are removed only when all that is left is protected.</summary>
    public int KeepIncoming { get; init; }

    /// <summary>Returns options that reach a density in one pruning of a full mask: the hidden layers keep <paramref name="density"/>, the output
    /// layer and recurrent weights its square root, which is about what rounds of 20 % and 10 % leave; in
    /// <see cref="PruningScope.All"/> the whole network keeps <paramref name="density"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The density is not above 0 and at most 1.</exception>
    public static PruningOptions ToDensity(double density, PruningScope scope = PruningScope.Layer, int keepIncoming = 0)
    {
        if (!(density > 0.0 && density <= 1.0))
        {
            throw new ArgumentOutOfRangeException(nameof(density), density, "expected a density above 0 and at most 1");
        }

        return new PruningOptions { Rate = 1.0 - density, OutputRate = 1.0 - Math.Sqrt(density), RecurrentRate = 1.0 - Math.Sqrt(density), Scope = scope, KeepIncoming = keepIncoming };
    }
}
