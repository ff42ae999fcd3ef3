using MathNet.Numerics.Distributions;
using TicketBot.Learning;

namespace TicketBot.Research.Experiments;

/// <summary>A mean of paired differences with its interval and test.</summary>
/// <param name="Mean">Mean difference.</param>
/// <param name="Low">Lower end of the 95 % interval of the mean by Student's t; <c>null</c> for a single pair.</param>
/// <param name="High">Its upper end.</param>
/// <param name="PValue">One-sided p-value of "no better than its partner" by sign flips (Fisher 1935): the share of all ways to give each difference a sign
/// whose mean is at least the one found. Its smallest value is 2^-n, so fewer than 5 pairs never fall below 0.05.</param>
/// <param name="Count">Pairs.</param>
public readonly record struct PairedTest(double Mean, double? Low, double? High, double PValue, int Count)
{
    private const int ExactUpTo = 16;
    private const int Draws = 100_000;

    /// <summary>Judges differences, at least one. More than 16 take 100,000 drawn sign patterns instead of all.</summary>
    public static PairedTest Of(ReadOnlySpan<double> differences)
    {
        var n = differences.Length;
        ArgumentOutOfRangeException.ThrowIfZero(n);
        double sum = 0, squares = 0;
        foreach (var difference in differences)
        {
            sum += difference;
        }

        var mean = sum / n;
        foreach (var difference in differences)
        {
            squares += (difference - mean) * (difference - mean);
        }

        double? half = n < 2 ? null : StudentT.InvCDF(0, 1, n - 1, 0.975) * Math.Sqrt(squares / (n - 1) / n);
        return new PairedTest(mean, mean - half, mean + half, n <= ExactUpTo ? Exact(differences, sum) : Drawn(differences, sum), n);
    }

    private static double Exact(ReadOnlySpan<double> differences, double found)
    {
        var all = 1 << differences.Length;
        var atLeast = 0;
        for (var signs = 0; signs < all; signs++)
        {
            atLeast += IsAtLeast(differences, (ulong)signs, found) ? 1 : 0;
        }

        return (double)atLeast / all;
    }

    private static double Drawn(ReadOnlySpan<double> differences, double found)
    {
        var rng = new Rng(1);
        var atLeast = 1;
        for (var draw = 0; draw < Draws; draw++)
        {
            double sum = 0;
            foreach (var difference in differences)
            {
                sum += (rng.NextUInt64() >> 63) == 0 ? difference : -difference;
            }

            atLeast += sum >= found - Tolerance(found) ? 1 : 0;
        }

        return atLeast / (Draws + 1.0);
    }

    private static bool IsAtLeast(ReadOnlySpan<double> differences, ulong signs, double found)
    {
        double sum = 0;
        for (var i = 0; i < differences.Length; i++)
        {
            sum += (signs >> i & 1) == 0 ? differences[i] : -differences[i];
        }

        return sum >= found - Tolerance(found);
    }

    // Sums in another order differ in their last bits; equal patterns must count as equal.
    private static double Tolerance(double found) => 1e-12 * (1 + Math.Abs(found));
}
