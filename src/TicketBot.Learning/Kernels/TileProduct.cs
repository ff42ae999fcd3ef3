using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>The one matrix product of the room: <c>C[m][lane] = start + sum over k of A[m,k] * X[k][lane]</c>. Lanes are samples (forward,
/// input gradient) or inputs (weight gradient). Every element starts from its start value and adds its products with k ascending by
/// fused multiply-add, so vector width, blocking and machine cannot change a bit. Lane counts are multiples of 16; there is no remainder.</summary>
internal static unsafe class TileProduct
{
    /// <summary>Runs the product.</summary>
    /// <param name="a">Element (m, k) lies at <c>a[m * rowStride + k * innerStride]</c>.</param>
    /// <param name="rowStride">Step between rows of A.</param>
    /// <param name="innerStride">Step between k of A.</param>
    /// <param name="x"><c>[inner][xStride]</c>.</param>
    /// <param name="xStride">Step between rows of X.</param>
    /// <param name="start">Start value per row, or null to continue from what C holds.</param>
    /// <param name="c"><c>[rows][cStride]</c>.</param>
    /// <param name="cStride">Step between rows of C.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="inner">Length of the sums.</param>
    /// <param name="lanes">Columns, a multiple of 16.</param>
    /// <param name="form">Which form runs.</param>
    public static void Run(float* a, int rowStride, int innerStride, float* x, int xStride, float* start, float* c, int cStride, int rows, int inner, int lanes, KernelForm form)
    {
        if (form == KernelForm.Scalar)
        {
            RunScalar(a, rowStride, innerStride, x, xStride, start, c, cStride, rows, inner, lanes);
            return;
        }

        int m = 0;
        for (; m + 4 <= rows; m += 4)
        {
            RunFourRows(a + (long)m * rowStride, rowStride, innerStride, x, xStride, start == null ? null : start + m, c + (long)m * cStride, cStride, inner, lanes);
        }

        for (; m < rows; m++)
        {
            RunOneRow(a + (long)m * rowStride, innerStride, x, xStride, start == null ? null : start + m, c + (long)m * cStride, inner, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunFourRows(float* a, int rowStride, int innerStride, float* x, int xStride, float* start, float* c, int cStride, int inner, int lanes)
    {
        float* c1 = c + cStride;
        float* c2 = c1 + cStride;
        float* c3 = c2 + cStride;
        for (int lane = 0; lane < lanes; lane += 16)
        {
            Vector256<float> s00, s01, s10, s11, s20, s21, s30, s31;
            if (start != null)
            {
                s00 = s01 = Vector256.Create(start[0]);
                s10 = s11 = Vector256.Create(start[1]);
                s20 = s21 = Vector256.Create(start[2]);
                s30 = s31 = Vector256.Create(start[3]);
            }
            else
            {
                s00 = Vector256.Load(c + lane);
                s01 = Vector256.Load(c + lane + 8);
                s10 = Vector256.Load(c1 + lane);
                s11 = Vector256.Load(c1 + lane + 8);
                s20 = Vector256.Load(c2 + lane);
                s21 = Vector256.Load(c2 + lane + 8);
                s30 = Vector256.Load(c3 + lane);
                s31 = Vector256.Load(c3 + lane + 8);
            }

            float* a0 = a;
            float* a1 = a0 + rowStride;
            float* a2 = a1 + rowStride;
            float* a3 = a2 + rowStride;
            float* from = x + lane;
            for (int k = 0; k < inner; k++)
            {
                Vector256<float> x0 = Vector256.Load(from);
                Vector256<float> x1 = Vector256.Load(from + 8);
                Vector256<float> w = Vector256.Create(*a0);
                s00 = Vector256.FusedMultiplyAdd(w, x0, s00);
                s01 = Vector256.FusedMultiplyAdd(w, x1, s01);
                w = Vector256.Create(*a1);
                s10 = Vector256.FusedMultiplyAdd(w, x0, s10);
                s11 = Vector256.FusedMultiplyAdd(w, x1, s11);
                w = Vector256.Create(*a2);
                s20 = Vector256.FusedMultiplyAdd(w, x0, s20);
                s21 = Vector256.FusedMultiplyAdd(w, x1, s21);
                w = Vector256.Create(*a3);
                s30 = Vector256.FusedMultiplyAdd(w, x0, s30);
                s31 = Vector256.FusedMultiplyAdd(w, x1, s31);
                a0 += innerStride;
                a1 += innerStride;
                a2 += innerStride;
                a3 += innerStride;
                from += xStride;
            }

            s00.Store(c + lane);
            s01.Store(c + lane + 8);
            s10.Store(c1 + lane);
            s11.Store(c1 + lane + 8);
            s20.Store(c2 + lane);
            s21.Store(c2 + lane + 8);
            s30.Store(c3 + lane);
            s31.Store(c3 + lane + 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunOneRow(float* a, int innerStride, float* x, int xStride, float* start, float* c, int inner, int lanes)
    {
        for (int lane = 0; lane < lanes; lane += 16)
        {
            Vector256<float> s0 = start != null ? Vector256.Create(*start) : Vector256.Load(c + lane);
            Vector256<float> s1 = start != null ? s0 : Vector256.Load(c + lane + 8);
            float* w = a;
            float* from = x + lane;
            for (int k = 0; k < inner; k++)
            {
                Vector256<float> weight = Vector256.Create(*w);
                s0 = Vector256.FusedMultiplyAdd(weight, Vector256.Load(from), s0);
                s1 = Vector256.FusedMultiplyAdd(weight, Vector256.Load(from + 8), s1);
                w += innerStride;
                from += xStride;
            }

            s0.Store(c + lane);
            s1.Store(c + lane + 8);
        }
    }

    private static void RunScalar(float* a, int rowStride, int innerStride, float* x, int xStride, float* start, float* c, int cStride, int rows, int inner, int lanes)
    {
        for (int m = 0; m < rows; m++)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                float sum = start != null ? start[m] : c[(long)m * cStride + lane];
                for (int k = 0; k < inner; k++)
                {
                    sum = MathF.FusedMultiplyAdd(a[(long)m * rowStride + (long)k * innerStride], x[(long)k * xStride + lane], sum);
                }

                c[(long)m * cStride + lane] = sum;
            }
        }
    }
}
