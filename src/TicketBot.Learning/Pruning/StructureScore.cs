namespace TicketBot.Learning.Pruning;

/// <summary>What says how much a neuron or channel is worth.</summary>
public enum StructureScore
{
    /// <summary>Root mean square of the weights that make it, masked ones counted as zero (group norm, Li et al. 2017).</summary>
    Incoming = 0,

    /// <summary>Root mean square of the weights that make it and of those that read it.</summary>
    IncomingAndOutgoing = 1,

    /// <summary>Size of its scale in batch normalisation, the largest if there are several (Liu et al. 2017); units without one are not touched.</summary>
    BatchNormScale = 2,
}
