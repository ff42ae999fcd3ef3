namespace TicketBot.Learning.Training;

/// <summary>What a callback sees between two updates; one object is reused for the whole training, so do not keep it.</summary>
public sealed class TrainingMoment
{
    private readonly Rng _dataOrder;

    internal TrainingMoment(Network network, Rng dataOrder)
    {
        Network = network;
        _dataOrder = dataOrder;
    }

    /// <summary>The network as it is now; read it, do not change it.</summary>
    public Network Network { get; }

    /// <summary>Where training stands.</summary>
    public Step Step { get; internal set; }

    /// <summary>Loss of the batch just used, in nats; null before the first update.</summary>
    public double? BatchLoss { get; internal set; }

    /// <summary>Validation log-loss if it was measured at this step, in nats.</summary>
    public double? ValidationLoss { get; internal set; }

    /// <summary>Returns a checkpoint of this moment to rewind to.</summary>
    public TrainingCheckpoint Capture() => new(Step, Network.CaptureWeights(), _dataOrder);
}
