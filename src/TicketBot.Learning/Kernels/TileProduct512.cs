using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>The product in registers of 16 lanes: blocks of 6 rows and of 2 rows x 64 lanes, narrower ones by <see cref="NarrowProduct512"/>; the few elements that remain go the way of 8 lanes.
/// Without such registers the runtime takes each operator as two halves: slower, but the same bits.</summary>
internal static unsafe class TileProduct512
{
    public static void Run(in ProductBlock p, int lanes)
    {
        int lane = 0;
        for (; lane + 64 <= lanes; lane += 64)
        {
            int m = TwoRows(p, SixRows(p, 0, lane), lane);
            if (m < p.Rows)
            {
                TileProduct256.Run(p with { X = p.X + lane, C = p.C + lane }, m, 64);
            }
        }

        for (; lane < lanes;)
        {
            int width = lanes - lane >= 32 ? 32 : 16;
            int m = width == 32 ? NarrowProduct512.SixRowsOf32(p, 0, lane) : NarrowProduct512.SixRowsOf16(p, 0, lane);
            if (m < p.Rows)
            {
                TileProduct256.Run(p with { X = p.X + lane, C = p.C + lane }, m, width);
            }

            lane += width;
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
            Vector512<float> s00, s01, s02, s03;
            Vector512<float> s10, s11, s12, s13;
            Vector512<float> s20, s21, s22, s23;
            Vector512<float> s30, s31, s32, s33;
            Vector512<float> s40, s41, s42, s43;
            Vector512<float> s50, s51, s52, s53;
            if (p.Start != null)
            {
                float* start = p.Start + m;
                s00 = s01 = s02 = s03 = Vector512.Create(start[0]);
                s10 = s11 = s12 = s13 = Vector512.Create(start[1]);
                s20 = s21 = s22 = s23 = Vector512.Create(start[2]);
                s30 = s31 = s32 = s33 = Vector512.Create(start[3]);
                s40 = s41 = s42 = s43 = Vector512.Create(start[4]);
                s50 = s51 = s52 = s53 = Vector512.Create(start[5]);
            }
            else
            {
                s00 = Vector512.Load(c);
                s01 = Vector512.Load(c + 16);
                s02 = Vector512.Load(c + 32);
                s03 = Vector512.Load(c + 48);
                s10 = Vector512.Load(c1);
                s11 = Vector512.Load(c1 + 16);
                s12 = Vector512.Load(c1 + 32);
                s13 = Vector512.Load(c1 + 48);
                s20 = Vector512.Load(c2);
                s21 = Vector512.Load(c2 + 16);
                s22 = Vector512.Load(c2 + 32);
                s23 = Vector512.Load(c2 + 48);
                s30 = Vector512.Load(c3);
                s31 = Vector512.Load(c3 + 16);
                s32 = Vector512.Load(c3 + 32);
                s33 = Vector512.Load(c3 + 48);
                s40 = Vector512.Load(c4);
                s41 = Vector512.Load(c4 + 16);
                s42 = Vector512.Load(c4 + 32);
                s43 = Vector512.Load(c4 + 48);
                s50 = Vector512.Load(c5);
                s51 = Vector512.Load(c5 + 16);
                s52 = Vector512.Load(c5 + 32);
                s53 = Vector512.Load(c5 + 48);
            }

            float* a = p.A + m * p.RowStride;
            float* b = a + 3 * row;
            float* x = p.X + lane;
            for (int k = p.Inner; k > 0; k--)
            {
                Vector512<float> x0 = Vector512.Load(x);
                Vector512<float> x1 = Vector512.Load(x + 16);
                Vector512<float> x2 = Vector512.Load(x + 32);
                Vector512<float> x3 = Vector512.Load(x + 48);
                Vector512<float> w = Vector512.Create(*a);
                s00 = Vector512.FusedMultiplyAdd(w, x0, s00);
                s01 = Vector512.FusedMultiplyAdd(w, x1, s01);
                s02 = Vector512.FusedMultiplyAdd(w, x2, s02);
                s03 = Vector512.FusedMultiplyAdd(w, x3, s03);
                w = Vector512.Create(a[row]);
                s10 = Vector512.FusedMultiplyAdd(w, x0, s10);
                s11 = Vector512.FusedMultiplyAdd(w, x1, s11);
                s12 = Vector512.FusedMultiplyAdd(w, x2, s12);
                s13 = Vector512.FusedMultiplyAdd(w, x3, s13);
                w = Vector512.Create(a[2 * row]);
                s20 = Vector512.FusedMultiplyAdd(w, x0, s20);
                s21 = Vector512.FusedMultiplyAdd(w, x1, s21);
                s22 = Vector512.FusedMultiplyAdd(w, x2, s22);
                s23 = Vector512.FusedMultiplyAdd(w, x3, s23);
                w = Vector512.Create(*b);
                s30 = Vector512.FusedMultiplyAdd(w, x0, s30);
                s31 = Vector512.FusedMultiplyAdd(w, x1, s31);
                s32 = Vector512.FusedMultiplyAdd(w, x2, s32);
                s33 = Vector512.FusedMultiplyAdd(w, x3, s33);
                w = Vector512.Create(b[row]);
                s40 = Vector512.FusedMultiplyAdd(w, x0, s40);
                s41 = Vector512.FusedMultiplyAdd(w, x1, s41);
                s42 = Vector512.FusedMultiplyAdd(w, x2, s42);
                s43 = Vector512.FusedMultiplyAdd(w, x3, s43);
                w = Vector512.Create(b[2 * row]);
                s50 = Vector512.FusedMultiplyAdd(w, x0, s50);
                s51 = Vector512.FusedMultiplyAdd(w, x1, s51);
                s52 = Vector512.FusedMultiplyAdd(w, x2, s52);
                s53 = Vector512.FusedMultiplyAdd(w, x3, s53);
                a += inner;
                b += inner;
                x += next;
            }

            s00.Store(c);
            s01.Store(c + 16);
            s02.Store(c + 32);
            s03.Store(c + 48);
            s10.Store(c1);
            s11.Store(c1 + 16);
            s12.Store(c1 + 32);
            s13.Store(c1 + 48);
            s20.Store(c2);
            s21.Store(c2 + 16);
            s22.Store(c2 + 32);
            s23.Store(c2 + 48);
            s30.Store(c3);
            s31.Store(c3 + 16);
            s32.Store(c3 + 32);
            s33.Store(c3 + 48);
            s40.Store(c4);
            s41.Store(c4 + 16);
            s42.Store(c4 + 32);
            s43.Store(c4 + 48);
            s50.Store(c5);
            s51.Store(c5 + 16);
            s52.Store(c5 + 32);
            s53.Store(c5 + 48);
        }

        return m;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int TwoRows(in ProductBlock p, int first, int lane)
    {
        nint row = p.RowStride;
        nint inner = p.InnerStride;
        nint next = p.XStride;
        int m = first;
        for (; m + 2 <= p.Rows; m += 2)
        {
            float* c = p.C + m * p.CStride + lane;
            float* c1 = c + p.CStride;
            Vector512<float> s00, s01, s02, s03;
            Vector512<float> s10, s11, s12, s13;
            if (p.Start != null)
            {
                float* start = p.Start + m;
                s00 = s01 = s02 = s03 = Vector512.Create(start[0]);
                s10 = s11 = s12 = s13 = Vector512.Create(start[1]);
            }
            else
            {
                s00 = Vector512.Load(c);
                s01 = Vector512.Load(c + 16);
                s02 = Vector512.Load(c + 32);
                s03 = Vector512.Load(c + 48);
                s10 = Vector512.Load(c1);
                s11 = Vector512.Load(c1 + 16);
                s12 = Vector512.Load(c1 + 32);
                s13 = Vector512.Load(c1 + 48);
            }

            float* a = p.A + m * p.RowStride;
            float* x = p.X + lane;
            for (int k = p.Inner; k > 0; k--)
            {
                Vector512<float> x0 = Vector512.Load(x);
                Vector512<float> x1 = Vector512.Load(x + 16);
                Vector512<float> x2 = Vector512.Load(x + 32);
                Vector512<float> x3 = Vector512.Load(x + 48);
                Vector512<float> w = Vector512.Create(*a);
                s00 = Vector512.FusedMultiplyAdd(w, x0, s00);
                s01 = Vector512.FusedMultiplyAdd(w, x1, s01);
                s02 = Vector512.FusedMultiplyAdd(w, x2, s02);
                s03 = Vector512.FusedMultiplyAdd(w, x3, s03);
                w = Vector512.Create(a[row]);
                s10 = Vector512.FusedMultiplyAdd(w, x0, s10);
                s11 = Vector512.FusedMultiplyAdd(w, x1, s11);
                s12 = Vector512.FusedMultiplyAdd(w, x2, s12);
                s13 = Vector512.FusedMultiplyAdd(w, x3, s13);
                a += inner;
                x += next;
            }

            s00.Store(c);
            s01.Store(c + 16);
            s02.Store(c + 32);
            s03.Store(c + 48);
            s10.Store(c1);
            s11.Store(c1 + 16);
            s12.Store(c1 + 32);
            s13.Store(c1 + 48);
        }

        return m;
    }
}
