using TicketBot.Learning;
using TicketBot.Learning.Losses;
using TicketBot.Research.Transfer;
using TicketBot.Testing;

namespace TicketBot.Research.Tests.Transfer;

public sealed class KernelTestTests
{
    [Fact]
    public void The_distance_is_that_of_numpy_and_of_the_training_loss()
    {
        // Nine rows, kernel and median written out with numpy 1.26: K = mean of exp(-D / (f median)) over f = 1/4 .. 4, off-diagonal means.
        float[] first = [0, 1, 2, 0.5f, -1, 0.25f, 0.5f, -1.5f, 1, 1];
        float[] second = [1.5f, 2, 3, 1, 0, 2.5f, 2, -0.5f];
        Assert.Equal(0.024704043603293036, KernelTest.DistanceOf(first, second, 2), 1e-6);
        var (a, b) = (DomainTables.Normal(130, 5, 1), DomainTables.Normal(90, 5, 2, 0.5));
        Assert.Equal(new FeatureDistance.Mmd().Between(a, b, 5), KernelTest.DistanceOf(a, b, 5), 1e-6);
        Assert.Equal(KernelTest.DistanceOf(a, b, 5), KernelTest.Of(a, b, 5, 10, 19, new Rng(1)).Distance, 1e-9);
    }

    [Fact]
    public void Equal_distributions_are_told_apart_in_about_one_of_twenty_whether_rows_remember_or_not()
    {
        var (plain, remembering) = (0, 0);
        for (var pair = 0; pair < 100; pair++)
        {
            plain += Differs(DomainTables.Normal(100, 4, (ulong)pair), DomainTables.Normal(100, 4, 1_000 + (ulong)pair), 5) ? 1 : 0;
            remembering += Differs(DomainTables.Remembering(200, 4, (ulong)pair, 0.5), DomainTables.Remembering(200, 4, 2_000 + (ulong)pair, 0.5), 10) ? 1 : 0;
        }

        // Binomial 0.05 of 100: more than 12 has a chance of 0.15 %.
        Assert.InRange(plain, 0, 12);
        Assert.InRange(remembering, 0, 12);
    }

    [Fact]
    public void Memory_ends_where_rows_no_longer_know_each_other_and_is_left_out_between_blocks()
    {
        int Of(double memory) => Enumerable.Range(0, 9).Select(seed => KernelTest.MemoryOf(DomainTables.Remembering(300, 4, (ulong)seed, memory), 4)).Order().ElementAt(4);
        Assert.Equal(0, KernelTest.MemoryOf(DomainTables.Normal(300, 4, 1), 4));
        Assert.Equal(0, KernelTest.MemoryOf(new float[400], 4));
        Assert.Equal(0, Of(0));
        Assert.InRange(Of(0.5), 1, 3);
        Assert.InRange(Of(0.9), 6, 40);
        var test = KernelTest.Of(DomainTables.Remembering(320, 4, 1, 0.98), DomainTables.Remembering(320, 4, 2, 0.98), 4, 5, 19, new Rng(1));
        Assert.Equal(200, test.First); // Of 320 rows a sixteenth is the longest gap: five blocks of 40 with 20 between them.
    }

    [Fact]
    public void A_small_shift_and_a_change_of_variance_are_found_in_nine_of_ten()
    {
        var (shift, variance) = (0, 0);
        for (var pair = 0; pair < 30; pair++)
        {
            shift += Differs(DomainTables.Normal(200, 4, (ulong)pair), DomainTables.Normal(200, 4, 1_000 + (ulong)pair, 0.25), 5) ? 1 : 0;
            variance += Differs(DomainTables.Normal(200, 4, (ulong)pair), DomainTables.Normal(200, 4, 1_000 + (ulong)pair, 0, 1.4), 5) ? 1 : 0;
        }

        Assert.InRange(shift, 27, 30);
        Assert.InRange(variance, 27, 30);
    }

    [Fact]
    public void Rows_that_are_all_equal_have_distance_zero_and_too_few_blocks_are_refused()
    {
        var same = new float[40];
        Assert.Equal(0, KernelTest.Of(same, same, 2, 2, 99, new Rng(1)).Distance, 1e-12);
        Assert.Equal(1, KernelTest.Of(same, same, 2, 2, 99, new Rng(1)).PValue);
        Assert.Contains("at least two blocks of 11", Assert.Throws<ArgumentException>(() => KernelTest.Of(same, same, 2, 11, 99, new Rng(1))).Message, StringComparison.Ordinal);
    }

    private static bool Differs(float[] first, float[] second, int block) => KernelTest.Of(first, second, 4, block, 199, new Rng(7)).PValue < 0.05;
}
