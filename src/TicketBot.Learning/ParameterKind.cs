namespace TicketBot.Learning;

/// <summary>What a parameter array is for: decides whether it is pruned, decayed or trained.</summary>
public enum ParameterKind
{
    /// <summary>A weight matrix on the way from inputs to outputs; pruned and decayed.</summary>
    Weight = 0,

    /// <summary>A weight matrix from a layer's last step to its next; pruned at its own rate, and decayed.</summary>
    RecurrentWeight = 1,

    /// <summary>Added to sums; never pruned or decayed.</summary>
    Bias = 2,

    /// <summary>Factor of a normalised channel; never pruned or decayed.</summary>
    Scale = 3,

    /// <summary>Added to a normalised channel; never pruned or decayed.</summary>
    Shift = 4,

    /// <summary>A running statistic: kept with the weights, changed by forward passes in training, never by gradients.</summary>
    Buffer = 5,
}
