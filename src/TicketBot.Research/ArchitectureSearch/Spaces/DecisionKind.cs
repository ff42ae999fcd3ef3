namespace TicketBot.Research.ArchitectureSearch.Spaces;

/// <summary>What a decision is about.</summary>
public enum DecisionKind
{
    /// <summary>Which <see cref="GeneKind"/> a place holds.</summary>
    Kind = 0,

    /// <summary>Width of the layer.</summary>
    Width = 1,

    /// <summary>Activation of a dense layer or a convolution.</summary>
    Activation = 2,

    /// <summary>Steps a convolution sees.</summary>
    Kernel = 3,

    /// <summary>Share of outputs dropped in training.</summary>
    Dropout = 4,

    /// <summary>Which earlier output is added: none, or the output of a place (0 is the input).</summary>
    Skip = 5,

    /// <summary>How the steps of the window are made one before the head: last, mean, max or flatten.</summary>
    Reading = 6,
}
