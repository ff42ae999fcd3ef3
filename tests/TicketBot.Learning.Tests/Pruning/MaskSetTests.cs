using FsCheck;
using FsCheck.Fluent;
using TicketBot.Learning.Pruning;

namespace TicketBot.Learning.Tests.Pruning;

/// <summary>Invariants: counts survive shuffling per layer (and per neuron where promised), distances are metrics over chance.</summary>
public class MaskSetTests
{
    private static readonly Architecture Shape = Architecture.Parse("dense:16,dense:8", 12, 2);

    private static MaskSet Pruned(ulong seed, double density)
    {
        var rng = new Rng(seed);
        return MagnitudePruning.Prune(Network.Create(Shape, ref rng), MaskSet.Full(Shape), PruningOptions.ToDensity(density));
    }

    [Fact]
    public void Random_masks_keep_the_counts_of_each_layer() =>
        Prop.ForAll(ArbMap.Default.ArbFor<uint>(), seed =>
        {
            var rng = new Rng(seed);
            MaskSet mask = Pruned(seed, 0.3);
            MaskSet random = MaskSet.RandomLike(mask, ref rng);
            return mask.Layers.SequenceEqual(random.Layers) && !mask.Equals(random);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Shuffled_masks_keep_the_counts_of_each_neuron() =>
        Prop.ForAll(ArbMap.Default.ArbFor<uint>(), seed =>
        {
            var rng = new Rng(seed);
            MaskSet mask = Pruned(seed, 0.3);
            MaskSet shuffled = MaskSet.ShuffledLike(mask, ref rng);
            for (int p = 0; p < Shape.Parameters.Count; p += 2)
            {
                int columns = Shape.Parameters[p].Columns;
                for (int row = 0; row < Shape.Parameters[p].Rows; row++)
                {
                    if (mask.Of(p).Slice(row * columns, columns).Count(true) != shuffled.Of(p).Slice(row * columns, columns).Count(true))
                    {
                        return false;
                    }
                }
            }

            return !mask.Equals(shuffled);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Arrays_make_the_same_mask_again()
    {
        MaskSet mask = Pruned(1, 0.3);
        MaskSet again = MaskSet.FromArrays(Shape, mask.ToArrays());
        Assert.Equal(mask, again);
        Assert.Equal(mask.GetHashCode(), again.GetHashCode());
        bool[]?[] wrong = mask.ToArrays();
        wrong[1] = new bool[16];
        Assert.Throws<ArgumentException>(() => MaskSet.FromArrays(Shape, wrong));
    }

    [Fact]
    public void Distance_is_zero_for_itself_and_about_one_for_independent_masks()
    {
        Architecture wide = Architecture.Parse("dense:200", 200, 2);
        var rng = new Rng(1);
        Network network = Network.Create(wide, ref rng);
        foreach (double density in new[] { 0.5, 0.2, 0.05 })
        {
            MaskSet mask = MagnitudePruning.Prune(network, MaskSet.Full(wide), PruningOptions.ToDensity(density));
            Assert.Equal(0.0, mask.NormalizedDistanceTo(mask));
            Assert.Equal(1.0, mask.IntersectionOverUnion(mask));
            MaskSet random = MaskSet.RandomLike(mask, ref rng);
            Assert.InRange(mask.NormalizedDistanceTo(random), 0.95, 1.05);
            Assert.InRange(mask.IntersectionOverUnion(random), 0.8 * density / (2 - density), 1.25 * density / (2 - density));
        }
    }

    [Fact]
    public void Masks_of_other_architectures_are_refused()
    {
        MaskSet other = MaskSet.Full(Architecture.Parse("dense:16", 12, 2));
        Assert.Throws<ArgumentException>(() => MaskSet.Full(Shape).HammingTo(other));
        Assert.Throws<ArgumentException>(() => other.ApplyTo(new Network(Shape)));
    }
}
