namespace TicketBot.Learning.Tests;

public class RngTests
{
    [Fact]
    public void The_stream_of_a_seed_never_changes()
    {
        var rng = new Rng(42);
        ulong[] drawn = [rng.NextUInt64(), rng.NextUInt64(), rng.NextUInt64()];
        // The first values of xoshiro256** seeded with 42 by splitmix64, as the published generators give them.
        Assert.Equal([0x15780B2E0C2EC716UL, 0x6104D9866D113A7EUL, 0xAE17533239E499A1UL], drawn);
    }

    [Fact]
    public void Other_draws_of_a_seed_never_change()
    {
        var rng = new Rng(7);
        Assert.Equal("0.9643618527255183 0.83962744 0.9810977250149351 990 7912887988288444875", string.Join(' ', rng.NextGaussian().ToString("R"), rng.NextFloat().ToString("R"), rng.NextDouble().ToString("R"), rng.NextInt(1000), rng.Split(3).NextUInt64()));
    }

    [Fact]
    public void Integers_are_uniform_below_the_bound()
    {
        var rng = new Rng(1);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            counts[rng.NextInt(7)]++;
        }

        // Chi-squared with 6 degrees of freedom stays below 22.5 with probability 0.999.
        Assert.True(counts.Sum(n => (n - 10_000.0) * (n - 10_000.0) / 10_000.0) < 22.5);
    }

    [Fact]
    public void Normal_draws_have_the_moments_of_a_normal()
    {
        var rng = new Rng(2);
        double[] draws = [.. Enumerable.Range(0, 100_000).Select(_ => rng.NextGaussian())];
        double mean = draws.Average();
        double variance = draws.Average(x => (x - mean) * (x - mean));
        double kurtosis = draws.Average(x => Math.Pow(x - mean, 4)) / (variance * variance);
        Assert.InRange(mean, -0.015, 0.015);
        Assert.InRange(variance, 0.98, 1.02);
        Assert.InRange(kurtosis, 2.9, 3.1);
    }

    [Fact]
    public void A_shuffle_is_a_permutation_and_moves_items()
    {
        var rng = new Rng(3);
        int[] items = [.. Enumerable.Range(0, 100)];
        rng.Shuffle(items.AsSpan());
        Assert.NotEqual(Enumerable.Range(0, 100), items);
        Assert.Equal(Enumerable.Range(0, 100), items.Order());
    }

    [Fact]
    public void Splitting_leaves_the_stream_in_place_and_gives_different_streams()
    {
        var rng = new Rng(4);
        Rng copy = rng;
        ulong[] firsts = [.. Enumerable.Range(0, 1000).Select(i => rng.Split((ulong)i).NextUInt64())];
        Assert.Equal(1000, firsts.Distinct().Count());
        Assert.Equal(copy.NextUInt64(), rng.NextUInt64());
    }

    [Fact]
    public void An_unseeded_value_refuses_to_draw()
    {
        Rng rng = default;
        Assert.Throws<InvalidOperationException>(() => rng.NextUInt64());
    }
}
