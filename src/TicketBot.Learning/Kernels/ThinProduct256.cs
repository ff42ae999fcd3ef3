using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>The last one to three rows of a product in registers of 8 lanes: few rows, so more lanes keep the multiply-adds in flight.</summary>
internal static unsafe class ThinProduct256
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ThreeRows(in ProductBlock p, int first, int lane)
    {
        nint row = p.RowStride;
        nint inner = p.InnerStride;
        nint next = p.XStride;
        int m = first;
        for (; m + 3 <= p.Rows; m += 3)
        {
            float* c = p.C + m * p.CStride + lane;
            float* c1 = c + p.CStride;
            float* c2 = c1 + p.CStride;
            Vector256<float> s00, s01, s02, s03;
            Vector256<float> s10, s11, s12, s13;
            Vector256<float> s20, s21, s22, s23;
            if (p.Start != null)
            {
                float* start = p.Start + m;
                s00 = s01 = s02 = s03 = Vector256.Create(start[0]);
                s10 = s11 = s12 = s13 = Vector256.Create(start[1]);
                s20 = s21 = s22 = s23 = Vector256.Create(start[2]);
            }
            else
            {
                s00 = Vector256.Load(c);
                s01 = Vector256.Load(c + 8);
                s02 = Vector256.Load(c + 16);
                s03 = Vector256.Load(c + 24);
                s10 = Vector256.Load(c1);
                s11 = Vector256.Load(c1 + 8);
                s12 = Vector256.Load(c1 + 16);
                s13 = Vector256.Load(c1 + 24);
                s20 = Vector256.Load(c2);
                s21 = Vector256.Load(c2 + 8);
                s22 = Vector256.Load(c2 + 16);
                s23 = Vector256.Load(c2 + 24);
            }

            float* a = p.A + m * p.RowStride;
            float* x = p.X + lane;
            for (int k = p.Inner; k > 0; k--)
            {
                Vector256<float> x0 = Vector256.Load(x);
                Vector256<float> x1 = Vector256.Load(x + 8);
                Vector256<float> x2 = Vector256.Load(x + 16);
                Vector256<float> x3 = Vector256.Load(x + 24);
                Vector256<float> w = Vector256.Create(*a);
                s00 = Vector256.FusedMultiplyAdd(w, x0, s00);
                s01 = Vector256.FusedMultiplyAdd(w, x1, s01);
                s02 = Vector256.FusedMultiplyAdd(w, x2, s02);
                s03 = Vector256.FusedMultiplyAdd(w, x3, s03);
                w = Vector256.Create(a[row]);
                s10 = Vector256.FusedMultiplyAdd(w, x0, s10);
                s11 = Vector256.FusedMultiplyAdd(w, x1, s11);
                s12 = Vector256.FusedMultiplyAdd(w, x2, s12);
                s13 = Vector256.FusedMultiplyAdd(w, x3, s13);
                w = Vector256.Create(a[2 * row]);
                s20 = Vector256.FusedMultiplyAdd(w, x0, s20);
                s21 = Vector256.FusedMultiplyAdd(w, x1, s21);
                s22 = Vector256.FusedMultiplyAdd(w, x2, s22);
                s23 = Vector256.FusedMultiplyAdd(w, x3, s23);
                a += inner;
                x += next;
            }

            s00.Store(c);
            s01.Store(c + 8);
            s02.Store(c + 16);
            s03.Store(c + 24);
            s10.Store(c1);
            s11.Store(c1 + 8);
            s12.Store(c1 + 16);
            s13.Store(c1 + 24);
            s20.Store(c2);
            s21.Store(c2 + 8);
            s22.Store(c2 + 16);
            s23.Store(c2 + 24);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoRows(in ProductBlock p, int first, int lane)
    {
        nint row = p.RowStride;
        nint inner = p.InnerStride;
        nint next = p.XStride;
        int m = first;
        for (; m + 2 <= p.Rows; m += 2)
        {
            float* c = p.C + m * p.CStride + lane;
            float* c1 = c + p.CStride;
            Vector256<float> s00, s01, s02, s03;
            Vector256<float> s10, s11, s12, s13;
            if (p.Start != null)
            {
                float* start = p.Start + m;
                s00 = s01 = s02 = s03 = Vector256.Create(start[0]);
                s10 = s11 = s12 = s13 = Vector256.Create(start[1]);
            }
            else
            {
                s00 = Vector256.Load(c);
                s01 = Vector256.Load(c + 8);
                s02 = Vector256.Load(c + 16);
                s03 = Vector256.Load(c + 24);
                s10 = Vector256.Load(c1);
                s11 = Vector256.Load(c1 + 8);
                s12 = Vector256.Load(c1 + 16);
                s13 = Vector256.Load(c1 + 24);
            }

            float* a = p.A + m * p.RowStride;
            float* x = p.X + lane;
            for (int k = p.Inner; k > 0; k--)
            {
                Vector256<float> x0 = Vector256.Load(x);
                Vector256<float> x1 = Vector256.Load(x + 8);
                Vector256<float> x2 = Vector256.Load(x + 16);
                Vector256<float> x3 = Vector256.Load(x + 24);
                Vector256<float> w = Vector256.Create(*a);
                s00 = Vector256.FusedMultiplyAdd(w, x0, s00);
                s01 = Vector256.FusedMultiplyAdd(w, x1, s01);
                s02 = Vector256.FusedMultiplyAdd(w, x2, s02);
                s03 = Vector256.FusedMultiplyAdd(w, x3, s03);
                w = Vector256.Create(a[row]);
                s10 = Vector256.FusedMultiplyAdd(w, x0, s10);
                s11 = Vector256.FusedMultiplyAdd(w, x1, s11);
                s12 = Vector256.FusedMultiplyAdd(w, x2, s12);
                s13 = Vector256.FusedMultiplyAdd(w, x3, s13);
                a += inner;
                x += next;
            }

            s00.Store(c);
            s01.Store(c + 8);
            s02.Store(c + 16);
            s03.Store(c + 24);
            s10.Store(c1);
            s11.Store(c1 + 8);
            s12.Store(c1 + 16);
            s13.Store(c1 + 24);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneRow(in ProductBlock p, int first, int lane)
    {
        nint inner = p.InnerStride;
        nint next = p.XStride;
        int m = first;
        for (; m + 1 <= p.Rows; m += 1)
        {
            float* c = p.C + m * p.CStride + lane;
            Vector256<float> s00, s01, s02, s03;
            if (p.Start != null)
            {
                float* start = p.Start + m;
                s00 = s01 = s02 = s03 = Vector256.Create(start[0]);
            }
            else
            {
                s00 = Vector256.Load(c);
                s01 = Vector256.Load(c + 8);
                s02 = Vector256.Load(c + 16);
                s03 = Vector256.Load(c + 24);
            }

            float* a = p.A + m * p.RowStride;
            float* x = p.X + lane;
            for (int k = p.Inner; k > 0; k--)
            {
                Vector256<float> x0 = Vector256.Load(x);
                Vector256<float> x1 = Vector256.Load(x + 8);
                Vector256<float> x2 = Vector256.Load(x + 16);
                Vector256<float> x3 = Vector256.Load(x + 24);
                Vector256<float> w = Vector256.Create(*a);
                s00 = Vector256.FusedMultiplyAdd(w, x0, s00);
                s01 = Vector256.FusedMultiplyAdd(w, x1, s01);
                s02 = Vector256.FusedMultiplyAdd(w, x2, s02);
                s03 = Vector256.FusedMultiplyAdd(w, x3, s03);
                a += inner;
                x += next;
            }

            s00.Store(c);
            s01.Store(c + 8);
            s02.Store(c + 16);
            s03.Store(c + 24);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneNarrowRow(in ProductBlock p, int first, int lane)
    {
        nint inner = p.InnerStride;
        nint next = p.XStride;
        int m = first;
        for (; m + 1 <= p.Rows; m += 1)
        {
            float* c = p.C + m * p.CStride + lane;
            Vector256<float> s00, s01;
            if (p.Start != null)
            {
                float* start = p.Start + m;
                s00 = s01 = Vector256.Create(start[0]);
            }
            else
            {
                s00 = Vector256.Load(c);
                s01 = Vector256.Load(c + 8);
            }

            float* a = p.A + m * p.RowStride;
            float* x = p.X + lane;
            for (int k = p.Inner; k > 0; k--)
            {
                Vector256<float> x0 = Vector256.Load(x);
                Vector256<float> x1 = Vector256.Load(x + 8);
                Vector256<float> w = Vector256.Create(*a);
                s00 = Vector256.FusedMultiplyAdd(w, x0, s00);
                s01 = Vector256.FusedMultiplyAdd(w, x1, s01);
                a += inner;
                x += next;
            }

            s00.Store(c);
            s01.Store(c + 8);
        }
    }
}
