using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>The last 32 or 16 lanes of a product in registers of 16 lanes, where lanes are inputs of a weight gradient; blocks of 6 rows.</summary>
internal static unsafe class NarrowProduct512
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int SixRowsOf32(in ProductBlock p, int first, int lane)
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
            Vector512<float> s00, s01;
            Vector512<float> s10, s11;
            Vector512<float> s20, s21;
            Vector512<float> s30, s31;
            Vector512<float> s40, s41;
            Vector512<float> s50, s51;
            if (p.Start != null)
            {
                float* start = p.Start + m;
                s00 = s01 = Vector512.Create(start[0]);
                s10 = s11 = Vector512.Create(start[1]);
                s20 = s21 = Vector512.Create(start[2]);
                s30 = s31 = Vector512.Create(start[3]);
                s40 = s41 = Vector512.Create(start[4]);
                s50 = s51 = Vector512.Create(start[5]);
            }
            else
            {
                s00 = Vector512.Load(c);
                s01 = Vector512.Load(c + 16);
                s10 = Vector512.Load(c1);
                s11 = Vector512.Load(c1 + 16);
                s20 = Vector512.Load(c2);
                s21 = Vector512.Load(c2 + 16);
                s30 = Vector512.Load(c3);
                s31 = Vector512.Load(c3 + 16);
                s40 = Vector512.Load(c4);
                s41 = Vector512.Load(c4 + 16);
                s50 = Vector512.Load(c5);
                s51 = Vector512.Load(c5 + 16);
            }

            float* a = p.A + m * p.RowStride;
            float* b = a + 3 * row;
            float* x = p.X + lane;
            for (int k = p.Inner; k > 0; k--)
            {
                Vector512<float> x0 = Vector512.Load(x);
                Vector512<float> x1 = Vector512.Load(x + 16);
                Vector512<float> w = Vector512.Create(*a);
                s00 = Vector512.FusedMultiplyAdd(w, x0, s00);
                s01 = Vector512.FusedMultiplyAdd(w, x1, s01);
                w = Vector512.Create(a[row]);
                s10 = Vector512.FusedMultiplyAdd(w, x0, s10);
                s11 = Vector512.FusedMultiplyAdd(w, x1, s11);
                w = Vector512.Create(a[2 * row]);
                s20 = Vector512.FusedMultiplyAdd(w, x0, s20);
                s21 = Vector512.FusedMultiplyAdd(w, x1, s21);
                w = Vector512.Create(*b);
                s30 = Vector512.FusedMultiplyAdd(w, x0, s30);
                s31 = Vector512.FusedMultiplyAdd(w, x1, s31);
                w = Vector512.Create(b[row]);
                s40 = Vector512.FusedMultiplyAdd(w, x0, s40);
                s41 = Vector512.FusedMultiplyAdd(w, x1, s41);
                w = Vector512.Create(b[2 * row]);
                s50 = Vector512.FusedMultiplyAdd(w, x0, s50);
                s51 = Vector512.FusedMultiplyAdd(w, x1, s51);
                a += inner;
                b += inner;
                x += next;
            }

            s00.Store(c);
            s01.Store(c + 16);
            s10.Store(c1);
            s11.Store(c1 + 16);
            s20.Store(c2);
            s21.Store(c2 + 16);
            s30.Store(c3);
            s31.Store(c3 + 16);
            s40.Store(c4);
            s41.Store(c4 + 16);
            s50.Store(c5);
            s51.Store(c5 + 16);
        }

        return m;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int SixRowsOf16(in ProductBlock p, int first, int lane)
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
            Vector512<float> s00;
            Vector512<float> s10;
            Vector512<float> s20;
            Vector512<float> s30;
            Vector512<float> s40;
            Vector512<float> s50;
            if (p.Start != null)
            {
                float* start = p.Start + m;
                s00 = Vector512.Create(start[0]);
                s10 = Vector512.Create(start[1]);
                s20 = Vector512.Create(start[2]);
                s30 = Vector512.Create(start[3]);
                s40 = Vector512.Create(start[4]);
                s50 = Vector512.Create(start[5]);
            }
            else
            {
                s00 = Vector512.Load(c);
                s10 = Vector512.Load(c1);
                s20 = Vector512.Load(c2);
                s30 = Vector512.Load(c3);
                s40 = Vector512.Load(c4);
                s50 = Vector512.Load(c5);
            }

            float* a = p.A + m * p.RowStride;
            float* b = a + 3 * row;
            float* x = p.X + lane;
            for (int k = p.Inner; k > 0; k--)
            {
                Vector512<float> x0 = Vector512.Load(x);
                Vector512<float> w = Vector512.Create(*a);
                s00 = Vector512.FusedMultiplyAdd(w, x0, s00);
                w = Vector512.Create(a[row]);
                s10 = Vector512.FusedMultiplyAdd(w, x0, s10);
                w = Vector512.Create(a[2 * row]);
                s20 = Vector512.FusedMultiplyAdd(w, x0, s20);
                w = Vector512.Create(*b);
                s30 = Vector512.FusedMultiplyAdd(w, x0, s30);
                w = Vector512.Create(b[row]);
                s40 = Vector512.FusedMultiplyAdd(w, x0, s40);
                w = Vector512.Create(b[2 * row]);
                s50 = Vector512.FusedMultiplyAdd(w, x0, s50);
                a += inner;
                b += inner;
                x += next;
            }

            s00.Store(c);
            s10.Store(c1);
            s20.Store(c2);
            s30.Store(c3);
            s40.Store(c4);
            s50.Store(c5);
        }

        return m;
    }
}
