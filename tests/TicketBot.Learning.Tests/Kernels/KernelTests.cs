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
            float[][] fast = [Draw(count, 9), Draw(count, 10), Draw(count, 11), [.. Draw(count, 12).Select(MathF.Abs)]];
            float[][] plain = [.. fast.Select(values => (float[])values.Clone())];
            foreach (float[][] arrays in new[] { fast, plain })
            {
                KernelForm form = ReferenceEquals(arrays, plain) ? KernelForm.Scalar : KernelForm.Vector256;
                fixed (float* w = arrays[0], g = arrays[1], m = arrays[2], v = arrays[3])
                fixed (int* k = masked ? keep : null)
                {
                    Updates.Adam(w, g, m, v, k, count, adam, form);
                    Updates.Descent(w, g, m, k, count, descent, form);
                }
            }

            for (int i = 0; i < 4; i++)
            {
                AssertSameBits(plain[i], fast[i]);
            }

            if (masked && count > 0)
            {
                Assert.Equal(0, BitConverter.SingleToInt32Bits(fast[0][0]));
            }
        }
    }

    private static float[] Draw(int count, ulong seed)
    {
        var rng = new Rng(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)rng.NextGaussian())];
    }

    private static void AssertSameBits(float[] expected, float[] actual) =>
        Assert.True(MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(actual)));
}
