using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Losses;
using TicketBot.Learning.Tests.Reference;
using TicketBot.Testing;

namespace TicketBot.Learning.Tests.Losses;

/// <summary>Twins against central differences below 1e-6. Float against twin: distances within 1e-6 (kernel) and 1e-5 relative (covariance), gradients within 2e-5 of the
/// largest; every form gives the same bits.</summary>
public unsafe class FeatureDistanceTests
{
    public static TheoryData<int, int, int> Shapes => new() { { 2, 2, 1 }, { 2, 5, 3 }, { 7, 9, 4 }, { 64, 66, 5 }, { 65, 65, 2 }, { 3, 14, 70 } };

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 6, 2)]
    [MemberData(nameof(Shapes))]
    public void Kernel_distance_and_its_gradient_on_both_sides(int source, int target, int features)
    {
        double[] x = Draw(source, target, features);
        var twin = new TwinDistances(source, features);
        double bandwidth = twin.MedianOf(x);
        double[] gradient = twin.MmdGradient(x, bandwidth);
        LossCheck.TwinAgainstDifferences(z => twin.Mmd(z, bandwidth, biased: true), gradient, x);
        AgreesWithTwin(new FeatureDistance.Mmd(), twin.Mmd(x, bandwidth, biased: true), gradient, x, source, features, 1e-6);
        if (source > 1)
        {
            double report = new FeatureDistance.Mmd().Between(LossCheck.Floats(x[..(source * features)]), LossCheck.Floats(x[(source * features)..]), features);
            Assert.Equal(twin.Mmd(x, bandwidth, biased: false), report, 2e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Covariance_distance_and_its_gradient_on_both_sides(int source, int target, int features)
    {
        double[] x = Draw(source, target, features);
        var twin = new TwinDistances(source, features);
        double[] gradient = twin.CoralGradient(x);
        double distance = twin.Coral(x);
        LossCheck.TwinAgainstDifferences(twin.Coral, gradient, x);
        AgreesWithTwin(new FeatureDistance.Coral(), distance, gradient, x, source, features, 1e-5 * distance);
        double report = new FeatureDistance.Coral().Between(LossCheck.Floats(x[..(source * features)]), LossCheck.Floats(x[(source * features)..]), features);
        Assert.Equal(distance, report, 1e-5 * distance);
    }

    [Fact]
    public void A_set_is_at_distance_zero_from_itself()
    {
        double[] half = Draw(33, 0, 6);
        double[] both = [.. half, .. half];
        Assert.Equal(0.0, Run(new FeatureDistance.Mmd(), both, 33, 6).Distance);
        (double coral, float[] gradient) = Run(new FeatureDistance.Coral(), both, 33, 6);
        Assert.Equal(0.0, coral);
        Assert.All(gradient, g => Assert.Equal(0f, g));
    }

    [Fact]
    public void The_covariance_distance_is_blind_to_a_shift_and_the_kernel_distance_is_not()
    {
        double[] half = Draw(40, 0, 5);
        double[] shifted = [.. half, .. half.Select(v => v + 2.0)];
        Assert.True(Run(new FeatureDistance.Coral(), shifted, 40, 5).Distance < 1e-10);
        Assert.True(Run(new FeatureDistance.Mmd(), shifted, 40, 5).Distance > 0.3);
        double[] wider = [.. half, .. half.Select(v => v * 2.0)];
        Assert.True(Run(new FeatureDistance.Coral(), wider, 40, 5).Distance > 0.1);
        Assert.True(Run(new FeatureDistance.Mmd(), wider, 40, 5).Distance > 0.02);
    }

    [Fact]
    public void The_reported_kernel_distance_is_about_zero_for_equal_distributions_and_the_biased_one_is_not()
    {
        var rng = new Rng(5);
        double reported = 0.0;
        double biased = 0.0;
        for (int trial = 0; trial < 40; trial++)
        {
            double[] x = LossCheck.Draw(40 * 3, ref rng);
            reported += new FeatureDistance.Mmd().Between(LossCheck.Floats(x[..60]), LossCheck.Floats(x[60..]), 3) / 40;
            biased += Run(new FeatureDistance.Mmd(), x, 20, 3).Distance / 40;
        }

        Assert.True(Math.Abs(reported) < 0.01, $"reported {reported}");
        Assert.True(biased > 0.03, $"biased {biased}");
    }

    [Fact]
    public void Equal_samples_have_no_distance_and_no_slope()
    {
        double[] x = [.. Enumerable.Repeat(3.0, 20 * 4)];
        foreach (FeatureDistance distance in new FeatureDistance[] { new FeatureDistance.Mmd(), new FeatureDistance.Coral() })
        {
            (double value, float[] gradient) = Run(distance, x, 8, 4);
            Assert.Equal(0.0, value);
            Assert.All(gradient, g => Assert.Equal(0f, g));
        }
    }

    [Fact]
    public void Where_most_pairs_are_equal_the_mean_takes_the_place_of_the_median()
    {
        double[] x = new double[20];
        x[3] = 1.0;
        x[15] = 2.0;
        var twin = new TwinDistances(10, 1);
        Assert.Equal(0.0, twin.MedianOf(x));
        double mean = Enumerable.Range(0, 20).SelectMany(i => Enumerable.Range(i + 1, 19 - i).Select(j => Math.Pow(x[i] - x[j], 2))).Average();
        Assert.Equal(twin.Mmd(x, mean, biased: true), Run(new FeatureDistance.Mmd(), x, 10, 1).Distance, 1e-6);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e30)]
    public void A_value_out_of_range_is_never_passed_over(double bad)
    {
        double[] x = Draw(6, 6, 3);
        x[7] = bad;
        double mmd = Run(new FeatureDistance.Mmd(), x, 6, 3).Distance;
        double coral = Run(new FeatureDistance.Coral(), x, 6, 3).Distance;

        // One sample very far away is a distance like any other to bounded kernels.
        Assert.Equal(double.IsFinite(bad), double.IsFinite(mmd));
        Assert.False(double.IsFinite(coral));
    }

    [Fact]
    public void Distances_and_slopes_are_the_same_bits_on_every_machine()
    {
        // Holds with DOTNET_EnableAVX2=0 and DOTNET_EnableHWIntrinsic=0 too.
        double[] x = Draw(33, 50, 7);
        (double mmd, float[] mmdSlopes) = Run(new FeatureDistance.Mmd(), x, 33, 7);
        (double coral, float[] coralSlopes) = Run(new FeatureDistance.Coral(), x, 33, 7);
        Assert.Equal("210B52EF1381A4C8", Tasks.HashOf([[(float)mmd, (float)coral], mmdSlopes, coralSlopes]));
    }

    [Fact]
    public void Gradients_are_added_and_weighted()
    {
        double[] x = Draw(5, 4, 3);
        float[] alone = Run(new FeatureDistance.Coral(), x, 5, 3).Gradient;
        float[] added = Run(new FeatureDistance.Coral(), x, 5, 3, weight: 0.5, already: 1f).Gradient;
        for (int i = 0; i < alone.Length; i++)
        {
            Assert.Equal(1f + 0.5f * alone[i], added[i], 1e-6f);
        }
    }

    [Fact]
    public void Sets_that_cannot_be_compared_are_refused()
    {
        Assert.Contains("at least 2 samples", Assert.Throws<ArgumentException>(() => new FeatureDistance.Mmd().Between([1f], [1f, 2f], 1)).Message, StringComparison.Ordinal);
        Assert.Contains("at least 2 samples", Assert.Throws<ArgumentException>(() => Run(new FeatureDistance.Coral(), [1.0, 2.0, 3.0], 2, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("at least 1 samples", Assert.Throws<ArgumentException>(() => Run(new FeatureDistance.Mmd(), [1.0, 2.0], 2, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("whole rows of 2", Assert.Throws<ArgumentException>(() => new FeatureDistance.Mmd().Between(new float[4], new float[5], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("at most 8192 rows", Assert.Throws<ArgumentException>(() => new FeatureDistance.Mmd().Between(new float[8000], new float[193], 1)).Message, StringComparison.Ordinal);
        Assert.Contains("found NaN at position 1", Assert.Throws<ArgumentException>(() => new FeatureDistance.Coral().Between([1f, float.NaN], [1f, 2f], 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_distance_allocates_nothing_after_its_first_batch()
    {
        foreach (FeatureDistance distance in new FeatureDistance[] { new FeatureDistance.Mmd(), new FeatureDistance.Coral() })
        {
            FeatureDistanceFunction function = distance.CreateFunction();
            var flow = new Flow(new LayerShape(2, 5));
            flow.Reserve(2);
            var pass = new Pass(100, Training: true, KernelForms.Best, default);
            Fill(flow, Draw(60, 40, 10), 100, 10);
            function.Run(flow, 60, pass, 0.1);
            Assert.Equal(0, AllocatedBytes.LeastOf(() =>
            {
                for (int i = 0; i < 15; i++)
                {
                    function.Run(flow, 60, pass, 0.1);
                }
            }));
        }
    }

    private static void AgreesWithTwin(FeatureDistance distance, double expected, double[] gradient, double[] x, int source, int features, double tolerance)
    {
        (double found, float[] slopes) = Run(distance, x, source, features);
        Assert.True(Math.Abs(expected - found) <= tolerance, $"distance: twin {expected:R}, found {found:R}");
        double scale = Math.Max(1e-6, gradient.Max(Math.Abs));
        for (int i = 0; i < gradient.Length; i++)
        {
            Assert.True(Math.Abs(gradient[i] - slopes[i]) <= 2e-5 * scale, $"[{i}]: twin {gradient[i]:R}, found {slopes[i]:R}, scale {scale:R}");
        }

        foreach (KernelForm form in new[] { KernelForm.Scalar, KernelForm.Vector512 })
        {
            (double again, float[] same) = Run(distance, x, source, features, form);
            Assert.Equal(BitConverter.DoubleToInt64Bits(found), BitConverter.DoubleToInt64Bits(again));
            Assert.Equal(slopes.Select(BitConverter.SingleToInt32Bits), same.Select(BitConverter.SingleToInt32Bits));
        }
    }

    private static (double Distance, float[] Gradient) Run(
        FeatureDistance distance, double[] x, int source, int features, KernelForm form = KernelForm.Vector256, double weight = 1.0, float already = 0f)
    {
        int count = x.Length / features;
        var flow = new Flow(new LayerShape(1, features));
        var pass = new Pass(count, Training: true, form, default);
        flow.Reserve(pass.Tiles);
        Fill(flow, x, count, features);
        float[] gradient = new float[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            At(flow.Gradient, i) = already;
        }

        double value = distance.CreateFunction().Run(flow, source, pass, weight);
        for (int i = 0; i < x.Length; i++)
        {
            gradient[i] = At(flow.Gradient, i);
        }

        return (value, gradient);

        ref float At(TileOf tileOf, int i) => ref tileOf(i / features / Tile.Width)[i % features * Tile.Width + i / features % Tile.Width];
    }

    private delegate float* TileOf(int tile);

    private static void Fill(Flow flow, double[] x, int count, int features)
    {
        for (int i = 0; i < count; i++)
        {
            for (int c = 0; c < features; c++)
            {
                flow.Values(i / Tile.Width)[c * Tile.Width + i % Tile.Width] = (float)x[i * features + c];
            }
        }
    }

    // The second set is wider and lies elsewhere.
    private static double[] Draw(int source, int target, int features)
    {
        var rng = new Rng((ulong)(source * 10_000 + target * 100 + features));
        double[] x = LossCheck.Draw((source + target) * features, ref rng);
        for (int i = source * features; i < x.Length; i++)
        {
            x[i] = (float)(0.7 + 1.5 * x[i]);
        }

        return x;
    }
}
