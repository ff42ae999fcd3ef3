namespace TicketBot.Learning.Tests.Reference;

/// <summary>Activations and their slopes in double precision.</summary>
public static class TwinActivation
{
    public static bool HasKink(Activation activation) => activation is Activation.Relu or Activation.LeakyRelu;

    public static double Of(Activation activation, double x) => activation switch
    {
        Activation.Identity => x,
        Activation.Relu => Math.Max(0.0, x),
        Activation.LeakyRelu => x < 0 ? 0.01 * x : x,
        Activation.Tanh => Math.Tanh(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    public static double Slope(Activation activation, double x) => activation switch
    {
        Activation.Identity => 1.0,
        Activation.Relu => x > 0 ? 1.0 : 0.0,
        Activation.LeakyRelu => x > 0 ? 1.0 : 0.01,
        Activation.Tanh => 1.0 - Math.Tanh(x) * Math.Tanh(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };
}
