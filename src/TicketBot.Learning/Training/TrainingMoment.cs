namespace TicketBot.Learning.Training;

/// <summary>What a callback sees between two updates; one object is reused for the whole training, so do not keep it.</summary>
public sealed class TrainingMoment
{
    private readonly Rng _dataOrder;
    private readonly OptimizerState _optimizer;
    private readonly BestWeights? _best;

    internal TrainingMoment(Network network, Rng dataOrder, OptimizerState optimizer, BestWeights? best)
    {
        Network = network;
        _dataOrder = dataOrder;
        _optimizer = optimizer;
        _best = best;
    }

    /// <summary>The network as it is now; read it, do not change it.</summary>
    public Network Network { get; }

    /// <summary>Where training stands.</summary>
    public Step Step { get; internal set; }

    /// <summary>Loss of the batch just used; null before the first update.</summary>
    public double? BatchLoss { get; internal set; }

    /// <summary>Validation loss if it was measured at this step.</summary>
    public double? ValidationLoss { get; internal set; }

    /// <summary>Returns a checkpoint of this moment to rewind to.</summary>
    public TrainingCheckpoint Capture() => new(Step, Network.CaptureWeights(), _dataOrder);

    /// <summary>Returns everything that <see cref="Trainer.Resume"/> needs to go on from this moment.</summary>
    public TrainingState CaptureState() => new()
    {
        Step = Step,
        Weights = Network.CaptureWeights(),
        Optimizer = _optimizer.Capture(),
        DataOrder = _dataOrder,
        BatchLoss = BatchLoss,
        Validations = _best is null ? [] : [.. _best.Points],
        BestWeights = _best?.CaptureBest(),
    };
}
