namespace TicketBot.Learning.Training;

/// <summary>The rule that turns gradients into updates.</summary>
public enum Optimizer
{
    /// <summary>Adam with decoupled weight decay (Kingma and Ba 2015; Loshchilov and Hutter 2019).</summary>
    Adam = 1,

    /// <summary>Stochastic gradient descent with heavy-ball momentum (Polyak 1964).</summary>
    Sgd = 2,
}
