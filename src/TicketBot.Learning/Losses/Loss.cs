namespace TicketBot.Learning.Losses;

/// <summary>What training makes small; a closed family.</summary>
public abstract record Loss
{
    private Loss()
    {
    }

    internal abstract LossFunction CreateFunction(Architecture architecture);

    /// <summary>Softmax cross-entropy of class labels, the weighted mean over the batch, in nats.</summary>
    public sealed record CrossEntropy : Loss
    {
        internal override LossFunction CreateFunction(Architecture architecture) => new CrossEntropyFunction(architecture.Outputs);
    }
}
