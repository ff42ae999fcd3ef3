using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>Float exponential and its family as polynomials with stated operations, one formula for every width and so equal in every bit. NaN stays NaN.
/// The exponential reduces by ln 2 in two parts and uses the degree-5 polynomial of Moshier's Cephes library (expf); arguments outside [-87, 88] are
/// clamped to it. Largest relative errors over a dense grid of floats: exponential 8.3e-8, tangent 1.4e-7, sigmoid 1.5e-7; GELU 8e-7 above -3 and
/// 6e-6 in its tail (4e-7 absolute below 3), its slope 2.4e-7 absolute.</summary>
internal static class Exponential
{
    /// <summary>Sigmoids stay at their value here (4e-18) below it: products of two gates and of a gate with a gradient then stay normal numbers.</summary>
    public const float SigmoidLowest = -40f;

    /// <summary>GELU and its slope (-3e-21 here) are zero below it, for the same reason.</summary>
    public const float GeluLowest = -8f;

    private const float Lowest = -87f;
    private const float Highest = 88f;
    private const float Log2E = 1.44269504088896341f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    // 1.5 * 2^23: adding it rounds to the nearest integer, which then stands in the lowest bits.
    private const float RoundingShift = 12582912f;

    // GELU(x) = x sigmoid(x (a + b x^2)), a = 2 sqrt(2 / pi), b = 0.044715 a.
    private const float GeluA = 1.59576912160573071f;
    private const float GeluB = 0.0713548162726002527f;

    public static float Of(float x) => Of(new OneLane(x)).Value;

    public static Vector256<float> Of(Vector256<float> x) => Of(new EightLanes(x)).Value;

    public static float Tanh(float x) => Tanh(new OneLane(x)).Value;

    public static float Sigmoid(float x) => Sigmoid(new OneLane(x)).Value;

    public static float Gelu(float x) => Gelu(new OneLane(x), out _).Value;

    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x)
        where T : struct, ILanes<T> => Unclamped(T.Min(T.All(Highest), T.Max(T.All(Lowest), x)));

    /// <summary>Hyperbolic tangent: the odd polynomial of Cephes below 0.625, else 1 - 2 / (e^2|x| + 1) with the sign of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x)
        where T : struct, ILanes<T>
    {
        T one = T.All(1f);
        T size = T.Abs(x);
        T large = one - T.All(2f) / (Unclamped(T.Min(T.All(Highest), size + size)) + one);
        large = T.WhereBelow(x, T.All(0f), -large, large);
        T z = x * x;
        T p = T.All(-5.70498872745e-3f);
        p = T.FusedMultiplyAdd(p, z, T.All(2.06390887954e-2f));
        p = T.FusedMultiplyAdd(p, z, T.All(-5.37397155531e-2f));
        p = T.FusedMultiplyAdd(p, z, T.All(1.33314422036e-1f));
        p = T.FusedMultiplyAdd(p, z, T.All(-3.33332819422e-1f));
        T small = T.FusedMultiplyAdd(p * z, x, x);
        return T.WhereBelow(size, T.All(0.625f), small, large);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x)
        where T : struct, ILanes<T>
    {
        T e = Unclamped(-T.Min(T.All(-Lowest), T.Max(T.All(SigmoidLowest), x)));
        return T.All(1f) / (T.All(1f) + e);
    }

    /// <summary>GELU in its tangent form, 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) (Hendrycks and Gimpel 2016), and its slope.
    /// With s = sigmoid(u(x)) the value is x s and the slope s (1 + x u'(x) (1 - s)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Gelu<T>(T x, out T slope)
        where T : struct, ILanes<T>
    {
        T one = T.All(1f);
        // From 8 on s is 1 and the slope is 1; the bound keeps infinity times zero away.
        T inner = T.Min(T.All(-GeluLowest), T.Max(T.All(GeluLowest), x));
        T square = inner * inner;
        T u = inner * T.FusedMultiplyAdd(T.All(GeluB), square, T.All(GeluA));
        T e = Unclamped(-u);
        T s = one / (one + e);
        T rise = inner * T.FusedMultiplyAdd(T.All(3f * GeluB), square, T.All(GeluA));
        slope = T.WhereBelow(x, T.All(GeluLowest), T.All(0f), s * T.FusedMultiplyAdd(rise, e * s, one));
        return T.WhereBelow(x, T.All(GeluLowest), T.All(0f), x * s);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Unclamped<T>(T x)
        where T : struct, ILanes<T>
    {
        T shifted = T.FusedMultiplyAdd(x, T.All(Log2E), T.All(RoundingShift));
        T n = shifted - T.All(RoundingShift);
        T r = T.FusedMultiplyAdd(n, T.All(-Ln2High), x);
        r = T.FusedMultiplyAdd(n, T.All(-Ln2Low), r);
        T p = T.All(1.9875691500e-4f);
        p = T.FusedMultiplyAdd(p, r, T.All(1.3981999507e-3f));
        p = T.FusedMultiplyAdd(p, r, T.All(8.3334519073e-3f));
        p = T.FusedMultiplyAdd(p, r, T.All(4.1665795894e-2f));
        p = T.FusedMultiplyAdd(p, r, T.All(1.6666665459e-1f));
        p = T.FusedMultiplyAdd(p, r, T.All(5.0000001201e-1f));
        p = T.FusedMultiplyAdd(p, r * r, r) + T.All(1f);
        return p * T.PowerOfTwo(shifted);
    }
}
