using TicketBot.Learning.Kernels;
using TicketBot.Learning.Tests.Reference;

namespace TicketBot.Learning.Tests.Kernels;

/// <summary>Errors against double precision over a dense grid: every 1009th pattern of all floats of both signs, denormals included.</summary>
public class ExponentialTests
{
    [Fact]
    public void Exponential_is_within_one_unit_in_the_last_place() =>
        WorstRelative(Exponential.Of, Math.Exp, -87, 88, below: 9e-8);

    [Fact]
    public void Tangent_is_within_two_units_in_the_last_place()
    {
        WorstRelative(Exponential.Tanh, Math.Tanh, -1e30, 1e30, below: 1.4e-7);
        WorstAbsolute(Exponential.Tanh, Math.Tanh, -1e30, 1e30, below: 8e-8);
    }

    [Fact]
    public void Sigmoid_is_within_two_units_in_the_last_place()
    {
        WorstRelative(Exponential.Sigmoid, TwinActivation.Sigmoid, Exponential.SigmoidLowest, 1e30, below: 1.5e-7);
        WorstAbsolute(Exponential.Sigmoid, TwinActivation.Sigmoid, -1e30, 1e30, below: 9e-8);
    }

    [Fact]
    public void Gelu_is_exact_to_its_last_bits_where_it_matters()
    {
        WorstRelative(Exponential.Gelu, Gelu, -3, 1e30, below: 9e-7);
        WorstRelative(Exponential.Gelu, Gelu, Exponential.GeluLowest, 0, below: 6e-6);
        WorstAbsolute(Exponential.Gelu, Gelu, -1e12, 3, below: 4e-7);
    }

    [Fact]
    public void Slope_of_gelu_is_exact_to_its_last_bits() =>
        WorstAbsolute(GeluSlope, x => TwinActivation.Slope(Activation.Gelu, x), -1e12, 1e12, below: 2.5e-7);

    [Fact]
    public void Infinities_and_zeros_have_their_limits()
    {
        Assert.Equal([1f, 1f], [Exponential.Of(0f), Exponential.Of(-0f)]);
        Assert.Equal([1f, -1f], [Exponential.Tanh(float.PositiveInfinity), Exponential.Tanh(float.NegativeInfinity)]);
        Assert.Equal([1f, 0.5f, Exponential.Sigmoid(Exponential.SigmoidLowest)], [Exponential.Sigmoid(float.PositiveInfinity), Exponential.Sigmoid(-0f), Exponential.Sigmoid(float.NegativeInfinity)]);
        Assert.Equal([float.PositiveInfinity, 0f, 0f], [Exponential.Gelu(float.PositiveInfinity), Exponential.Gelu(0f), Exponential.Gelu(float.NegativeInfinity)]);
        Assert.Equal([1f, 0.5f, 0f], [GeluSlope(float.PositiveInfinity), GeluSlope(0f), GeluSlope(float.NegativeInfinity)]);
        Assert.Equal(0f, Exponential.Tanh(-0f));
        Assert.Equal(1e-40f, Exponential.Tanh(1e-40f));
    }

    [Fact]
    public void Gates_never_close_into_the_denormal_range()
    {
        float closed = Exponential.Sigmoid(-1000f);
        Assert.True(float.IsNormal(closed * closed));
        Assert.InRange(closed, 4e-18f, 5e-18f);
    }

    // The twin's form 1 + tanh cancels in the tail; this one does not.
    private static double Gelu(double x) => x * TwinActivation.Sigmoid(2.0 * Math.Sqrt(2.0 / Math.PI) * (x + 0.044715 * x * x * x));

    private static float GeluSlope(float x)
    {
        Exponential.Gelu(new OneLane(x), out OneLane slope);
        return slope.Value;
    }

    private static void WorstRelative(Func<float, float> actual, Func<double, double> expected, double lowest, double highest, double below)
    {
        // Below 1e-37 half the spacing of floats is more than the bound.
        (double error, float x) = Grid(lowest, highest).Where(x => Math.Abs(x) > 1e-37)
            .Select(x => (Math.Abs(actual(x) - expected(x)) / Math.Abs(expected(x)), x)).Max();
        Assert.True(error > 0.0 && error < below, $"relative error {error:R} at {x:R}");
    }

    private static void WorstAbsolute(Func<float, float> actual, Func<double, double> expected, double lowest, double highest, double below)
    {
        (double error, float x) = Grid(lowest, highest).Select(x => (Math.Abs(actual(x) - expected(x)), x)).Max();
        Assert.True(error > 0.0 && error < below, $"absolute error {error:R} at {x:R}");
    }

    private static IEnumerable<float> Grid(double lowest, double highest)
    {
        for (uint bits = 0; bits < 0x7F800000; bits += 1009)
        {
            float x = BitConverter.UInt32BitsToSingle(bits);
            if (x <= highest && x >= lowest)
            {
                yield return x;
            }

            if (-x >= lowest && -x <= highest)
            {
                yield return -x;
            }
        }
    }
}
