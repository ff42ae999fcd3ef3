using TicketBot.Research.Admission;
using TicketBot.Testing;

namespace TicketBot.Research.Tests.Admission;

public sealed class PairedEvidenceTests
{
    private static readonly ResearchOptions Options = new();

    [Fact]
    public void An_equal_challenger_is_seldom_promoted_however_often_is_looked_and_a_better_one_nearly_always()
    {
        const int runs = 200;
        var (equal, better) = (0, 0);
        for (var seed = 1UL; seed <= runs; seed++)
        {
            equal += PairedEvidence.Of(Differences(seed, 3_200, 0), 200, Options, seed).IsBetter ? 1 : 0;
            better += PairedEvidence.Of(Differences(seed, 3_200, 3), 200, Options, seed).IsBetter ? 1 : 0;
        }

        Assert.True(equal <= runs / 10, $"{equal} of {runs} equal challengers were promoted, alpha is {Options.Alpha}");
        Assert.True(better >= runs * 9 / 10, $"only {better} of {runs} better challengers were promoted");
    }

    [Theory]
    [InlineData(199, 0, 0)]
    [InlineData(200, 1, 200)]
    [InlineData(399, 1, 200)]
    [InlineData(400, 2, 400)]
    [InlineData(3_199, 4, 1_600)]
    public void Looks_are_taken_at_the_number_of_decisions_and_its_doublings_and_at_no_other(int decisions, int looks, int at)
    {
        var evidence = PairedEvidence.Of(Differences(1, decisions, -5), 200, Options, 1);
        Assert.Equal((decisions, looks, at, false), (evidence.Decisions, evidence.Looks, evidence.LookedAt, evidence.IsBetter));
    }

    [Fact]
    public void What_a_look_found_is_found_again_later_whatever_came_after()
    {
        var differences = Differences(3, 1_000, 8);
        var first = PairedEvidence.Of(differences.AsSpan(0, 200), 200, Options, 7);
        Assert.True(first.IsBetter);
        differences.AsSpan(200).Fill(-100);
        Assert.Equal(first with { Decisions = 1_000 }, PairedEvidence.Of(differences, 200, Options, 7));
    }

    [Fact]
    public void Where_no_decisions_are_asked_for_a_hundred_are()
    {
        Assert.Equal(0, PairedEvidence.Of(Differences(1, 99, 50), 0, Options, 1).Looks);
        Assert.Equal(100, PairedEvidence.Of(Differences(1, 100, 50), 0, Options, 1).LookedAt);
        Assert.Contains("too few", PairedEvidence.Of([], 0, Options, 1).ToString(), StringComparison.Ordinal);
    }

    // A challenger and a champion that each trade one candle in three.
    private static double[] Differences(ulong seed, int count, double mean)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < 0.33 ? (30 * random.NextGaussian()) + (mean / 0.33) : 0)];
    }
}
