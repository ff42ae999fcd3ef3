using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TicketBot.Learning.Kernels;

/// <summary>A sparse matrix times one row of inputs without gathers. Lanes are the outputs of a slice (8, or 16 in the 512-bit form). One step loads a window
/// of neighbouring inputs (8, or 32) that starts at the step's base, looks up one input per lane with a permutation and does one fused multiply-add. A lane
/// whose next input lies outside the window adds zero times an input of it. So each output starts at its start value and adds its products with
/// inputs ascending, the bits of <see cref="TileProduct"/> (a sum that is zero may differ in its sign).</summary>
internal static unsafe class RowProductWindow
{
    /// <summary>Slices that run side by side, so that one's sum is not waited for.</summary>
    public const int Group = 4;

    /// <summary>Outputs of a slice.</summary>
    public static int LanesOf(KernelForm form) => form == KernelForm.Vector512 ? 16 : 8;

    /// <summary>Inputs that a step can reach from its base.</summary>
    public static int WindowOf(int lanes) => lanes == 16 ? 32 : 8;

    /// <summary>Runs a group of slices; step s of slice g is entry <c>s * slices + g</c>.</summary>
    /// <param name="values">Weights <c>[entry][lanes]</c>.</param>
    /// <param name="offsets">Places in the window <c>[entry][lanes]</c>.</param>
    /// <param name="bases">First input of the window, per entry.</param>
    /// <param name="x">Inputs; a window may reach past the last, whose values are read but not used.</param>
    /// <param name="sums"><c>[slice][lanes]</c>: start values, then sums.</param>
    /// <param name="slices">1 or <see cref="Group"/>.</param>
    /// <param name="steps">Steps of each slice.</param>
    /// <param name="lanes">Outputs of a slice.</param>
    /// <param name="form">Which form runs.</param>
    public static void Run(float* values, byte* offsets, int* bases, float* x, float* sums, int slices, int steps, int lanes, KernelForm form)
    {
        if (lanes == 16 && form != KernelForm.Scalar && Avx512F.IsSupported)
        {
            RunSixteen(values, offsets, bases, x, sums, slices, steps);
        }
        else if (lanes == 8 && form != KernelForm.Scalar && Avx2.IsSupported)
        {
            if (slices == Group)
            {
                RunFourTimesEight(values, offsets, bases, x, sums, steps);
            }
            else
            {
                RunEight(values, offsets, bases, x, sums, steps);
            }
        }
        else
        {
            RunScalar(values, offsets, bases, x, sums, slices, steps, lanes);
        }
    }

    /// <summary>The plain form, for every machine and both slice widths.</summary>
    public static void RunScalar(float* values, byte* offsets, int* bases, float* x, float* sums, int slices, int steps, int lanes)
    {
        for (int slice = 0; slice < slices; slice++)
        {
            for (int step = 0; step < steps; step++)
            {
                int entry = step * slices + slice;
                for (int lane = 0; lane < lanes; lane++)
                {
                    int at = entry * lanes + lane;
                    sums[slice * lanes + lane] = MathF.FusedMultiplyAdd(values[at], x[bases[entry] + offsets[at]], sums[slice * lanes + lane]);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunFourTimesEight(float* values, byte* offsets, int* bases, float* x, float* sums, int steps)
    {
        Vector256<float> s0 = Vector256.Load(sums);
        Vector256<float> s1 = Vector256.Load(sums + 8);
        Vector256<float> s2 = Vector256.Load(sums + 16);
        Vector256<float> s3 = Vector256.Load(sums + 24);
        for (int step = 0; step < steps; step++)
        {
            s0 = Vector256.FusedMultiplyAdd(Vector256.Load(values), Avx2.PermuteVar8x32(Vector256.Load(x + bases[0]), Avx2.ConvertToVector256Int32(offsets)), s0);
            s1 = Vector256.FusedMultiplyAdd(Vector256.Load(values + 8), Avx2.PermuteVar8x32(Vector256.Load(x + bases[1]), Avx2.ConvertToVector256Int32(offsets + 8)), s1);
            s2 = Vector256.FusedMultiplyAdd(Vector256.Load(values + 16), Avx2.PermuteVar8x32(Vector256.Load(x + bases[2]), Avx2.ConvertToVector256Int32(offsets + 16)), s2);
            s3 = Vector256.FusedMultiplyAdd(Vector256.Load(values + 24), Avx2.PermuteVar8x32(Vector256.Load(x + bases[3]), Avx2.ConvertToVector256Int32(offsets + 24)), s3);
            values += 32;
            offsets += 32;
            bases += 4;
        }

        s0.Store(sums);
        s1.Store(sums + 8);
        s2.Store(sums + 16);
        s3.Store(sums + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunEight(float* values, byte* offsets, int* bases, float* x, float* sums, int steps)
    {
        Vector256<float> s = Vector256.Load(sums);
        for (int step = 0; step < steps; step++)
        {
            s = Vector256.FusedMultiplyAdd(Vector256.Load(values), Avx2.PermuteVar8x32(Vector256.Load(x + bases[step]), Avx2.ConvertToVector256Int32(offsets)), s);
            values += 8;
            offsets += 8;
        }

        s.Store(sums);
    }

    // The same for sixteen outputs and a window of two registers; RunScalar is its twin where no such machine is at hand.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunSixteen(float* values, byte* offsets, int* bases, float* x, float* sums, int slices, int steps)
    {
        for (int slice = 0; slice < slices; slice++)
        {
            Vector512<float> s = Vector512.Load(sums + slice * 16);
            for (int step = 0; step < steps; step++)
            {
                int entry = step * slices + slice;
                float* window = x + bases[entry];
                Vector512<int> at = Avx512F.ConvertToVector512Int32(Vector128.Load(offsets + entry * 16));
                s = Vector512.FusedMultiplyAdd(Vector512.Load(values + (long)entry * 16), Avx512F.PermuteVar16x32x2(Vector512.Load(window), at, Vector512.Load(window + 16)), s);
            }

            s.Store(sums + slice * 16);
        }
    }
}
