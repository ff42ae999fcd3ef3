using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>What both normalisations share. Variances are taken in two passes, the second of which also corrects the first one's mean (Chan, Golub and
/// LeVeque 1983): a channel that does not vary has then a variance of exactly zero, however large its value.</summary>
internal static class Normalization
{
    /// <summary>Added to a variance before its square root (Ioffe and Szegedy 2015; Ba et al. 2016 use the same form).</summary>
    public const float Epsilon = 1e-5f;

    /// <summary>Variances below are zero; next to <see cref="Epsilon"/> they mean nothing, and in running statistics they would decay into denormals.</summary>
    public const float VarianceFloor = 1e-30f;

    /// <summary>Sums of squares start here and not at zero, so that the squares of tiny deviations are absorbed by a normal number and never make a denormal
    /// one. A variance made of the start alone lies below <see cref="VarianceFloor"/>.</summary>
    public const float SquareStart = 1e-35f;

    /// <summary>All bits set in the lanes <c>first .. first + 7</c> that lie below <paramref name="count"/>.</summary>
    public static Vector256<float> LanesBelow(int count, int first) =>
        Vector256.LessThan(Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7), Vector256.Create(count - first)).AsSingle();
}
