namespace TicketBot.Learning.Layers;

/// <summary>Positions as sines and cosines (Vaswani et al. 2017, section 3.5): channel 2i of step t is sin(t w), channel 2i + 1 is cos(t w) with
/// w = 10000^(-2i / channels). Made of additions, multiplications and our own exponential only, so that the bits are the same on every machine.</summary>
internal static class SinusoidalPositions
{
    /// <summary>Ratio of the longest wavelength to the shortest (Vaswani et al. 2017).</summary>
    private const double Longest = 10000.0;

    /// <summary>Returns <c>[steps][channels]</c>.</summary>
    public static float[] Of(LayerShape shape)
    {
        float[] positions = new float[shape.Rows];
        for (int channel = 0; channel < shape.Channels; channel += 2)
        {
            (double sine, double cosine) = SineAndCosine(PortableMath.Exp(-PortableMath.Log(Longest) * channel / shape.Channels));
            double s = 0.0;
            double c = 1.0;
            for (int t = 0; t < shape.Steps; t++)
            {
                positions[t * shape.Channels + channel] = (float)s;
                if (channel + 1 < shape.Channels)
                {
                    positions[t * shape.Channels + channel + 1] = (float)c;
                }

                // The next angle by the addition theorems; doubles lose some 1e-16 a step, far below what a float holds.
                (s, c) = (s * cosine + c * sine, c * cosine - s * sine);
            }
        }

        return positions;
    }

    // Taylor series, exact to double precision on [0, 1].
    private static (double Sine, double Cosine) SineAndCosine(double x)
    {
        double z = x * x;
        double sine = 1.0;
        double cosine = 1.0;
        for (int n = 20; n > 0; n -= 2)
        {
            sine = 1.0 - z / (n * (n + 1)) * sine;
            cosine = 1.0 - z / (n * (n - 1)) * cosine;
        }

        return (x * sine, cosine);
    }
}
