using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Tests;

public class PortableMathTests
{
    [Fact]
    public void Logarithm_and_exponential_agree_with_the_runtime()
    {
        var rng = new Rng(5);
        for (int i = 0; i < 100_000; i++)
        {
            double x = (rng.NextDouble() - 0.5) * 1400.0;
            double e = Math.Exp(x);
            Assert.True(Math.Abs(PortableMath.Exp(x) - e) <= 4e-16 * e, $"exp({x:R})");
            double log = Math.Log(e);
            Assert.True(Math.Abs(PortableMath.Log(e) - log) <= 4e-16 * Math.Max(1.0, Math.Abs(log)), $"log({e:R})");
        }
    }

    [Theory]
    [InlineData(0.0, double.NegativeInfinity)]
    [InlineData(-1.0, double.NaN)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(1.0, 0.0)]
    public void Logarithm_has_the_edges_of_the_definition(double x, double expected) => Assert.Equal(expected, PortableMath.Log(x));

    [Fact]
    public void Logarithm_reads_denormals() => Assert.Equal(Math.Log(double.Epsilon), PortableMath.Log(double.Epsilon), 1e-9);

    [Fact]
    public void Float_exponential_and_tangent_are_close_to_the_truth()
    {
        var rng = new Rng(6);
        for (int i = 0; i < 100_000; i++)
        {
            float x = (float)((rng.NextDouble() - 0.5) * 170.0);
            double e = Math.Exp(x);
            Assert.True(Math.Abs(Exponential.Of(x) - e) <= 2e-7 * e, $"exp({x:R})");
            float t = (float)rng.NextGaussian() * 2f;
            Assert.True(Math.Abs(Exponential.Tanh(t) - Math.Tanh(t)) <= 3e-7 * Math.Abs(Math.Tanh(t)), $"tanh({t:R})");
        }

        Assert.True(float.IsNaN(Exponential.Of(float.NaN)));
        Assert.True(float.IsNaN(Exponential.Tanh(float.NaN)));
    }

    [Fact]
    public void Sine_and_cosine_agree_with_the_runtime()
    {
        var rng = new Rng(7);
        for (int i = 0; i < 100_000; i++)
        {
            double x = (rng.NextDouble() - 0.5) * (i % 2 == 0 ? 20.0 : 4000.0);
            Assert.Equal(Math.Sin(x), PortableMath.Sin(x), 4e-16);
            Assert.Equal(Math.Cos(x), PortableMath.Cos(x), 4e-16);
        }

        Assert.Equal(0.0, PortableMath.Sin(0.0));
        Assert.Equal(1.0, PortableMath.Cos(0.0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PortableMath.Sin(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => PortableMath.Cos(1e6));
    }
}
