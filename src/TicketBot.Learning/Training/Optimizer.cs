namespace TicketBot.Learning.Training;

/// <summary>The rule that turns gradients into updates.</summary>
public enum Optimizer
{
    /// <summary>Adam (Kingma and Ba 2015); weight decay is added to the gradient, so it passes through the moments.</summary>
    Adam = 1,

    /// <summary>Stochastic gradient descent with heavy-ball momentum (Polyak 1964); weight decay is decoupled.</summary>
    Sgd = 2,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
    AdamW = 3,
}
