using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>The product of <see cref="TileProduct"/> over surviving weights alone: <c>y[target][lane] = start + sum of w * x[source][lane]</c>, sources
/// ascending by fused multiply-add, lanes are samples. The products left out are exact zeros, which change no sum (but the sign of a sum that is itself
/// zero), so this equals the dense product over the masked matrix.</summary>
internal static unsafe class SparseProduct
{
    /// <summary>Runs the product and returns the number of weights that its loops passed.</summary>
    /// <param name="rows">Which weights meet which sources.</param>
    /// <param name="values">Surviving weights, packed.</param>
    /// <param name="x"><c>[sources][64]</c>.</param>
    /// <param name="start">Start value per target, or null to continue from what y holds; targets without weights then cost nothing.</param>
    /// <param name="y"><c>[targets][64]</c>.</param>
    /// <param name="lanes">Samples, a multiple of 16 up to 64.</param>
    /// <param name="form">Which form runs.</param>
    public static long Run(in SparseRows rows, float* values, float* x, float* start, float* y, int lanes, KernelForm form)
    {
        for (int i = 0; i < rows.EmptyCount && start != null; i++)
        {
            new Span<float>(y + rows.Targets[i] * Tile.Width, lanes).Fill(start[rows.Targets[i]]);
        }

        return form == KernelForm.Scalar ? RunScalar(rows, values, x, start, y, lanes)
            : lanes < Tile.Width ? RunNarrow(rows, values, x, start, y, lanes)
            : form == KernelForm.Vector512 ? RunWide(rows, values, x, start, y)
            : RunFull(rows, values, x, start, y);
    }

    // A whole target row of 64 samples stays in eight registers while the weights of a run pass by.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long RunFull(SparseRows rows, float* values, float* x, float* start, float* y)
    {
        int j = 0;
        int* order = rows.Order;
        int started = start != null ? rows.FirstCount : 0;
        for (int i = rows.EmptyCount; i < rows.Count; i++)
        {
            int target = rows.Targets[i];
            int end = rows.Ends[i];
            float* to = y + target * Tile.Width;
            Vector256<float> s0, s1, s2, s3, s4, s5, s6, s7;
            if (i < started)
            {
                s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = Vector256.Create(start[target]);
            }
            else
            {
                s0 = Vector256.Load(to);
                s1 = Vector256.Load(to + 8);
                s2 = Vector256.Load(to + 16);
                s3 = Vector256.Load(to + 24);
                s4 = Vector256.Load(to + 32);
                s5 = Vector256.Load(to + 40);
                s6 = Vector256.Load(to + 48);
                s7 = Vector256.Load(to + 56);
            }

            for (; j < end; j++)
            {
                Vector256<float> w = Vector256.Create(values[order != null ? order[j] : j]);
                float* from = x + rows.Sources[j];
                s0 = Vector256.FusedMultiplyAdd(w, Vector256.Load(from), s0);
                s1 = Vector256.FusedMultiplyAdd(w, Vector256.Load(from + 8), s1);
                s2 = Vector256.FusedMultiplyAdd(w, Vector256.Load(from + 16), s2);
                s3 = Vector256.FusedMultiplyAdd(w, Vector256.Load(from + 24), s3);
                s4 = Vector256.FusedMultiplyAdd(w, Vector256.Load(from + 32), s4);
                s5 = Vector256.FusedMultiplyAdd(w, Vector256.Load(from + 40), s5);
                s6 = Vector256.FusedMultiplyAdd(w, Vector256.Load(from + 48), s6);
                s7 = Vector256.FusedMultiplyAdd(w, Vector256.Load(from + 56), s7);
            }

            s0.Store(to);
            s1.Store(to + 8);
            s2.Store(to + 16);
            s3.Store(to + 24);
            s4.Store(to + 32);
            s5.Store(to + 40);
            s6.Store(to + 48);
            s7.Store(to + 56);
        }

        return j;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long RunWide(SparseRows rows, float* values, float* x, float* start, float* y)
    {
        int j = 0;
        int* order = rows.Order;
        int started = start != null ? rows.FirstCount : 0;
        for (int i = rows.EmptyCount; i < rows.Count; i++)
        {
            int target = rows.Targets[i];
            int end = rows.Ends[i];
            float* to = y + target * Tile.Width;
            Vector512<float> s0, s1, s2, s3;
            if (i < started)
            {
                s0 = s1 = s2 = s3 = Vector512.Create(start[target]);
            }
            else
            {
                s0 = Vector512.Load(to);
                s1 = Vector512.Load(to + 16);
                s2 = Vector512.Load(to + 32);
                s3 = Vector512.Load(to + 48);
            }

            for (; j < end; j++)
            {
                Vector512<float> w = Vector512.Create(values[order != null ? order[j] : j]);
                float* from = x + rows.Sources[j];
                s0 = Vector512.FusedMultiplyAdd(w, Vector512.Load(from), s0);
                s1 = Vector512.FusedMultiplyAdd(w, Vector512.Load(from + 16), s1);
                s2 = Vector512.FusedMultiplyAdd(w, Vector512.Load(from + 32), s2);
                s3 = Vector512.FusedMultiplyAdd(w, Vector512.Load(from + 48), s3);
            }

            s0.Store(to);
            s1.Store(to + 16);
            s2.Store(to + 32);
            s3.Store(to + 48);
        }

        return j;
    }

    // Tiles with fewer samples run 16 lanes at a time; only the last batch of an epoch or a small batch comes here.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long RunNarrow(SparseRows rows, float* values, float* x, float* start, float* y, int lanes)
    {
        int begin = 0;
        int* order = rows.Order;
        int started = start != null ? rows.FirstCount : 0;
        for (int i = rows.EmptyCount; i < rows.Count; i++)
        {
            int target = rows.Targets[i];
            int end = rows.Ends[i];
            for (int lane = 0; lane < lanes; lane += Tile.LaneGroup)
            {
                float* to = y + target * Tile.Width + lane;
                Vector256<float> s0 = i < started ? Vector256.Create(start[target]) : Vector256.Load(to);
                Vector256<float> s1 = i < started ? s0 : Vector256.Load(to + 8);
                for (int j = begin; j < end; j++)
                {
                    Vector256<float> w = Vector256.Create(values[order != null ? order[j] : j]);
                    float* from = x + rows.Sources[j] + lane;
                    s0 = Vector256.FusedMultiplyAdd(w, Vector256.Load(from), s0);
                    s1 = Vector256.FusedMultiplyAdd(w, Vector256.Load(from + 8), s1);
                }

                s0.Store(to);
                s1.Store(to + 8);
            }

            begin = end;
        }

        return begin;
    }

    private static long RunScalar(SparseRows rows, float* values, float* x, float* start, float* y, int lanes)
    {
        int begin = 0;
        for (int i = rows.EmptyCount; i < rows.Count; i++)
        {
            int target = rows.Targets[i];
            int end = rows.Ends[i];
            float* to = y + target * Tile.Width;
            for (int lane = 0; lane < lanes; lane++)
            {
                float sum = start != null && i < rows.FirstCount ? start[target] : to[lane];
                for (int j = begin; j < end; j++)
                {
                    sum = MathF.FusedMultiplyAdd(values[rows.Order != null ? rows.Order[j] : j], x[rows.Sources[j] + lane], sum);
                }

                to[lane] = sum;
            }

            begin = end;
        }

        return begin;
    }
}
