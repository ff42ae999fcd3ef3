namespace TicketBot.Learning.Pruning;

/// <summary>Where the smallest weights are looked for.</summary>
public enum PruningScope
{
    /// <summary>In each layer by itself (Frankle and Carbin 2019).</summary>
    Layer = 0,

    /// <summary>In all hidden layers together; the output layer stays by itself.</summary>
    Global = 1,

    /// <summary>In all weights of the network together at the hidden rate, output and recurrent weights and all gates included: what scores of loss or flow are ranked by
    /// (Lee et al. 2019, Tanaka et al. 2020).</summary>
    All = 2,
}
