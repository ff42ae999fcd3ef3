using TicketBot.Learning.Training;

namespace TicketBot.Learning.Search;

/// <summary>How a differentiable architecture search runs. Defaults are for a few thousand rows and some hundred updates, two orders of magnitude less than in Liu et al. (2019), so
/// strengths move faster than there (3e-4).</summary>
public sealed record DartsOptions
{
    /// <summary>How weights are trained: updates, batches, loss, schedule; Adam at 0.003 falling as a cosine over 20 epochs, gradients clipped at norm 5, by default. Validation,
    /// early stopping and layer rates are not read.</summary>
    public TrainingOptions Training { get; init; } = new() { LearningRate = 3e-3, Schedule = LearningRateSchedule.Cosine, ClipNorm = 5.0, Epochs = 20 };

    /// <summary>1: strengths move by the gradient at the present weights; 2: at the weights after one more step of descent (Liu et al. 2019). 1 by default.</summary>
    public int Order { get; init; } = 1;

    /// <summary>How strengths become coefficients; softmax by default.</summary>
    public OperationGate Gate { get; init; } = OperationGate.Softmax;

    /// <summary>Weight of the zero-one loss of the sigmoid gate, at least 0; 1 by default. Not read with softmax.</summary>
    public double ZeroOneWeight { get; init; } = 1.0;

    /// <summary>Step size of the strengths, above 0; 0.02 by default.</summary>
    public double StrengthRate { get; init; } = 0.02;

    /// <summary>Decay of the strengths, at least 0; 0.001 by default (Liu et al. 2019).</summary>
    public double StrengthDecay { get; init; } = 1e-3;

    /// <summary>Decay of Adam's first moment for the strengths, 0 to below 1; 0.5 by default (Liu et al. 2019).</summary>
    public double StrengthBeta1 { get; init; } = 0.5;

    /// <summary>Decay of Adam's second moment for the strengths, 0 to below 1; 0.999 by default (Liu et al. 2019).</summary>
    public double StrengthBeta2 { get; init; } = 0.999;

    /// <summary>Deviation of the first strengths, at least 0; 0.001 by default (Liu et al. 2019).</summary>
    public double StrengthDeviation { get; init; } = 1e-3;

    /// <summary>Share of the updates before strengths move, 0 to below 1; 0.25 by default. Operations with weights are worth nothing before these are learned, those without are: a
    /// start together favours skips.</summary>
    public double WarmupShare { get; init; } = 0.25;

    /// <summary>Chance of leaving an operation without weights out of an update of the weights at the start, falling on a straight line to 0 at the end, 0 to below 1; 0.3 by
    /// default (Chen et al. 2019, on whole operations).</summary>
    public double SkipDropout { get; init; } = 0.3;

    /// <summary>Factor of an auxiliary skip beside every position at the start, falling on a straight line to 0 at the end, at least 0; 1 by default (Chu et al. 2021, "DARTS-"). It
    /// takes over what a skip does for the training of a deep cell, so that the skip among the operations is weighed as an operation.</summary>
    public double AuxiliarySkip { get; init; } = 1.0;

    /// <summary>The search ends before so many positions have an operation without weights as their strongest (Liang et al. 2019, "DARTS+"), at least 1; null (the default) does
    /// not watch it.</summary>
    public int? ParameterFreeLimit { get; init; }

    /// <summary>The search ends when the largest eigenvalue of the validation loss's Hessian by the strengths, mean of three epochs, has grown beyond 1 over this ratio since three
    /// epochs before, and the strengths of then are taken, 0 to 1; null (the default) does not watch it. Zela et al. (2020) take 0.75.</summary>
    public double? EigenvalueRatio { get; init; }

    /// <summary>How operations are chosen at the end; by perturbation by default.</summary>
    public OperationSelection Selection { get; init; } = OperationSelection.Perturbation;

    /// <summary>Epochs of training after each decision by perturbation, at least 0; 1 by default.</summary>
    public int TuneEpochs { get; init; } = 1;

    /// <summary>Checks every range.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        Training.Validate();
        Require(Order is 1 or 2, nameof(Order), "1 or 2", Order);
        Require(Enum.IsDefined(Gate), nameof(Gate), "softmax or sigmoid", Gate);
        Require(ZeroOneWeight >= 0 && double.IsFinite(ZeroOneWeight), nameof(ZeroOneWeight), "at least 0", ZeroOneWeight);
        Require(StrengthRate > 0 && double.IsFinite(StrengthRate), nameof(StrengthRate), "a number above 0", StrengthRate);
        Require(StrengthDecay >= 0 && double.IsFinite(StrengthDecay), nameof(StrengthDecay), "at least 0", StrengthDecay);
        Require(StrengthBeta1 is >= 0 and < 1, nameof(StrengthBeta1), "0 to below 1", StrengthBeta1);
        Require(StrengthBeta2 is >= 0 and < 1, nameof(StrengthBeta2), "0 to below 1", StrengthBeta2);
        Require(StrengthDeviation >= 0 && double.IsFinite(StrengthDeviation), nameof(StrengthDeviation), "at least 0", StrengthDeviation);
        Require(WarmupShare is >= 0 and < 1, nameof(WarmupShare), "0 to below 1", WarmupShare);
        Require(SkipDropout is >= 0 and < 1, nameof(SkipDropout), "0 to below 1", SkipDropout);
        Require(AuxiliarySkip >= 0 && double.IsFinite(AuxiliarySkip), nameof(AuxiliarySkip), "at least 0", AuxiliarySkip);
        Require(ParameterFreeLimit is null or >= 1, nameof(ParameterFreeLimit), "at least 1", ParameterFreeLimit);
        Require(EigenvalueRatio is null or (> 0 and < 1), nameof(EigenvalueRatio), "between 0 and 1", EigenvalueRatio);
        Require(Enum.IsDefined(Selection), nameof(Selection), "strongest or perturbation", Selection);
        Require(TuneEpochs >= 0, nameof(TuneEpochs), "at least 0", TuneEpochs);
    }

    private static void Require(bool holds, string name, string expected, object? found)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name}: expected {expected}, found {found}");
        }
    }
}
