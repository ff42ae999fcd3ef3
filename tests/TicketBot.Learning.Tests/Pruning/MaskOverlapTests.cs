using FsCheck;
using FsCheck.Fluent;
using TicketBot.Learning.Pruning;

namespace TicketBot.Learning.Tests.Pruning;

/// <summary>Invariants: a mask overlaps itself wholly, random masks of the same counts by chance alone, and all numbers agree with the bits counted one by one.</summary>
public class MaskOverlapTests
{
    private static readonly Architecture Shape = Architecture.Parse("dense:64,dense:32", 24, 2);

    [Fact]
    public void A_mask_overlaps_itself_wholly()
    {
        MaskSet mask = Pruned(1, 0.2);
        var overlap = MaskOverlap.Of(mask, mask);

        Assert.Equal((1.0, 0.0), (overlap.IntersectionOverUnion, overlap.Distance));
        Assert.All(overlap.Layers, layer => Assert.Equal((1.0, 0.0), (layer.IntersectionOverUnion, layer.Distance)));
        Assert.Equal(["layer1.weight", "layer2.weight", "output.weight"], overlap.Layers.Select(layer => layer.Name));
    }

    [Fact]
    public void Random_masks_of_the_same_counts_are_at_chance_in_all_and_in_each_layer()
    {
        MaskSet mask = Pruned(1, 0.2);
        var rng = new Rng(5);
        List<MaskOverlap> draws = [.. Enumerable.Range(0, 200).Select(_ => MaskOverlap.Of(mask, MaskSet.RandomLike(mask, ref rng)))];

        Assert.InRange(draws.Average(draw => draw.Distance), 0.99, 1.01);
        Assert.InRange(draws.Average(draw => draw.IntersectionOverUnion) / draws[0].ChanceIntersectionOverUnion, 0.97, 1.03);
        Assert.InRange(draws.Average(draw => draw.Layers[0].Distance), 0.98, 1.02);

        // Layers of unlike density: over the pooled counts such draws look nearer than chance.
        var wide = Architecture.Parse("dense:8", 24, 16);
        MaskSet uneven = MagnitudePruning.Prune(Network.Create(wide, ref rng), MaskSet.Full(wide), PruningOptions.ToDensity(0.1));
        List<MaskSet> others = [.. Enumerable.Range(0, 200).Select(_ => MaskSet.RandomLike(uneven, ref rng))];
        Assert.InRange(others.Average(other => MaskOverlap.Of(uneven, other).Distance), 0.98, 1.02);
        Assert.True(others.Average(uneven.NormalizedDistanceTo) < 0.95);
    }

    [Fact]
    public void Numbers_agree_with_bits_counted_one_by_one() =>
        Prop.ForAll(ArbMap.Default.ArbFor<uint>(), seed =>
        {
            MaskSet first = Pruned(seed, 0.3);
            MaskSet second = Pruned(seed + 1UL, 0.15);
            var overlap = MaskOverlap.Of(first, second);
            double both = 0, either = 0, chance = 0;
            for (int p = 0; p < Shape.Parameters.Count; p += 2)
            {
                bool[] a = first.Of(p).ToArray(), b = second.Of(p).ToArray();
                both += a.Zip(b).Count(pair => pair.First && pair.Second);
                either += a.Zip(b).Count(pair => pair.First || pair.Second);
                chance += (double)a.Count(bit => bit) * b.Count(bit => bit) / a.Length;
            }

            double expectedApart = first.Remaining + second.Remaining - 2 * chance;
            return Math.Abs(overlap.IntersectionOverUnion - both / either) < 1e-12 && Math.Abs(overlap.Distance - (either - both) / expectedApart) < 1e-12
                && Math.Abs(first.IntersectionOverUnion(second) - overlap.IntersectionOverUnion) < 1e-12 && MaskOverlap.Of(second, first).Distance == overlap.Distance;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_matrix_holds_every_pair_once()
    {
        MaskSet[] masks = [Pruned(1, 0.2), Pruned(2, 0.2), Pruned(3, 0.2)];
        var matrix = MaskOverlapMatrix.Of([("a", masks[0]), ("b", masks[1]), ("c", masks[2])]);

        Assert.Equal(["a", "b", "c"], matrix.Names);
        Assert.Equal(1.0, matrix[1, 1].IntersectionOverUnion);
        Assert.Equal(masks[0].IntersectionOverUnion(masks[2]), matrix[2, 0].IntersectionOverUnion, 12);
        Assert.Same(matrix[0, 2], matrix[2, 0]);
    }

    [Fact]
    public void Masks_of_different_architectures_are_refused() =>
        Assert.Throws<ArgumentException>(() => MaskOverlap.Of(Pruned(1, 0.2), MaskSet.Full(Architecture.Parse("dense:3", 24, 2))));

    private static MaskSet Pruned(ulong seed, double density)
    {
        var rng = new Rng(seed);
        return MagnitudePruning.Prune(Network.Create(Shape, ref rng), MaskSet.Full(Shape), PruningOptions.ToDensity(density));
    }
}
