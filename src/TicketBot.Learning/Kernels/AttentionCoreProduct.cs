using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>The products inside attention: <c>C[i][j] = sum over k of A[i][k] * B[k][j]</c>, where every element is a lane group and lanes never meet. Each
/// element starts at zero and adds its products k ascending by fused multiply-add, so that blocks and widths cannot change a bit. Blocks of several rows
/// and columns exist because here both factors are loads: one element alone would need two loads per product.</summary>
internal static unsafe class AttentionCoreProduct
{
    /// <summary>Lanes that one element holds in a form.</summary>
    public static int LanesOf(KernelForm form) => form == KernelForm.Vector512 ? 16 : 8;

    public static void Run(AttentionCoreMatrix a, AttentionCoreMatrix b, AttentionCoreMatrix c, int rows, int columns, int inner, KernelForm form)
    {
        switch (form)
        {
            case KernelForm.Scalar:
                RunScalar(a, b, c, rows, columns, inner);
                break;
            case KernelForm.Vector256:
                RunEight(a, b, c, rows, columns, inner);
                break;
            default:
                RunSixteen(a, b, c, rows, columns, inner);
                break;
        }
    }

    private static void RunScalar(AttentionCoreMatrix a, AttentionCoreMatrix b, AttentionCoreMatrix c, int rows, int columns, int inner)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                for (int lane = 0; lane < 8; lane++)
                {
                    float sum = 0f;
                    for (int k = 0; k < inner; k++)
                    {
                        sum = MathF.FusedMultiplyAdd(a.At(i, k)[lane], b.At(k, j)[lane], sum);
                    }

                    c.At(i, j)[lane] = sum;
                }
            }
        }
    }

    private static void RunEight(AttentionCoreMatrix a, AttentionCoreMatrix b, AttentionCoreMatrix c, int rows, int columns, int inner)
    {
        int i = 0;
        for (; i + 4 <= rows; i += 4)
        {
            int j = 0;
            for (; j + 2 <= columns; j += 2)
            {
                FourByTwo(a.At(i, 0), a.Row, a.Column, b.At(0, j), b.Column, b.Row, c.At(i, j), c.Row, c.Column, inner);
            }

            if (j < columns)
            {
                FourByOne(a.At(i, 0), a.Row, a.Column, b.At(0, j), b.Row, c.At(i, j), c.Row, inner);
            }
        }

        // What is left is up to three rows: blocks lying the other way round, four columns of one row.
        for (; i < rows; i++)
        {
            int j = 0;
            for (; j + 4 <= columns; j += 4)
            {
                FourByOne(b.At(0, j), b.Column, b.Row, a.At(i, 0), a.Column, c.At(i, j), c.Column, inner);
            }

            for (; j < columns; j++)
            {
                One(a.At(i, 0), a.Column, b.At(0, j), b.Row, c.At(i, j), inner);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByTwo(float* a, nint aRow, nint aInner, float* b, nint bColumn, nint bInner, float* c, nint cRow, nint cColumn, int inner)
    {
        nint aRow2 = 2 * aRow;
        nint aRow3 = 3 * aRow;
        Vector256<float> s00 = Vector256<float>.Zero, s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
        for (int k = inner; k > 0; k--)
        {
            Vector256<float> y0 = Vector256.Load(b);
            Vector256<float> y1 = Vector256.Load(b + bColumn);
            Vector256<float> x = Vector256.Load(a);
            s00 = Vector256.FusedMultiplyAdd(x, y0, s00);
            s01 = Vector256.FusedMultiplyAdd(x, y1, s01);
            x = Vector256.Load(a + aRow);
            s10 = Vector256.FusedMultiplyAdd(x, y0, s10);
            s11 = Vector256.FusedMultiplyAdd(x, y1, s11);
            x = Vector256.Load(a + aRow2);
            s20 = Vector256.FusedMultiplyAdd(x, y0, s20);
            s21 = Vector256.FusedMultiplyAdd(x, y1, s21);
            x = Vector256.Load(a + aRow3);
            s30 = Vector256.FusedMultiplyAdd(x, y0, s30);
            s31 = Vector256.FusedMultiplyAdd(x, y1, s31);
            a += aInner;
            b += bInner;
        }

        s00.Store(c);
        s01.Store(c + cColumn);
        c += cRow;
        s10.Store(c);
        s11.Store(c + cColumn);
        c += cRow;
        s20.Store(c);
        s21.Store(c + cColumn);
        c += cRow;
        s30.Store(c);
        s31.Store(c + cColumn);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByOne(float* a, int aRow, int aInner, float* b, int bInner, float* c, int cRow, int inner)
    {
        float* a1 = a + aRow;
        float* a2 = a1 + aRow;
        float* a3 = a2 + aRow;
        Vector256<float> s0 = Vector256<float>.Zero, s1 = s0, s2 = s0, s3 = s0;
        for (int k = 0; k < inner; k++)
        {
            Vector256<float> y = Vector256.Load(b);
            s0 = Vector256.FusedMultiplyAdd(Vector256.Load(a), y, s0);
            s1 = Vector256.FusedMultiplyAdd(Vector256.Load(a1), y, s1);
            s2 = Vector256.FusedMultiplyAdd(Vector256.Load(a2), y, s2);
            s3 = Vector256.FusedMultiplyAdd(Vector256.Load(a3), y, s3);
            a += aInner;
            a1 += aInner;
            a2 += aInner;
            a3 += aInner;
            b += bInner;
        }

        s0.Store(c);
        s1.Store(c + cRow);
        s2.Store(c + 2 * cRow);
        s3.Store(c + 3 * cRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(float* a, int aInner, float* b, int bInner, float* c, int inner)
    {
        Vector256<float> sum = Vector256<float>.Zero;
        for (int k = 0; k < inner; k++)
        {
            sum = Vector256.FusedMultiplyAdd(Vector256.Load(a), Vector256.Load(b), sum);
            a += aInner;
            b += bInner;
        }

        sum.Store(c);
    }

    private static void RunSixteen(AttentionCoreMatrix a, AttentionCoreMatrix b, AttentionCoreMatrix c, int rows, int columns, int inner)
    {
        int i = 0;
        for (; i + 4 <= rows; i += 4)
        {
            int j = 0;
            for (; j + 4 <= columns; j += 4)
            {
                WideFourByFour(a.At(i, 0), a.Row, a.Column, b.At(0, j), b.Column, b.Row, c.At(i, j), c.Row, c.Column, inner);
            }

            for (; j < columns; j++)
            {
                WideFourByOne(a.At(i, 0), a.Row, a.Column, b.At(0, j), b.Row, c.At(i, j), c.Row, inner);
            }
        }

        for (; i < rows; i++)
        {
            int j = 0;
            for (; j + 4 <= columns; j += 4)
            {
                WideFourByOne(b.At(0, j), b.Column, b.Row, a.At(i, 0), a.Column, c.At(i, j), c.Column, inner);
            }

            for (; j < columns; j++)
            {
                WideOne(a.At(i, 0), a.Column, b.At(0, j), b.Row, c.At(i, j), inner);
            }
        }
    }

    // Sixteen sums fit only into the 32 registers of AVX-512.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WideFourByFour(float* a, int aRow, int aInner, float* b, int bColumn, int bInner, float* c, int cRow, int cColumn, int inner)
    {
        float* a1 = a + aRow;
        float* a2 = a1 + aRow;
        float* a3 = a2 + aRow;
        float* b1 = b + bColumn;
        float* b2 = b1 + bColumn;
        float* b3 = b2 + bColumn;
        Vector512<float> s00 = Vector512<float>.Zero, s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00, s13 = s00;
        Vector512<float> s20 = s00, s21 = s00, s22 = s00, s23 = s00, s30 = s00, s31 = s00, s32 = s00, s33 = s00;
        for (int k = 0; k < inner; k++)
        {
            Vector512<float> y0 = Vector512.Load(b);
            Vector512<float> y1 = Vector512.Load(b1);
            Vector512<float> y2 = Vector512.Load(b2);
            Vector512<float> y3 = Vector512.Load(b3);
            Vector512<float> x = Vector512.Load(a);
            s00 = Vector512.FusedMultiplyAdd(x, y0, s00);
            s01 = Vector512.FusedMultiplyAdd(x, y1, s01);
            s02 = Vector512.FusedMultiplyAdd(x, y2, s02);
            s03 = Vector512.FusedMultiplyAdd(x, y3, s03);
            x = Vector512.Load(a1);
            s10 = Vector512.FusedMultiplyAdd(x, y0, s10);
            s11 = Vector512.FusedMultiplyAdd(x, y1, s11);
            s12 = Vector512.FusedMultiplyAdd(x, y2, s12);
            s13 = Vector512.FusedMultiplyAdd(x, y3, s13);
            x = Vector512.Load(a2);
            s20 = Vector512.FusedMultiplyAdd(x, y0, s20);
            s21 = Vector512.FusedMultiplyAdd(x, y1, s21);
            s22 = Vector512.FusedMultiplyAdd(x, y2, s22);
            s23 = Vector512.FusedMultiplyAdd(x, y3, s23);
            x = Vector512.Load(a3);
            s30 = Vector512.FusedMultiplyAdd(x, y0, s30);
            s31 = Vector512.FusedMultiplyAdd(x, y1, s31);
            s32 = Vector512.FusedMultiplyAdd(x, y2, s32);
            s33 = Vector512.FusedMultiplyAdd(x, y3, s33);
            a += aInner;
            a1 += aInner;
            a2 += aInner;
            a3 += aInner;
            b += bInner;
            b1 += bInner;
            b2 += bInner;
            b3 += bInner;
        }

        StoreFour(c, cColumn, s00, s01, s02, s03);
        StoreFour(c + cRow, cColumn, s10, s11, s12, s13);
        StoreFour(c + 2 * cRow, cColumn, s20, s21, s22, s23);
        StoreFour(c + 3 * cRow, cColumn, s30, s31, s32, s33);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreFour(float* c, int step, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3)
    {
        s0.Store(c);
        s1.Store(c + step);
        s2.Store(c + 2 * step);
        s3.Store(c + 3 * step);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WideFourByOne(float* a, int aRow, int aInner, float* b, int bInner, float* c, int cRow, int inner)
    {
        float* a1 = a + aRow;
        float* a2 = a1 + aRow;
        float* a3 = a2 + aRow;
        Vector512<float> s0 = Vector512<float>.Zero, s1 = s0, s2 = s0, s3 = s0;
        for (int k = 0; k < inner; k++)
        {
            Vector512<float> y = Vector512.Load(b);
            s0 = Vector512.FusedMultiplyAdd(Vector512.Load(a), y, s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Load(a1), y, s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.Load(a2), y, s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.Load(a3), y, s3);
            a += aInner;
            a1 += aInner;
            a2 += aInner;
            a3 += aInner;
            b += bInner;
        }

        StoreFour(c, cRow, s0, s1, s2, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WideOne(float* a, int aInner, float* b, int bInner, float* c, int inner)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        for (int k = 0; k < inner; k++)
        {
            sum = Vector512.FusedMultiplyAdd(Vector512.Load(a), Vector512.Load(b), sum);
            a += aInner;
            b += bInner;
        }

        sum.Store(c);
    }
}
