namespace TicketBot.Learning.Layers;

/// <summary>Positions as sines and cosines (Vaswani et al. 2017, section 3.5): channel 2i of step t is sin(t w), channel 2i + 1 is cos(t w) with
/// w = 10000^(-2i / channels).</summary>
internal static class SinusoidalPositions
{
    /// <summary>Ratio of the longest wavelength to the shortest (Vaswani et al. 2017).</summary>
    private const double Longest = 10000.0;

    /// <summary>Returns <c>[steps][channels]</c>.</summary>
    public static float[] Of(LayerShape shape)
    {
        float[] positions = new float[shape.Rows];
        for (int i = 0; i < positions.Length; i++)
        {
            int step = i / shape.Channels;
            int channel = i % shape.Channels;
            double angle = step * PortableMath.Exp(-PortableMath.Log(Longest) * (channel & ~1) / shape.Channels);
            positions[i] = (float)((channel & 1) == 0 ? PortableMath.Sin(angle) : PortableMath.Cos(angle));
        }

        return positions;
    }
}
