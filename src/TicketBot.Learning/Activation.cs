namespace TicketBot.Learning;

/// <summary>A function of single values, applied to the outputs of a layer.</summary>
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

    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid = 4,

    /// <summary>x times the normal distribution function of x in its tanh form (Hendrycks and Gimpel 2016).</summary>
    Gelu = 5,
}
