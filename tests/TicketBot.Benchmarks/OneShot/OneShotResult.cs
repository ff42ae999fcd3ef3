namespace TicketBot.Benchmarks.OneShot;

/// <summary>What one case gave.</summary>
internal sealed record OneShotResult
{
    /// <summary>Which.</summary>
    public required OneShotCase Case { get; init; }

    /// <summary>Operations chosen, or the verdict on a supernet.</summary>
    public required string Found { get; init; }

    /// <summary>Positions without weights.</summary>
    public int ParameterFree { get; init; }

    /// <summary>Accuracy on fresh rows of the found network, trained from its start.</summary>
    public double Accuracy { get; init; }

    /// <summary>Kendall's tau-b of a supernet.</summary>
    public double Kendall { get; init; }

    /// <summary>Lower end of its interval.</summary>
    public double Lower { get; init; }

    /// <summary>Upper end of its interval.</summary>
    public double Upper { get; init; }

    /// <summary>Spearman's rho of a supernet.</summary>
    public double Spearman { get; init; }
}
