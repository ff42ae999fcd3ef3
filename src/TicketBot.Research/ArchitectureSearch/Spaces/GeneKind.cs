namespace TicketBot.Research.ArchitectureSearch.Spaces;

/// <summary>What a place of a searched architecture may hold.</summary>
public enum GeneKind
{
    /// <summary>Nothing: the input is passed on and no gene is written.</summary>
    Identity = 0,

    /// <summary>A fully connected layer at every step.</summary>
    Dense = 1,

    /// <summary>A causal convolution over time.</summary>
    Conv1D = 2,

    /// <summary>A long short-term memory.</summary>
    Lstm = 3,

    /// <summary>A gated recurrent unit.</summary>
    Gru = 4,

    /// <summary>Multi-head self-attention.</summary>
    Attention = 5,

    /// <summary>The input with an earlier output added.</summary>
    Skip = 6,
}
