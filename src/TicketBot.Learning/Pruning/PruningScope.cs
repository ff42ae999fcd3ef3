namespace TicketBot.Learning.Pruning;

/// <summary>Where the smallest weights are looked for.</summary>
public enum PruningScope
{
    /// <summary>In each layer by itself (Frankle and Carbin 2019).</summary>
    Layer = 0,

    /// <summary>In all hidden layers together; the output layer stays by itself.</summary>
    Global = 1,
}
