namespace TicketBot.Learning;

/// <summary>One fully connected layer of an architecture.</summary>
/// <param name="Width">Neurons, at least 1.</param>
/// <param name="Activation">Function of the neurons.</param>
public sealed record DenseGene(int Width, Activation Activation)
{
    /// <summary>The canonical gene: the activation is named unless it is ReLU.</summary>
    public override string ToString() => Activation == Activation.Relu ? $"dense:{Width}" : $"dense:{Width}/{NameOf(Activation)}";

    internal static string NameOf(Activation activation) => activation switch
    {
        Activation.Identity => "identity",
        Activation.Relu => "relu",
        Activation.LeakyRelu => "leakyrelu",
        Activation.Tanh => "tanh",
        Activation.Sigmoid => "sigmoid",
        Activation.Gelu => "gelu",
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "unknown activation"),
    };
}
