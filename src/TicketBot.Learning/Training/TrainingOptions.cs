using TicketBot.Learning.Losses;

namespace TicketBot.Learning.Training;

/// <summary>How a network is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>What training makes small; softmax cross-entropy by default.</summary>
    public Loss Loss { get; init; } = new Loss.CrossEntropy();

    /// <summary>What validation measures and early stopping watches; null (the default) is <see cref="Loss"/>.</summary>
    public Loss? ValidationLoss { get; init; }

    /// <summary>The update rule; AdamW by default.</summary>
    public Optimizer Optimizer { get; init; } = Optimizer.AdamW;

    /// <summary>Step size, above 0; 0.001 by default.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How the step size moves; constant by default.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Share of the planned steps over which the step size rises from nothing on a straight line, on top of the schedule, 0 to below 1; 0 by default.</summary>
    public double WarmupShare { get; init; }

    /// <summary>Factor of the step size per gene, the output layer last, each at least 0; a factor of 0 freezes the layer: its parameters stay, and batch
    /// normalisation uses and keeps its running statistics. Null (the default) is 1 for all.</summary>
    public IReadOnlyList<double>? LayerRates { get; init; }

    /// <summary>Rows of an update, at least 1; 64 by default. The last batch of an epoch may be shorter.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Passes over the rows, at least 1; 20 by default. Not read when <see cref="Steps"/> is set.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Updates in all, at least 1; null (the default) takes <see cref="Epochs"/>.</summary>
    public int? Steps { get; init; }

    /// <summary>Weight decay, on weight matrices only, at least 0; 0 by default. Decoupled (per unit of learning rate) but for plain Adam.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Momentum of <see cref="Optimizer.Sgd"/>, 0 to below 1; 0.9 by default.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Decay of Adam's first moment, 0 to below 1; 0.9 by default (Kingma and Ba 2015).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of Adam's second moment, 0 to below 1; 0.999 by default (Kingma and Ba 2015).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Adam's guard against division by zero, above 0; 1e-8 by default (Kingma and Ba 2015).</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Updates between validations, at least 1; null (the default) validates after every epoch.</summary>
    public int? ValidateEverySteps { get; init; }

    /// <summary>Validations without a new best after which training stops, at least 1; null (the default) never stops early.</summary>
    public int? EarlyStopPatience { get; init; }

    /// <summary>Largest Euclidean norm of the gradient over all parameters, above 0; null (the default) does not clip.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Returns the updates planned for a set of <paramref name="rows"/> rows.</summary>
    public int PlannedSteps(int rows) => Steps ?? checked(Epochs * StepsPerEpoch(rows));

    /// <summary>Returns the updates of one pass over <paramref name="rows"/> rows.</summary>
    public int StepsPerEpoch(int rows) => (rows + BatchSize - 1) / BatchSize;

    /// <summary>Checks every range.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        Require(Optimizer is Optimizer.Adam or Optimizer.Sgd or Optimizer.AdamW, nameof(Optimizer), "adam, adamw or sgd", Optimizer);
        Require(Enum.IsDefined(Schedule), nameof(Schedule), "constant, linear, cosine or onecycle", Schedule);
        Require(WarmupShare is >= 0 and < 1, nameof(WarmupShare), "0 to below 1", WarmupShare);
        Require(LayerRates is null || LayerRates.All(factor => factor >= 0 && double.IsFinite(factor)), nameof(LayerRates), "factors of at least 0", LayerRates is null ? null : string.Join(", ", LayerRates));
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), "a number above 0", LearningRate);
        Require(BatchSize >= 1, nameof(BatchSize), "at least 1", BatchSize);
        Require(Epochs >= 1, nameof(Epochs), "at least 1", Epochs);
        Require(Steps is null or >= 1, nameof(Steps), "at least 1", Steps);
        Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), nameof(WeightDecay), "at least 0", WeightDecay);
        Require(Momentum is >= 0 and < 1, nameof(Momentum), "0 to below 1", Momentum);
        Require(Beta1 is >= 0 and < 1, nameof(Beta1), "0 to below 1", Beta1);
        Require(Beta2 is >= 0 and < 1, nameof(Beta2), "0 to below 1", Beta2);
        Require(Epsilon > 0, nameof(Epsilon), "above 0", Epsilon);
        Require(ValidateEverySteps is null or >= 1, nameof(ValidateEverySteps), "at least 1", ValidateEverySteps);
        Require(EarlyStopPatience is null or >= 1, nameof(EarlyStopPatience), "at least 1", EarlyStopPatience);
        Require(ClipNorm is null or > 0, nameof(ClipNorm), "above 0", ClipNorm);
    }

    /// <summary>Returns the factor of a gene, counted from 1; the output layer is one more than the last gene.</summary>
    internal double LayerRate(int layer) => LayerRates?[layer - 1] ?? 1.0;

    /// <summary>Refuses layer rates of the wrong number.</summary>
    internal void RequireFit(Architecture architecture) =>
        Require(LayerRates is null || LayerRates.Count == architecture.Layers.Count + 1, nameof(LayerRates), $"{architecture.Layers.Count + 1} factors for {architecture}, one per gene and one for the output", LayerRates?.Count);

    private static void Require(bool holds, string name, string expected, object? found)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name}: expected {expected}, found {found}");
        }
    }
}
