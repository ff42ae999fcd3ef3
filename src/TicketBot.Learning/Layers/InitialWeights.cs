namespace TicketBot.Learning.Layers;

/// <summary>How first weights are drawn: normal with variance 2 / inputs before the ReLU family and GELU (He et al. 2015), else 2 / (inputs + outputs)
/// (Glorot and Bengio 2010).</summary>
internal static class InitialWeights
{
    public static void Draw(Parameter weight, Activation activation, ref Rng rng)
    {
        bool rectified = activation is Activation.Relu or Activation.LeakyRelu or Activation.Gelu;
        Draw(weight, 2.0 / (rectified ? weight.Columns : weight.Columns + weight.Rows / weight.Shape.Groups), ref rng);
    }

    public static void Draw(Parameter weight, double variance, ref Rng rng)
    {
        double deviation = Math.Sqrt(variance);
        foreach (ref float w in weight.Values.AsSpan())
        {
            w = (float)(deviation * rng.NextGaussian());
        }
    }
}
