using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TicketBot.Learning.Kernels;

/// <summary>The gradient of surviving weights alone: each weight's gradient gains one sum over the samples of a tile, <c>sum of dy[row] * x[column]</c>.
/// <para>The order: 16 virtual lanes; lane l starts with the product of sample l and adds those of samples l + 16, l + 32, l + 48 by fused multiply-add;
/// the lanes fold 16, 8, 4, 2, 1 by adding the upper half to the lower, as <see cref="LaneSum"/> does; what is left is added to the gradient.</para>
/// <para>The vector forms leave eight of those lanes' sums per weight in a scratch, and eight weights together turn theirs round while folding, so that no
/// weight pays for a horizontal sum of its own and short rows leave no remainder.</para></summary>
internal static unsafe class SparseProductGradient
{
    /// <summary>Weights whose sums wait in the scratch at once; a multiple of 8. Small enough to stay in the first-level cache beside the tiles.</summary>
    private const int Chunk = 128;

    /// <summary>Floats of the scratch.</summary>
    public const int ScratchLength = Chunk * 8;

    /// <summary>Adds to the gradients and returns the number of weights it served.</summary>
    /// <param name="rows">The matrix by rows.</param>
    /// <param name="count">Weights in all.</param>
    /// <param name="x">Inputs <c>[columns][64]</c>, finite in all lanes.</param>
    /// <param name="dy">Gradient of the outputs <c>[rows][64]</c>, zero in lanes without a sample.</param>
    /// <param name="gradient">Gradient per weight, with room for a multiple of 8; what lies past <paramref name="count"/> means nothing.</param>
    /// <param name="scratch">Room for <see cref="ScratchLength"/> values.</param>
    /// <param name="lanes">Samples rounded up to a multiple of 16.</param>
    /// <param name="form">Which form runs.</param>
    public static long Run(in SparseRows rows, int count, float* x, float* dy, float* gradient, float* scratch, int lanes, KernelForm form)
    {
        if (form == KernelForm.Scalar || !Avx.IsSupported)
        {
            return RunScalar(rows, count, x, dy, gradient, lanes);
        }

        long done = 0;
        int next = rows.EmptyCount;
        for (int first = 0; first < count; first += Chunk)
        {
            int end = Math.Min(first + Chunk, count);
            int run = next;
            next = lanes < Tile.Width ? MultiplyNarrow(rows, run, first, end, x, dy, scratch, lanes)
                : form == KernelForm.Vector512 ? MultiplyWide(rows, run, first, end, x, dy, scratch)
                : MultiplyFull(rows, run, first, end, x, dy, scratch);
            Fold(scratch, end - first, gradient + first);
            done += end - first;
        }

        return done;
    }

    // Each Multiply serves weights [first, end) and returns the run in which the next chunk begins; a run may reach over several chunks.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int MultiplyFull(SparseRows rows, int run, int first, int end, float* x, float* dy, float* scratch)
    {
        int j = first;
        while (true)
        {
            float* d = dy + rows.Targets[run] * Tile.Width;
            Vector256<float> d0 = Vector256.Load(d);
            Vector256<float> d1 = Vector256.Load(d + 8);
            Vector256<float> d2 = Vector256.Load(d + 16);
            Vector256<float> d3 = Vector256.Load(d + 24);
            Vector256<float> d4 = Vector256.Load(d + 32);
            Vector256<float> d5 = Vector256.Load(d + 40);
            Vector256<float> d6 = Vector256.Load(d + 48);
            Vector256<float> d7 = Vector256.Load(d + 56);
            int runEnd = rows.Ends[run];
            int stop = Math.Min(runEnd, end);
            for (; j < stop; j++)
            {
                float* from = x + rows.Sources[j];
                Vector256<float> low = Vector256.Load(from) * d0;
                Vector256<float> high = Vector256.Load(from + 8) * d1;
                low = Vector256.FusedMultiplyAdd(d2, Vector256.Load(from + 16), low);
                high = Vector256.FusedMultiplyAdd(d3, Vector256.Load(from + 24), high);
                low = Vector256.FusedMultiplyAdd(d4, Vector256.Load(from + 32), low);
                high = Vector256.FusedMultiplyAdd(d5, Vector256.Load(from + 40), high);
                low = Vector256.FusedMultiplyAdd(d6, Vector256.Load(from + 48), low);
                high = Vector256.FusedMultiplyAdd(d7, Vector256.Load(from + 56), high);
                (low + high).Store(scratch);
                scratch += 8;
            }

            run += runEnd == stop ? 1 : 0;
            if (stop == end)
            {
                return run;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int MultiplyWide(SparseRows rows, int run, int first, int end, float* x, float* dy, float* scratch)
    {
        int j = first;
        while (true)
        {
            float* d = dy + rows.Targets[run] * Tile.Width;
            Vector512<float> d0 = Vector512.Load(d);
            Vector512<float> d1 = Vector512.Load(d + 16);
            Vector512<float> d2 = Vector512.Load(d + 32);
            Vector512<float> d3 = Vector512.Load(d + 48);
            int runEnd = rows.Ends[run];
            int stop = Math.Min(runEnd, end);
            for (; j < stop; j++)
            {
                float* from = x + rows.Sources[j];
                Vector512<float> sum = Vector512.Load(from) * d0;
                sum = Vector512.FusedMultiplyAdd(d1, Vector512.Load(from + 16), sum);
                sum = Vector512.FusedMultiplyAdd(d2, Vector512.Load(from + 32), sum);
                sum = Vector512.FusedMultiplyAdd(d3, Vector512.Load(from + 48), sum);
                (sum.GetLower() + sum.GetUpper()).Store(scratch);
                scratch += 8;
            }

            run += runEnd == stop ? 1 : 0;
            if (stop == end)
            {
                return run;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int MultiplyNarrow(SparseRows rows, int run, int first, int end, float* x, float* dy, float* scratch, int lanes)
    {
        int j = first;
        while (true)
        {
            float* d = dy + rows.Targets[run] * Tile.Width;
            int runEnd = rows.Ends[run];
            int stop = Math.Min(runEnd, end);
            for (; j < stop; j++)
            {
                float* from = x + rows.Sources[j];
                Vector256<float> low = Vector256.Load(from) * Vector256.Load(d);
                Vector256<float> high = Vector256.Load(from + 8) * Vector256.Load(d + 8);
                for (int lane = Tile.LaneGroup; lane < lanes; lane += Tile.LaneGroup)
                {
                    low = Vector256.FusedMultiplyAdd(Vector256.Load(d + lane), Vector256.Load(from + lane), low);
                    high = Vector256.FusedMultiplyAdd(Vector256.Load(d + lane + 8), Vector256.Load(from + lane + 8), high);
                }

                (low + high).Store(scratch);
                scratch += 8;
            }

            run += runEnd == stop ? 1 : 0;
            if (stop == end)
            {
                return run;
            }
        }
    }

    // Eight weights a..h of eight lanes each: every step adds upper to lower halves and packs two vectors into one, until one vector holds eight sums.
    // Which operand is upper differs between the packed weights; addition does not mind.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fold(float* sums, int count, float* gradient)
    {
        for (int i = 0; i < count; i += 8)
        {
            Vector256<float> ae = Halve(sums, sums + 32);
            Vector256<float> bf = Halve(sums + 8, sums + 40);
            Vector256<float> cg = Halve(sums + 16, sums + 48);
            Vector256<float> dh = Halve(sums + 24, sums + 56);
            Vector256<float> abef = Avx.Shuffle(ae, bf, 0b01_00_01_00) + Avx.Shuffle(ae, bf, 0b11_10_11_10);
            Vector256<float> cdgh = Avx.Shuffle(cg, dh, 0b01_00_01_00) + Avx.Shuffle(cg, dh, 0b11_10_11_10);
            Vector256<float> total = Avx.Shuffle(abef, cdgh, 0b10_00_10_00) + Avx.Shuffle(abef, cdgh, 0b11_01_11_01);
            (Vector256.Load(gradient) + total).Store(gradient);
            sums += 64;
            gradient += 8;
        }
    }

    // Four sums of weight a below, four of weight e above.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halve(float* a, float* e)
    {
        Vector256<float> first = Vector256.Load(a);
        Vector256<float> second = Vector256.Load(e);
        return Avx.Blend(first, second, 0b1111_0000) + Avx.Permute2x128(first, second, 0x21);
    }

    private static long RunScalar(in SparseRows rows, int count, float* x, float* dy, float* gradient, int lanes)
    {
        float* sums = stackalloc float[Tile.LaneGroup];
        int run = rows.EmptyCount;
        int j = 0;
        for (; j < count; j++)
        {
            run += rows.Ends[run] == j ? 1 : 0;
            float* d = dy + rows.Targets[run] * Tile.Width;
            float* from = x + rows.Sources[j];
            for (int lane = 0; lane < lanes; lane++)
            {
                sums[lane & 15] = lane < Tile.LaneGroup ? from[lane] * d[lane] : MathF.FusedMultiplyAdd(d[lane], from[lane], sums[lane & 15]);
            }

            for (int half = 8; half > 0; half >>= 1)
            {
                for (int i = 0; i < half; i++)
                {
                    sums[i] += sums[i + half];
                }
            }

            gradient[j] += sums[0];
        }

        return j;
    }
}
