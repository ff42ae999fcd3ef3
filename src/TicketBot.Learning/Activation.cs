namespace TicketBot.Learning;

/// <summary>The function a dense layer applies to its sums.</summary>
public enum Activation
{
    /// <summary>x below as above zero.</summary>
    Identity = 0,

    /// <summary>0 below zero, x above (Nair and Hinton 2010).</summary>
    Relu = 1,

    /// <summary>0.01 x below zero, x above (Maas et al. 2013).</summary>
    LeakyRelu = 2,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh = 3,
}
