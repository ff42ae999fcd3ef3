namespace TicketBot.Learning.Pruning;

/// <summary>How alike two masks are, in all and layer by layer.</summary>
/// <param name="IntersectionOverUnion">Weights kept by both among those kept by either, 0..1; 1 when neither keeps any.</param>
/// <param name="ChanceIntersectionOverUnion">The same where independent random masks of the same counts per layer are expected, 0..1.</param>
/// <param name="Distance">Weights on which they differ over what such random masks differ by: 0 = equal, 1 = chance. Chance is counted layer by layer, so that layers of
/// unlike density do not look like agreement.</param>
/// <param name="Layers">One per prunable weight array, in order.</param>
public sealed record MaskOverlap(double IntersectionOverUnion, double ChanceIntersectionOverUnion, double Distance, IReadOnlyList<MaskOverlapLayer> Layers)
{
    /// <summary>Compares two masks.</summary>
    /// <exception cref="ArgumentException">The masks are for different architectures.</exception>
    public static MaskOverlap Of(MaskSet first, MaskSet second)
    {
        second.RequireArchitecture(first.Architecture);
        var layers = new List<MaskOverlapLayer>();
        long both = 0, either = 0;
        double expectedBoth = 0.0, expectedEither = 0.0;
        for (int p = 0; p < first.Architecture.Parameters.Count; p++)
        {
            if (!first.Architecture.Parameters[p].IsPrunable)
            {
                continue;
            }

            ReadOnlySpan<bool> a = first.Of(p);
            ReadOnlySpan<bool> b = second.Of(p);
            long shared = 0, any = 0;
            for (int i = 0; i < a.Length; i++)
            {
                shared += a[i] & b[i] ? 1 : 0;
                any += a[i] | b[i] ? 1 : 0;
            }

            double kept = shared + any;
            double chance = (double)a.Count(true) * b.Count(true) / a.Length;
            layers.Add(new MaskOverlapLayer(first.Architecture.Parameters[p].Name, Ratio(shared, any, 1.0), Ratio(any - shared, kept - (2.0 * chance), 0.0)));
            both += shared;
            either += any;
            expectedBoth += chance;
            expectedEither += kept - chance;
        }

        return new MaskOverlap(Ratio(both, either, 1.0), Ratio(expectedBoth, expectedEither, 1.0), Ratio(either - both, expectedEither - expectedBoth, 0.0), layers);
    }

    private static double Ratio(double part, double whole, double otherwise) => whole > 0.0 ? part / whole : otherwise;
}
