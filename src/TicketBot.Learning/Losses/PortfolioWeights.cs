namespace TicketBot.Learning.Losses;

/// <summary>Weights of a portfolio from outputs: (1 + s) softmax(z+) - s softmax(z-), of z+ alone where the short part s is zero.</summary>
internal static class PortfolioWeights
{
    public static void Of(ReadOnlySpan<float> outputs, double s, Span<double> weights)
    {
        Softmax.Apply(outputs[..weights.Length], 1.0, weights);
        if (s == 0.0)
        {
            return;
        }

        ReadOnlySpan<float> shorts = outputs[weights.Length..];
        double top = double.NegativeInfinity;
        foreach (float z in shorts)
        {
            top = Math.Max(top, z);
        }

        double sum = 0.0;
        foreach (float z in shorts)
        {
            sum += PortableMath.Exp(z - top);
        }

        for (int a = 0; a < weights.Length; a++)
        {
            weights[a] = (1.0 + s) * weights[a] - s * (PortableMath.Exp(shorts[a] - top) / sum);
        }
    }
}
