using System.Runtime.InteropServices;
using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Tests.Kernels;

/// <summary>Every vector form of the product gives the bits of its plain form: all remainders of rows and lanes, A by rows and by columns, sums that fit one
/// block of k and sums that do not, strides with and without a gap.</summary>
public unsafe class TileProductTests
{
    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            var data = new TheoryData<int, int, int>();
            for (int rows = 1; rows <= 13; rows++)
            {
                data.Add(rows, 9, 16 * (1 + rows % 4));
            }

            data.Add(6, 1, 128);
            data.Add(4, 24, 64);
            data.Add(24, 129, 48);
            data.Add(27, 513, 64);
            data.Add(65, 130, 64);
            data.Add(101, 260, 112);
            data.Add(257, 17, 80);
            data.Add(260, 300, 16);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Products_are_the_same_bits(int rows, int inner, int lanes)
    {
        int stride = lanes + 16 * (rows % 2);
        float[] a = Draw(rows * inner, 1);
        float[] x = Draw(inner * stride, 2);
        float[] start = Draw(rows, 3);
        foreach (bool continues in new[] { false, true })
        {
            foreach (bool byColumns in new[] { false, true })
            {
                float[] plain = Product(KernelForm.Scalar);
                AssertSameBits(plain, Product(KernelForm.Vector256));
                AssertSameBits(plain, Product(KernelForm.Vector512));
                Assert.NotEqual(Draw(rows * stride, 4), plain);

                float[] Product(KernelForm form)
                {
                    float[] c = Draw(rows * stride, 4);
                    fixed (float* pa = a, px = x, ps = start, pc = c)
                    {
                        TileProduct.Run(pa, byColumns ? 1 : inner, byColumns ? rows : 1, px, stride, continues ? null : ps, pc, stride, rows, inner, lanes, form);
                    }

                    return c;
                }
            }
        }
    }

    [Theory]
    [InlineData(KernelForm.Scalar)]
    [InlineData(KernelForm.Vector256)]
    [InlineData(KernelForm.Vector512)]
    internal void An_element_is_its_start_value_and_its_products_in_order(KernelForm form)
    {
        // Rounding after every product tells the order: 2^24 + 1 is no float.
        float[] a = [1f, 1f, 1f];
        float[] x = new float[3 * 16];
        Array.Fill(x, 16_777_216f, 0, 16);
        Array.Fill(x, 1f, 16, 16);
        Array.Fill(x, -16_777_216f, 32, 16);
        float[] start = [0.5f];
        float[] c = new float[16];
        fixed (float* pa = a, px = x, ps = start, pc = c)
        {
            TileProduct.Run(pa, 3, 1, px, 16, ps, pc, 16, 1, 3, 16, form);
        }

        Assert.All(c, value => Assert.Equal(0f, value));
    }

    [Theory]
    [InlineData(KernelForm.Scalar)]
    [InlineData(KernelForm.Vector256)]
    [InlineData(KernelForm.Vector512)]
    internal void A_transposed_product_reads_by_columns(KernelForm form)
    {
        float[] a = [1, 2, 3, 4, 5, 6]; // [2][3] read as its transpose [3][2].
        float[] x = new float[2 * 16];
        Array.Fill(x, 1f, 0, 16);
        Array.Fill(x, 10f, 16, 16);
        float[] zero = new float[3];
        float[] c = new float[3 * 16];
        fixed (float* pa = a, px = x, ps = zero, pc = c)
        {
            TileProduct.Run(pa, 1, 3, px, 16, ps, pc, 16, 3, 2, 16, form);
        }

        Assert.Equal([41f, 52f, 63f], [c[0], c[16], c[32 + 15]]);
    }

    private static float[] Draw(int count, ulong seed)
    {
        var rng = new Rng(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)rng.NextGaussian())];
    }

    private static void AssertSameBits(float[] expected, float[] actual) =>
        Assert.True(MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(actual)));
}
