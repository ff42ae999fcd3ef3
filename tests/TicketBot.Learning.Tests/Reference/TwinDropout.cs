namespace TicketBot.Learning.Tests.Reference;

/// <summary>Twin of inverted dropout: its mask is drawn number by number, 16 bits for a lane, from the streams that the layer's description names.</summary>
public sealed class TwinDropout(int rows, double rate, ulong number, Rng noise) : TwinLayer([])
{
    private double[] _factors = [];

    public override double[] Forward(double[] x, int samples)
    {
        double threshold = Math.Round(rate * 65536);
        _factors = new double[x.Length];
        Array.Fill(_factors, 1.0);
        for (int tile = 0; Training && tile * 64 < samples; tile++)
        {
            Rng stream = noise.Split(number).Split((ulong)tile);
            for (int k = 0; k < rows * 64; k += 4)
            {
                ulong drawn = stream.NextUInt64();
                for (int i = 0; i < 4; i++, drawn /= 65536)
                {
                    int sample = tile * 64 + (k + i) % 64;
                    if (sample < samples)
                    {
                        _factors[sample * rows + k / 64] = drawn % 65536 < threshold ? 0.0 : 65536 / (65536 - threshold);
                    }
                }
            }
        }

        return [.. x.Select((value, i) => value * _factors[i])];
    }

    public override double[] Backward(double[] dy) => [.. dy.Select((g, i) => g * _factors[i])];
}
