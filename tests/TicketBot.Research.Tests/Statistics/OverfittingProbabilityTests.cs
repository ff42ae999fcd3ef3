using TicketBot.Learning;
using TicketBot.Research.Statistics;

namespace TicketBot.Research.Tests.Statistics;

public sealed class OverfittingProbabilityTests
{
    [Fact]
    public void Equals_numpy_over_all_splits()
    {
        var file = GoldenNumbers.Read("candidates");
        var table = SuperiorPredictiveAbilityTests.Table(file);
        foreach (var expected in file.GetProperty("overfitting").EnumerateArray())
        {
            var found = OverfittingProbability.Of(table, expected.Count("blocks"));
            Assert.Equal(expected.Count("splits"), found.Splits);
            Assert.Equal(expected.Number("probability"), found.Probability, 1e-12);
            Assert.Equal(expected.Number("lossProbability"), found.LossProbability, 1e-12);
            Assert.Equal(expected.Number("meanLogit"), found.MeanLogit, 1e-9);
        }
    }

    [Fact]
    public void The_best_of_noise_is_below_the_middle_about_every_other_time()
    {
        // 50 strategies of 1,600 rows: an outside simulation found a mean of 0.44, single worlds from 0.15 to 0.75.
        const int Worlds = 24;
        double sum = 0;
        for (var world = 0; world < Worlds; world++)
        {
            var rng = new Rng((ulong)world);
            sum += OverfittingProbability.Of(
                CandidateReturns.Of([.. Enumerable.Range(0, 50).Select(_ => SuperiorPredictiveAbilityTests.Noise(ref rng, 1_600, 0, 1))]), 12).Probability;
        }

        Assert.InRange(sum / Worlds, 0.37, 0.57);
    }

    [Fact]
    public void A_dominating_strategy_is_no_overfitting()
    {
        var rng = new Rng(1);
        double[][] table = [.. Enumerable.Range(0, 20).Select(k => SuperiorPredictiveAbilityTests.Noise(ref rng, 1_600, k == 7 ? 0.3 : 0, 1))];
        var found = OverfittingProbability.Of(CandidateReturns.Of(table), 16);

        Assert.Equal(12_870, found.Splits);
        Assert.InRange(found.Probability, 0, 0.001);
        Assert.True(found.MeanLogit > 2 && found.LossProbability < 0.01);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(18)]
    public void Blocks_are_even_and_at_most_sixteen(int blocks) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => OverfittingProbability.Of(CandidateReturns.Of([new double[100], new double[100]]), blocks));

    [Fact]
    public void One_candidate_leaves_nothing_to_choose() =>
        Assert.Throws<ArgumentException>(() => OverfittingProbability.Of(CandidateReturns.Of([new double[100]]), 8));
}
