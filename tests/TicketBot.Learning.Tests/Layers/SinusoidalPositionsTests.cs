using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Tests.Layers;

public class SinusoidalPositionsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(40, 5)]
    [InlineData(300, 8)]
    public void They_are_the_sines_and_cosines_of_the_paper(int steps, int channels)
    {
        float[] positions = SinusoidalPositions.Of(new LayerShape(steps, channels));
        for (int t = 0; t < steps; t++)
        {
            for (int c = 0; c < channels; c++)
            {
                double angle = t / Math.Pow(10000.0, 2.0 * (c / 2) / channels);
                Assert.Equal(c % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle), positions[t * channels + c], 1e-7);
            }
        }
    }
}
