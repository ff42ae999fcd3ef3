using System.Runtime.InteropServices;
using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Tests.Kernels;

/// <summary>The vector form of every kernel gives the bits of its plain form.</summary>
public unsafe class KernelTests
{
    public static TheoryData<int> Lengths => [0, 1, 7, 8, 9, 1003];

    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(1008)]
    public void Horizontal_sums_are_the_same_bits(int count)
    {
        float[] values = Draw(count, 5);
        fixed (float* p = values)
        {
            float fast = LaneSum.Of(p, count, KernelForm.Vector256);
            Assert.Equal(BitConverter.SingleToInt32Bits(LaneSum.Of(p, count, KernelForm.Scalar)), BitConverter.SingleToInt32Bits(fast));
            Assert.Equal(values.Sum(v => (double)v), fast, 1e-3);
        }
    }

    [Theory]
    [InlineData(2, 64)]
    [InlineData(3, 60)]
    [InlineData(2, 1)]
    public void Softmax_and_its_gradient_are_the_same_bits(int classes, int count)
    {
        int lanes = Tile.RoundUp(count);
        float[] logits = [.. Draw(classes * 64, 8).Select(z => z * 20f)];
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % classes)];
        float[] weights = new float[64];
        float[] scales = new float[64];
        for (int i = 0; i < count; i++)
        {
            weights[i] = 1f + i % 3;
            scales[i] = weights[i] / 100f;
        }

        float[] fast = new float[classes * 64];
        float[] plain = new float[classes * 64];
        fixed (float* z = logits, w = weights, s = scales, f = fast, p = plain)
        {
            double fastLoss = SoftmaxCrossEntropy.Run(z, f, classes, count, lanes, labels, w, s, KernelForm.Vector256);
            double plainLoss = SoftmaxCrossEntropy.Run(z, p, classes, count, lanes, labels, w, s, KernelForm.Scalar);
            Assert.Equal(plainLoss, fastLoss);
            Assert.True(double.IsFinite(fastLoss) && fastLoss > 0);
        }

        AssertSameBits(plain, fast);
        Assert.DoesNotContain(fast, g => g != 0f && MathF.Abs(g) < SoftmaxCrossEntropy.GradientFloor);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Updates_are_the_same_bits(int count)
    {
        int[] keep = [.. Enumerable.Range(0, count).Select(i => i % 3 == 0 ? 0 : -1)];
        var adam = new Updates.AdamStep(1e-2f, 1e-2f, 0.7f, 0.9f, 0.999f, 0.1f, 0.001f, 1e-8f);
        var descent = new Updates.DescentStep(1e-2f, 1e-2f, 0.7f, 0.9f);
        foreach (bool masked in new[] { false, true })
        {
            float[][] plain = Updated(KernelForm.Scalar, masked);
            foreach (KernelForm form in new[] { KernelForm.Vector256, KernelForm.Vector512 })
            {
                float[][] fast = Updated(form, masked);
                for (int i = 0; i < 4; i++)
                {
                    AssertSameBits(plain[i], fast[i]);
                }
            }

            if (masked && count > 0)
            {
                Assert.Equal(0, BitConverter.SingleToInt32Bits(plain[0][0]));
            }
        }

        float[][] Updated(KernelForm form, bool masked)
        {
            float[][] arrays = [Draw(count, 9), Draw(count, 10), Draw(count, 11), [.. Draw(count, 12).Select(MathF.Abs)]];
            fixed (float* w = arrays[0], g = arrays[1], m = arrays[2], v = arrays[3])
            fixed (int* k = masked ? keep : null)
            {
                Updates.Adam(w, g, m, v, k, count, adam, form);
                Updates.Descent(w, g, m, k, count, descent, form);
            }

            return arrays;
        }
    }

    [Fact]
    public void Adam_is_the_formula_of_its_paper()
    {
        float[] w = [0.5f, -2f];
        float[] g = [0.3f, -1e-3f];
        float[] m = [0.2f, 0.1f];
        float[] v = [0.04f, 1e-6f];
        double[] expected = new double[2];
        for (int i = 0; i < 2; i++)
        {
            double mean = (0.9 * m[i] + 0.1 * g[i]) / (1 - 0.9 * 0.9 * 0.9);
            double square = (0.999 * v[i] + 0.001 * g[i] * g[i]) / (1 - 0.999 * 0.999 * 0.999);
            expected[i] = w[i] - 0.01 * 0.1 * w[i] - 0.01 * mean / (Math.Sqrt(square) + 1e-8);
        }

        var step = new Updates.AdamStep(0.01f, 0.1f, 1f, 0.9f, 0.999f, (float)(1 - 0.9 * 0.9 * 0.9), (float)(1 - 0.999 * 0.999 * 0.999), 1e-8f);
        fixed (float* pw = w, pg = g, pm = m, pv = v)
        {
            Updates.Adam(pw, pg, pm, pv, null, 2, step, KernelForm.Scalar);
        }

        Assert.Equal(expected[0], w[0], 1e-6);
        Assert.Equal(expected[1], w[1], 1e-6);
    }

    private static float[] Draw(int count, ulong seed)
    {
        var rng = new Rng(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)rng.NextGaussian())];
    }

    private static void AssertSameBits(float[] expected, float[] actual) =>
        Assert.True(MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(actual)));
}
