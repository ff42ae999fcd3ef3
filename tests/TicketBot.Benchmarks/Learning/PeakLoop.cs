using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TicketBot.Benchmarks.Learning;

/// <summary>Nothing but fused multiply-adds in registers: the most that one core of this machine can do.</summary>
internal static class PeakLoop
{
    /// <summary>Floating-point operations of one step, 8 lanes.</summary>
    public const double Operations256 = Turns * 12.0 * 8 * 2;

    /// <summary>Floating-point operations of one step, 16 lanes.</summary>
    public const double Operations512 = 2 * Operations256;

    private const int Turns = 2_000;

    // Kept where the compiler cannot see that nobody reads it.
    private static float _sink;

    public static void Run256(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            _sink = Once256(0.999f, 0.001f);
        }
    }

    public static void Run512(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            _sink = Once512(0.999f, 0.001f);
        }
    }

    // Twelve independent chains hide a latency of four to five cycles at two instructions a cycle.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Once256(float factor, float term)
    {
        var f = Vector256.Create(factor);
        var t = Vector256.Create(term);
        Vector256<float> a = t, b = t, c = t, d = t, e = t, g = t, h = t, i = t, j = t, k = t, l = t, m = t;
        for (var n = 0; n < Turns; n++)
        {
            a = Vector256.FusedMultiplyAdd(a, f, t);
            b = Vector256.FusedMultiplyAdd(b, f, t);
            c = Vector256.FusedMultiplyAdd(c, f, t);
            d = Vector256.FusedMultiplyAdd(d, f, t);
            e = Vector256.FusedMultiplyAdd(e, f, t);
            g = Vector256.FusedMultiplyAdd(g, f, t);
            h = Vector256.FusedMultiplyAdd(h, f, t);
            i = Vector256.FusedMultiplyAdd(i, f, t);
            j = Vector256.FusedMultiplyAdd(j, f, t);
            k = Vector256.FusedMultiplyAdd(k, f, t);
            l = Vector256.FusedMultiplyAdd(l, f, t);
            m = Vector256.FusedMultiplyAdd(m, f, t);
        }

        return Vector256.Sum(a + b + c + d + (e + g + h + i) + (j + k + l + m));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Once512(float factor, float term)
    {
        var f = Vector512.Create(factor);
        var t = Vector512.Create(term);
        Vector512<float> a = t, b = t, c = t, d = t, e = t, g = t, h = t, i = t, j = t, k = t, l = t, m = t;
        for (var n = 0; n < Turns; n++)
        {
            a = Vector512.FusedMultiplyAdd(a, f, t);
            b = Vector512.FusedMultiplyAdd(b, f, t);
            c = Vector512.FusedMultiplyAdd(c, f, t);
            d = Vector512.FusedMultiplyAdd(d, f, t);
            e = Vector512.FusedMultiplyAdd(e, f, t);
            g = Vector512.FusedMultiplyAdd(g, f, t);
            h = Vector512.FusedMultiplyAdd(h, f, t);
            i = Vector512.FusedMultiplyAdd(i, f, t);
            j = Vector512.FusedMultiplyAdd(j, f, t);
            k = Vector512.FusedMultiplyAdd(k, f, t);
            l = Vector512.FusedMultiplyAdd(l, f, t);
            m = Vector512.FusedMultiplyAdd(m, f, t);
        }

        return Vector512.Sum(a + b + c + d + (e + g + h + i) + (j + k + l + m));
    }
}
