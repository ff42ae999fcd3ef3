using TicketBot.Research.Diagnostics;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Tests.Diagnostics;

public sealed class FeatureSurvivalTests
{
    private const int Inputs = 16;

    [Fact]
    public async Task The_inputs_of_a_sparse_teacher_survive_and_the_others_do_not()
    {
        var survival = await RunAsync(shuffled: false, seed: 1);

        Assert.Equal(["x0", "x1", "x2"], survival.Features.Where(feature => feature.Survives).Select(feature => feature.Feature));
        Assert.Equal(1, survival.Features.Sum(feature => feature.Share), 9);
        Assert.Equal(("x0", "x1"), (survival.Pairs[0].First, survival.Pairs[0].Second)); // The product of the teacher.
        Assert.True(survival.Pairs[0].Survives);
        Assert.Equal(10, survival.Pairs.Count);
        Assert.Equal(survival.Pairs.Select(pair => pair.Share).OrderDescending(), survival.Pairs.Select(pair => pair.Share));
    }

    [Fact]
    public async Task Shuffled_labels_keep_hardly_ever_an_input_above_the_null_of_the_maximum()
    {
        // The long form, a hundred tables, is "diagnostics survival" of the benchmarks.
        var clean = 0;
        for (var seed = 0UL; seed < 6; seed++)
        {
            clean += (await RunAsync(shuffled: true, seed)).Features.Any(feature => feature.Survives) ? 0 : 1;
        }

        Assert.InRange(clean, 5, 6);
    }

    [Fact]
    public void The_bound_is_the_largest_of_few_draws_and_the_95_percent_point_of_many()
    {
        double[] Maxima(int draws) => [.. Enumerable.Range(1, draws).Select(i => i / 1_000.0).Reverse()];
        FeatureSurvival Of(int draws) => FeatureSurvival.Of(Report([0.5, 0.3, 0.2], Maxima(draws)), ["a", "b", "c"]);

        Assert.Equal(0.020, Of(20).NullHigh);
        Assert.Equal(0.039, Of(39).NullHigh);
        Assert.Equal(0.039, Of(40).NullHigh); // ceil(0.95 x 41) = 39th of 40.
        Assert.Equal(0.096, Of(100).NullHigh);
        Assert.Null(Of(20).PairNullHigh);
        Assert.Empty(Of(20).Pairs);
    }

    [Fact]
    public void Names_that_are_not_as_many_as_the_inputs_are_refused() =>
        Assert.Contains("3 inputs, found 2 names", Assert.Throws<ArgumentException>(() => FeatureSurvival.Of(Report([0.5, 0.3, 0.2], [0.4]), ["a", "b"])).Message, StringComparison.Ordinal);

    private static MaskStabilityReport Report(double[] shares, double[] maxima)
    {
        var score = new StabilityScore(0, 0, 0, 0, 0, 1);
        return new MaskStabilityReport(maxima.Length, 1, 1, score, score, score, score, shares, [], maxima, []);
    }

    private static async Task<FeatureSurvival> RunAsync(bool shuffled, ulong seed)
    {
        var stability = new MaskStability(
            PlantedRows.Plan(Inputs, StageHash.Seed("plan", seed)), PlantedRows.Of(1_000, Inputs, seed, shuffled), StageHash.Of("rows", seed, shuffled), 0,
            new StageRunner(new MemoryRunStore(), 2));
        return FeatureSurvival.Of(await stability.RunAsync(20, default), PlantedRows.Names(Inputs));
    }
}
