using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>Float exponential and hyperbolic tangent as polynomials with stated operations, equal in every bit as vector and as scalar.
/// The exponential reduces by ln 2 in two parts and uses the degree-5 polynomial of Moshier's Cephes library (expf); relative error below
/// 2e-7 on [-87, 88]; arguments outside are clamped to it, NaN stays NaN.</summary>
internal static class Exponential
{
    private const float Lowest = -87f;
    private const float Highest = 88f;
    private const float Log2E = 1.44269504088896341f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;
    private const float RoundingShift = 12582912f; // 1.5 * 2^23: adding and taking it away rounds to the nearest integer.

    public static Vector256<float> Of(Vector256<float> x)
    {
        x = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create(Lowest)), Vector256.Create(Lowest), x);
        x = Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256.Create(Highest)), Vector256.Create(Highest), x);
        Vector256<float> n = Vector256.FusedMultiplyAdd(x, Vector256.Create(Log2E), Vector256.Create(RoundingShift)) - Vector256.Create(RoundingShift);
        Vector256<float> r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2High), x);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2Low), r);
        Vector256<float> p = Vector256.Create(1.9875691500e-4f);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.3981999507e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(8.3334519073e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(4.1665795894e-2f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.6666665459e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(5.0000001201e-1f));
        p = Vector256.FusedMultiplyAdd(p, r * r, r) + Vector256<float>.One;
        Vector256<int> power = Vector256.ShiftLeft(Vector256.ConvertToInt32(n) + Vector256.Create(127), 23);
        return p * power.AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of(float x)
    {
        if (float.IsNaN(x))
        {
            return x;
        }

        x = x < Lowest ? Lowest : x;
        x = x > Highest ? Highest : x;
        float n = MathF.FusedMultiplyAdd(x, Log2E, RoundingShift) - RoundingShift;
        float r = MathF.FusedMultiplyAdd(n, -Ln2High, x);
        r = MathF.FusedMultiplyAdd(n, -Ln2Low, r);
        float p = 1.9875691500e-4f;
        p = MathF.FusedMultiplyAdd(p, r, 1.3981999507e-3f);
        p = MathF.FusedMultiplyAdd(p, r, 8.3334519073e-3f);
        p = MathF.FusedMultiplyAdd(p, r, 4.1665795894e-2f);
        p = MathF.FusedMultiplyAdd(p, r, 1.6666665459e-1f);
        p = MathF.FusedMultiplyAdd(p, r, 5.0000001201e-1f);
        p = MathF.FusedMultiplyAdd(p, r * r, r) + 1f;
        return p * BitConverter.Int32BitsToSingle(((int)n + 127) << 23);
    }

    /// <summary>Hyperbolic tangent: the odd polynomial of Cephes below 0.625, else 1 - 2 / (e^2|x| + 1) with the sign of x.</summary>
    public static Vector256<float> Tanh(Vector256<float> x)
    {
        Vector256<float> size = Vector256.Abs(x);
        Vector256<float> large = Vector256<float>.One - Vector256.Create(2f) / (Of(size + size) + Vector256<float>.One);
        large = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.Zero), -large, large);
        Vector256<float> z = x * x;
        Vector256<float> p = Vector256.Create(-5.70498872745e-3f);
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(2.06390887954e-2f));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(-5.37397155531e-2f));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(1.33314422036e-1f));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(-3.33332819422e-1f));
        Vector256<float> small = Vector256.FusedMultiplyAdd(p * z, x, x);
        return Vector256.ConditionalSelect(Vector256.LessThan(size, Vector256.Create(0.625f)), small, large);
    }

    public static float Tanh(float x)
    {
        float size = MathF.Abs(x);
        if (size < 0.625f)
        {
            float z = x * x;
            float p = -5.70498872745e-3f;
            p = MathF.FusedMultiplyAdd(p, z, 2.06390887954e-2f);
            p = MathF.FusedMultiplyAdd(p, z, -5.37397155531e-2f);
            p = MathF.FusedMultiplyAdd(p, z, 1.33314422036e-1f);
            p = MathF.FusedMultiplyAdd(p, z, -3.33332819422e-1f);
            return MathF.FusedMultiplyAdd(p * z, x, x);
        }

        float large = 1f - 2f / (Of(size + size) + 1f);
        return x < 0f ? -large : large;
    }
}
