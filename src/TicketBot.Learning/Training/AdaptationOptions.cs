namespace TicketBot.Learning.Training;

/// <summary>How a network is adapted to another domain.</summary>
public sealed record AdaptationOptions
{
    /// <summary>Loss, optimiser, step size and its schedule, layer rates, clipping, and the number of updates. <see cref="TrainingOptions.BatchSize"/> rows of the source, or
    /// of the target where there is no source, go into an update; every batch is full, so orders run over the ends of epochs.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Rows of the target in an update beside those of the source, at least 2; null (the default) takes as many.</summary>
    public int? TargetBatch { get; init; }

    /// <summary>What makes the features of both domains alike; null (the default) for nothing.</summary>
    public Alignment? Alignment { get; init; }

    /// <summary>Gene whose outputs are aligned, from 1 to the number of genes; not read without <see cref="Alignment"/>.</summary>
    public int FeatureLayer { get; init; } = 1;

    /// <summary>Factor of the alignment's gradient, at least 0; 1 by default.</summary>
    public double AlignmentWeight { get; init; } = 1.0;

    /// <summary>Whether that factor rises from 0 as 2 / (1 + e^(-10 p)) - 1 with the share p of updates done (Ganin et al. 2016); true by default.</summary>
    public bool RampsAlignment { get; init; } = true;

    /// <summary>Factor of the task's gradient, at least 0; 1 by default. With 0 nothing keeps the features from collapsing.</summary>
    public double TaskWeight { get; init; } = 1.0;

    /// <summary>Starting weights that training is pulled back to (L2-SP, Li et al. 2018); null (the default) for none.</summary>
    public IReadOnlyList<float[]>? Anchor { get; init; }

    /// <summary>Factor b of the pull b / 2 |w - w0|^2, at least 0; 0.1 by default; not read without <see cref="Anchor"/>.</summary>
    public double AnchorStrength { get; init; } = 0.1;

    /// <summary>Last gene that is pulled; later ones, a new head, are free. Null (the default) pulls all.</summary>
    public int? AnchorLayer { get; init; }

    /// <summary>Updates after which one more gene with weights, from the top down, begins to learn (gradual unfreezing, Howard and Ruder 2018), at least 1; null (the default) lets
    /// all with a layer rate above 0 learn from the start. A thaw starts the optimiser's moments again.</summary>
    public int? ThawEverySteps { get; init; }

    /// <summary>Updates between two calls of the callback, at least 1; 50 by default. It is also called before the first and after the last.</summary>
    public int ReportEverySteps { get; init; } = 50;

    /// <summary>Checks every range.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public void Validate(Architecture architecture)
    {
        Training.Validate();
        Training.RequireFit(architecture);
        Require(TargetBatch is null or >= 2, nameof(TargetBatch), "at least 2", TargetBatch);
        Require(Alignment is null || (FeatureLayer >= 1 && FeatureLayer <= architecture.Layers.Count), nameof(FeatureLayer), $"a gene from 1 to {architecture.Layers.Count} of {architecture}", FeatureLayer);
        Require(AlignmentWeight >= 0 && double.IsFinite(AlignmentWeight), nameof(AlignmentWeight), "at least 0", AlignmentWeight);
        Require(TaskWeight >= 0 && double.IsFinite(TaskWeight), nameof(TaskWeight), "at least 0", TaskWeight);
        Require(AnchorStrength >= 0 && double.IsFinite(AnchorStrength), nameof(AnchorStrength), "at least 0", AnchorStrength);
        Require(ThawEverySteps is null or >= 1, nameof(ThawEverySteps), "at least 1", ThawEverySteps);
        Require(ReportEverySteps >= 1, nameof(ReportEverySteps), "at least 1", ReportEverySteps);
        if (Anchor is not null)
        {
            Network.RequireShapes(architecture, Anchor, nameof(Anchor));
        }
    }

    private static void Require(bool holds, string name, string expected, object? found)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name}: expected {expected}, found {found}");
        }
    }
}
