namespace TicketBot.Learning.Tests.Reference;

/// <summary>Activations and their slopes in double precision, and the twin of the layer that is nothing else.</summary>
public sealed class TwinActivation(Activation activation) : TwinLayer([])
{
    private double[] _x = [];

    public static bool HasKink(Activation activation) => activation is Activation.Relu or Activation.LeakyRelu;

    public static double Of(Activation activation, double x) => activation switch
    {
        Activation.Identity => x,
        Activation.Relu => Math.Max(0.0, x),
        Activation.LeakyRelu => x < 0 ? 0.01 * x : x,
        Activation.Tanh => Math.Tanh(x),
        Activation.Sigmoid => Sigmoid(x),
        Activation.Gelu => 0.5 * x * (1.0 + Math.Tanh(Math.Sqrt(2.0 / Math.PI) * (x + 0.044715 * x * x * x))),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    public static double Slope(Activation activation, double x) => activation switch
    {
        Activation.Identity => 1.0,
        Activation.Relu => x > 0 ? 1.0 : 0.0,
        Activation.LeakyRelu => x > 0 ? 1.0 : 0.01,
        Activation.Tanh => 1.0 - Math.Tanh(x) * Math.Tanh(x),
        Activation.Sigmoid => Sigmoid(x) * Sigmoid(-x),
        Activation.Gelu => GeluSlope(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    public static double Sigmoid(double x) => 1.0 / (1.0 + Math.Exp(-x));

    public override double[] Forward(double[] x, int samples)
    {
        _x = (double[])x.Clone();
        ClosestKink = HasKink(activation) ? x.Min(Math.Abs) : double.PositiveInfinity;
        return Array.ConvertAll(x, value => Of(activation, value));
    }

    public override double[] Backward(double[] dy) => [.. dy.Select((d, i) => d * Slope(activation, _x[i]))];

    private static double GeluSlope(double x)
    {
        double t = Math.Tanh(Math.Sqrt(2.0 / Math.PI) * (x + 0.044715 * x * x * x));
        return 0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * Math.Sqrt(2.0 / Math.PI) * (1.0 + 3.0 * 0.044715 * x * x);
    }
}
