namespace TicketBot.Learning;

/// <summary>Double-precision logarithm, exponential, sine and cosine made of IEEE additions, multiplications and divisions only, so that their bits
/// do not depend on the machine's C library. Errors stay below 1 ulp; the polynomials are those of Sun's fdlibm (1993).</summary>
public static class PortableMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>Returns the natural logarithm; negative infinity at zero, NaN below.</summary>
    public static double Log(double x)
    {
        if (!(x > 0.0))
        {
            return x == 0.0 ? double.NegativeInfinity : double.NaN;
        }

        if (double.IsPositiveInfinity(x))
        {
            return x;
        }

        int k = 0;
        if (x < 2.2250738585072014e-308)
        {
            x *= 18014398509481984.0; // 2^54 lifts a denormal into the normal range.
            k = -54;
        }

        long bits = BitConverter.DoubleToInt64Bits(x);
        k += (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0x000FFFFFFFFFFFFFL) | 0x3FF0000000000000L);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            k++;
        }

        // With s = f / (2 + f), log(1 + f) = 2 atanh(s), whose even part is the polynomial below in z = s^2.
        double f = m - 1.0;
        double s = f / (2.0 + f);
        double z = s * s;
        double w = z * z;
        double even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
        double odd = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
        double half = 0.5 * f * f;
        return k * Ln2High - ((half - (s * (half + (even + odd)) + k * Ln2Low)) - f);
    }

    /// <summary>Returns e to the power <paramref name="x"/>; zero below -708, positive infinity above 709.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        if (x > 709.0)
        {
            return double.PositiveInfinity;
        }

        if (x < -708.0)
        {
            return 0.0;
        }

        double k = Math.Floor(x * 1.44269504088896338700 + 0.5);
        double high = x - k * Ln2High;
        double low = k * Ln2Low;
        double r = high - low;
        double t = r * r;
        double c = r - t * (1.66666666666666019037e-01 + t * (-2.77777777770155933842e-03 + t * (6.61375632143793436117e-05
            + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
        double y = 1.0 - ((low - r * c / (2.0 - c)) - high);
        return y * BitConverter.Int64BitsToDouble((long)((int)k + 1023) << 52);
    }

    /// <summary>Returns the sine of an angle in radians, for sizes up to 100,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The angle is larger, or not a number.</exception>
    public static double Sin(double x) => SinOfQuarters(x, 0);

    /// <summary>Returns the cosine of an angle in radians, for sizes up to 100,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The angle is larger, or not a number.</exception>
    public static double Cos(double x) => SinOfQuarters(x, 1);

    // Takes away quarter turns (pi / 2 in three parts), then the polynomial of what is left; a cosine is the sine one quarter on.
    private static double SinOfQuarters(double x, long quarters)
    {
        if (!(Math.Abs(x) <= 100_000.0))
        {
            throw new ArgumentOutOfRangeException(nameof(x), x, "expected an angle from -100,000 to 100,000 radians");
        }

        double n = Math.Floor(x * 0.63661977236758134308 + 0.5);
        double r = Math.FusedMultiplyAdd(-n, 1.5707963267948966, x);
        r = Math.FusedMultiplyAdd(-n, 6.123233995736766e-17, r);
        double z = r * r;
        quarters += (long)n;
        double value = (quarters & 1) == 0
            ? r + r * z * (-1.66666666666666324348e-01 + z * (8.33333333332248946124e-03 + z * (-1.98412698298579493134e-04
                + z * (2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)))))
            : 1.0 - (0.5 * z - z * z * (4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * (2.48015872894767294178e-05
                + z * (-2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11))))));
        return (quarters & 2) == 0 ? value : -value;
    }
}
