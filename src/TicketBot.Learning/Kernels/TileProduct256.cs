using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>The product in registers of 8 lanes: blocks of 6 rows x 16 lanes, whose 12 sums in flight hide the latency of the multiply-add and leave four
/// registers for X and A; what remains of the rows goes by 4, then by 3, 2 or 1 x 32 lanes. A block of lanes runs down all rows before the next, so that its
/// slice of X stays in the first-level cache.</summary>
internal static unsafe class TileProduct256
{
    public static void Run(in ProductBlock p, int first, int lanes)
    {
        int m = first;
        for (int lane = 0; lane < lanes; lane += 16)
        {
            m = FourRows(p, SixRows(p, first, lane), lane);
        }

        int left = p.Rows - m;
        if (left == 0)
        {
            return;
        }

        int wide = lanes & ~31;
        for (int lane = 0; lane < wide; lane += 32)
        {
            switch (left)
            {
                case 3:
                    ThinProduct256.ThreeRows(p, m, lane);
                    break;
                case 2:
                    ThinProduct256.TwoRows(p, m, lane);
                    break;
                default:
                    ThinProduct256.OneRow(p, m, lane);
                    break;
            }
        }

        if (wide < lanes)
        {
            ThinProduct256.OneNarrowRow(p, m, wide);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int SixRows(in ProductBlock p, int first, int lane)
    {
        nint row = p.RowStride;
        nint inner = p.InnerStride;
        nint next = p.XStride;
        int m = first;
        for (; m + 6 <= p.Rows; m += 6)
        {
            float* c = p.C + m * p.CStride + lane;
            float* c1 = c + p.CStride;
            float* c2 = c1 + p.CStride;
            float* c3 = c2 + p.CStride;
            float* c4 = c3 + p.CStride;
            float* c5 = c4 + p.CStride;
            Vector256<float> s00, s01;
            Vector256<float> s10, s11;
            Vector256<float> s20, s21;
            Vector256<float> s30, s31;
            Vector256<float> s40, s41;
            Vector256<float> s50, s51;
            if (p.Start != null)
            {
                float* start = p.Start + m;
                s00 = s01 = Vector256.Create(start[0]);
                s10 = s11 = Vector256.Create(start[1]);
                s20 = s21 = Vector256.Create(start[2]);
                s30 = s31 = Vector256.Create(start[3]);
                s40 = s41 = Vector256.Create(start[4]);
                s50 = s51 = Vector256.Create(start[5]);
            }
            else
            {
                s00 = Vector256.Load(c);
                s01 = Vector256.Load(c + 8);
                s10 = Vector256.Load(c1);
                s11 = Vector256.Load(c1 + 8);
                s20 = Vector256.Load(c2);
                s21 = Vector256.Load(c2 + 8);
                s30 = Vector256.Load(c3);
                s31 = Vector256.Load(c3 + 8);
                s40 = Vector256.Load(c4);
                s41 = Vector256.Load(c4 + 8);
                s50 = Vector256.Load(c5);
                s51 = Vector256.Load(c5 + 8);
            }

            float* a = p.A + m * p.RowStride;
            float* b = a + 3 * row;
            float* x = p.X + lane;
            for (int k = p.Inner; k > 0; k--)
            {
                Vector256<float> x0 = Vector256.Load(x);
                Vector256<float> x1 = Vector256.Load(x + 8);
                Vector256<float> w = Vector256.Create(*a);
                s00 = Vector256.FusedMultiplyAdd(w, x0, s00);
                s01 = Vector256.FusedMultiplyAdd(w, x1, s01);
                w = Vector256.Create(a[row]);
                s10 = Vector256.FusedMultiplyAdd(w, x0, s10);
                s11 = Vector256.FusedMultiplyAdd(w, x1, s11);
                w = Vector256.Create(a[2 * row]);
                s20 = Vector256.FusedMultiplyAdd(w, x0, s20);
                s21 = Vector256.FusedMultiplyAdd(w, x1, s21);
                w = Vector256.Create(*b);
                s30 = Vector256.FusedMultiplyAdd(w, x0, s30);
                s31 = Vector256.FusedMultiplyAdd(w, x1, s31);
                w = Vector256.Create(b[row]);
                s40 = Vector256.FusedMultiplyAdd(w, x0, s40);
                s41 = Vector256.FusedMultiplyAdd(w, x1, s41);
                w = Vector256.Create(b[2 * row]);
                s50 = Vector256.FusedMultiplyAdd(w, x0, s50);
                s51 = Vector256.FusedMultiplyAdd(w, x1, s51);
                a += inner;
                b += inner;
                x += next;
            }

            s00.Store(c);
            s01.Store(c + 8);
            s10.Store(c1);
            s11.Store(c1 + 8);
            s20.Store(c2);
            s21.Store(c2 + 8);
            s30.Store(c3);
            s31.Store(c3 + 8);
            s40.Store(c4);
            s41.Store(c4 + 8);
            s50.Store(c5);
            s51.Store(c5 + 8);
        }

        return m;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FourRows(in ProductBlock p, int first, int lane)
    {
        nint row = p.RowStride;
        nint inner = p.InnerStride;
        nint next = p.XStride;
        int m = first;
        for (; m + 4 <= p.Rows; m += 4)
        {
            float* c = p.C + m * p.CStride + lane;
            float* c1 = c + p.CStride;
            float* c2 = c1 + p.CStride;
            float* c3 = c2 + p.CStride;
            Vector256<float> s00, s01;
            Vector256<float> s10, s11;
            Vector256<float> s20, s21;
            Vector256<float> s30, s31;
            if (p.Start != null)
            {
                float* start = p.Start + m;
                s00 = s01 = Vector256.Create(start[0]);
                s10 = s11 = Vector256.Create(start[1]);
                s20 = s21 = Vector256.Create(start[2]);
                s30 = s31 = Vector256.Create(start[3]);
            }
            else
            {
                s00 = Vector256.Load(c);
                s01 = Vector256.Load(c + 8);
                s10 = Vector256.Load(c1);
                s11 = Vector256.Load(c1 + 8);
                s20 = Vector256.Load(c2);
                s21 = Vector256.Load(c2 + 8);
                s30 = Vector256.Load(c3);
                s31 = Vector256.Load(c3 + 8);
            }

            float* a = p.A + m * p.RowStride;
            float* b = a + 3 * row;
            float* x = p.X + lane;
            for (int k = p.Inner; k > 0; k--)
            {
                Vector256<float> x0 = Vector256.Load(x);
                Vector256<float> x1 = Vector256.Load(x + 8);
                Vector256<float> w = Vector256.Create(*a);
                s00 = Vector256.FusedMultiplyAdd(w, x0, s00);
                s01 = Vector256.FusedMultiplyAdd(w, x1, s01);
                w = Vector256.Create(a[row]);
                s10 = Vector256.FusedMultiplyAdd(w, x0, s10);
                s11 = Vector256.FusedMultiplyAdd(w, x1, s11);
                w = Vector256.Create(a[2 * row]);
                s20 = Vector256.FusedMultiplyAdd(w, x0, s20);
                s21 = Vector256.FusedMultiplyAdd(w, x1, s21);
                w = Vector256.Create(*b);
                s30 = Vector256.FusedMultiplyAdd(w, x0, s30);
                s31 = Vector256.FusedMultiplyAdd(w, x1, s31);
                a += inner;
                b += inner;
                x += next;
            }

            s00.Store(c);
            s01.Store(c + 8);
            s10.Store(c1);
            s11.Store(c1 + 8);
            s20.Store(c2);
            s21.Store(c2 + 8);
            s30.Store(c3);
            s31.Store(c3 + 8);
        }

        return m;
    }
}
