using TicketBot.Research.Experiments;

namespace TicketBot.Research.Tests.Experiments;

public sealed class PairedTestTests
{
    [Fact]
    public void Five_gains_of_five_have_the_smallest_p_of_one_in_thirty_two()
    {
        var test = PairedTest.Of([0.1, 0.2, 0.05, 0.3, 0.15]);
        Assert.Equal(1 / 32.0, test.PValue);
        Assert.Equal(0.16, test.Mean, 12);
        Assert.Equal(5, test.Count);
    }

    [Fact]
    public void The_interval_is_that_of_students_t()
    {
        // Mean 3, standard deviation sqrt(2.5), t(0.975; 4) = 2.776445.
        var test = PairedTest.Of([1, 2, 3, 4, 5]);
        var half = 2.7764451052 * Math.Sqrt(2.5 / 5);
        Assert.Equal(3 - half, test.Low!.Value, 6);
        Assert.Equal(3 + half, test.High!.Value, 6);
    }

    [Fact]
    public void Equal_patterns_of_signs_count_as_equal()
    {
        // Sums of +-1, +-1, +-2 that reach 1 - 1 + 2 = 2 or more: (+,+,+) = 4, (+,-,+) = 2, (-,+,+) = 2.
        Assert.Equal(3 / 8.0, PairedTest.Of([1, -1, 2]).PValue);
    }

    [Fact]
    public void No_difference_at_all_has_p_one() => Assert.Equal(1, PairedTest.Of([0, 0, 0, 0]).PValue);

    [Fact]
    public void A_single_pair_has_no_interval()
    {
        var test = PairedTest.Of([0.4]);
        Assert.Null(test.Low);
        Assert.Null(test.High);
        Assert.Equal(0.5, test.PValue);
    }

    [Fact]
    public void Many_pairs_take_drawn_signs_and_agree_with_all_of_them()
    {
        double[] differences = [.. Enumerable.Range(0, 16).Select(i => (i * 7 % 11) - 4.0)];
        var exact = PairedTest.Of(differences).PValue;
        var drawn = PairedTest.Of([.. differences, 0]).PValue;
        Assert.Equal(exact, drawn, 2);
    }
}
