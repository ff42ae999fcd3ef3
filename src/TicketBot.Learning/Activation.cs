namespace TicketBot.Learning;

/// <summary>A function applied to each value by itself.</summary>
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

    /// <summary>0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), the tangent form (Hendrycks and Gimpel 2016).</summary>
    Gelu = 5,
}
