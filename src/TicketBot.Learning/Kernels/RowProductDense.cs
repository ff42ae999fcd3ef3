using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>A dense matrix times one row of inputs, y = start + W x. Lanes are outputs: weights lie in panels of 64, then 32 and 16 outputs, each
/// <c>[input][outputs of the panel]</c>, so that a step is one broadcast input against neighbouring weights. Every output starts at its start value and
/// adds its products with inputs ascending by fused multiply-add, as <see cref="TileProduct"/> does, so the bits are the same.</summary>
internal static unsafe class RowProductDense
{
    /// <summary>Outputs of the widest panel: as many running sums as hide the latency of a fused multiply-add.</summary>
    public const int Panel = 64;

    /// <summary>Outputs of the panel that starts at row <paramref name="row"/> of <paramref name="rows"/> (a multiple of 16).</summary>
    public static int PanelAt(int row, int rows) => rows - row >= Panel ? Panel : rows - row >= 32 ? 32 : 16;

    /// <summary>Runs the product.</summary>
    /// <param name="w">Panels one after another.</param>
    /// <param name="x">Inputs.</param>
    /// <param name="start">Start value per output; may be <paramref name="y"/> itself.</param>
    /// <param name="y">Outputs.</param>
    /// <param name="rows">Outputs, a multiple of 16.</param>
    /// <param name="inner">Inputs.</param>
    /// <param name="form">Which form runs.</param>
    public static void Run(float* w, float* x, float* start, float* y, int rows, int inner, KernelForm form)
    {
        for (int row = 0; row < rows;)
        {
            int width = PanelAt(row, rows);
            switch (form)
            {
                case KernelForm.Scalar:
                    RunScalar(w, x, start + row, y + row, width, inner);
                    break;
                case KernelForm.Vector512:
                    RunSixteens(w, x, start + row, y + row, width, inner);
                    break;
                case KernelForm.Vector256 when width == Panel:
                    RunSixtyFour(w, x, start + row, y + row, inner);
                    break;
                case KernelForm.Vector256 when width == 32:
                    RunThirtyTwo(w, x, start + row, y + row, inner);
                    break;
                default:
                    RunSixteen(w, x, start + row, y + row, inner);
                    break;
            }

            w += (long)width * inner;
            row += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunSixtyFour(float* w, float* x, float* start, float* y, int inner)
    {
        Vector256<float> s0 = Vector256.Load(start);
        Vector256<float> s1 = Vector256.Load(start + 8);
        Vector256<float> s2 = Vector256.Load(start + 16);
        Vector256<float> s3 = Vector256.Load(start + 24);
        Vector256<float> s4 = Vector256.Load(start + 32);
        Vector256<float> s5 = Vector256.Load(start + 40);
        Vector256<float> s6 = Vector256.Load(start + 48);
        Vector256<float> s7 = Vector256.Load(start + 56);
        for (int k = 0; k < inner; k++)
        {
            Vector256<float> input = Vector256.Create(x[k]);
            s0 = Vector256.FusedMultiplyAdd(input, Vector256.Load(w), s0);
            s1 = Vector256.FusedMultiplyAdd(input, Vector256.Load(w + 8), s1);
            s2 = Vector256.FusedMultiplyAdd(input, Vector256.Load(w + 16), s2);
            s3 = Vector256.FusedMultiplyAdd(input, Vector256.Load(w + 24), s3);
            s4 = Vector256.FusedMultiplyAdd(input, Vector256.Load(w + 32), s4);
            s5 = Vector256.FusedMultiplyAdd(input, Vector256.Load(w + 40), s5);
            s6 = Vector256.FusedMultiplyAdd(input, Vector256.Load(w + 48), s6);
            s7 = Vector256.FusedMultiplyAdd(input, Vector256.Load(w + 56), s7);
            w += Panel;
        }

        s0.Store(y);
        s1.Store(y + 8);
        s2.Store(y + 16);
        s3.Store(y + 24);
        s4.Store(y + 32);
        s5.Store(y + 40);
        s6.Store(y + 48);
        s7.Store(y + 56);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunThirtyTwo(float* w, float* x, float* start, float* y, int inner)
    {
        Vector256<float> s0 = Vector256.Load(start);
        Vector256<float> s1 = Vector256.Load(start + 8);
        Vector256<float> s2 = Vector256.Load(start + 16);
        Vector256<float> s3 = Vector256.Load(start + 24);
        for (int k = 0; k < inner; k++)
        {
            Vector256<float> input = Vector256.Create(x[k]);
            s0 = Vector256.FusedMultiplyAdd(input, Vector256.Load(w), s0);
            s1 = Vector256.FusedMultiplyAdd(input, Vector256.Load(w + 8), s1);
            s2 = Vector256.FusedMultiplyAdd(input, Vector256.Load(w + 16), s2);
            s3 = Vector256.FusedMultiplyAdd(input, Vector256.Load(w + 24), s3);
            w += 32;
        }

        s0.Store(y);
        s1.Store(y + 8);
        s2.Store(y + 16);
        s3.Store(y + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunSixteen(float* w, float* x, float* start, float* y, int inner)
    {
        Vector256<float> s0 = Vector256.Load(start);
        Vector256<float> s1 = Vector256.Load(start + 8);
        for (int k = 0; k < inner; k++)
        {
            Vector256<float> input = Vector256.Create(x[k]);
            s0 = Vector256.FusedMultiplyAdd(input, Vector256.Load(w), s0);
            s1 = Vector256.FusedMultiplyAdd(input, Vector256.Load(w + 8), s1);
            w += 16;
        }

        s0.Store(y);
        s1.Store(y + 8);
    }

    // The same panels with half as many sums of sixteen.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunSixteens(float* w, float* x, float* start, float* y, int width, int inner)
    {
        if (width != Panel)
        {
            for (int lane = 0; lane < width; lane += 16)
            {
                Vector512<float> s = Vector512.Load(start + lane);
                float* from = w + lane;
                for (int k = 0; k < inner; k++)
                {
                    s = Vector512.FusedMultiplyAdd(Vector512.Create(x[k]), Vector512.Load(from), s);
                    from += width;
                }

                s.Store(y + lane);
            }

            return;
        }

        Vector512<float> s0 = Vector512.Load(start);
        Vector512<float> s1 = Vector512.Load(start + 16);
        Vector512<float> s2 = Vector512.Load(start + 32);
        Vector512<float> s3 = Vector512.Load(start + 48);
        for (int k = 0; k < inner; k++)
        {
            Vector512<float> input = Vector512.Create(x[k]);
            s0 = Vector512.FusedMultiplyAdd(input, Vector512.Load(w), s0);
            s1 = Vector512.FusedMultiplyAdd(input, Vector512.Load(w + 16), s1);
            s2 = Vector512.FusedMultiplyAdd(input, Vector512.Load(w + 32), s2);
            s3 = Vector512.FusedMultiplyAdd(input, Vector512.Load(w + 48), s3);
            w += Panel;
        }

        s0.Store(y);
        s1.Store(y + 16);
        s2.Store(y + 32);
        s3.Store(y + 48);
    }

    private static void RunScalar(float* w, float* x, float* start, float* y, int width, int inner)
    {
        for (int lane = 0; lane < width; lane++)
        {
            float sum = start[lane];
            for (int k = 0; k < inner; k++)
            {
                sum = MathF.FusedMultiplyAdd(x[k], w[(long)k * width + lane], sum);
            }

            y[lane] = sum;
        }
    }
}
