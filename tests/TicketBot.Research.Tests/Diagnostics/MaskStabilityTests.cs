using TicketBot.Learning.Pruning;
using TicketBot.Research.Diagnostics;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Tests.Diagnostics;

public sealed class MaskStabilityTests
{
    private const int Inputs = 12;

    [Fact]
    public async Task Two_halves_of_a_taught_table_agree_beyond_every_shuffled_one_and_their_references_lie_in_order()
    {
        var found = await RunAsync(shuffled: false, seed: 1, draws: 20);

        Assert.Equal(1.0 / 21, found.Answers.PValue, 12);
        Assert.True(found.Answers.Value > found.Answers.NullHigh && found.Answers.Ceiling > found.Answers.NullHigh);
        Assert.True(found.Inputs.Value > found.Inputs.NullHigh && found.Inputs.NullHigh >= found.Inputs.NullMean);
        Assert.InRange(found.Inputs.NullMean, -0.05, 0.05); // Two shuffled halves prefer nothing in common.
        Assert.True(found.Inputs.Value > 3 * found.Inputs.NullHigh);
        Assert.InRange(found.Weights.Ceiling, found.Weights.Value, 1);
        Assert.InRange(found.Inputs.Corrected!.Value, 0.2, 1.2);
        Assert.Equal((800 - 50) / 2, found.HalfRows);
    }

    [Fact]
    public async Task Tables_without_meaning_are_refused_far_more_often_than_not()
    {
        var refused = 0;
        for (var seed = 0UL; seed < 6; seed++)
        {
            refused += (await RunAsync(shuffled: true, seed, draws: 20)).Answers.PValue >= 0.05 ? 1 : 0;
        }

        // Each passes with a chance of one in 21.
        Assert.InRange(refused, 5, 6);
    }

    [Fact]
    public async Task Threads_change_no_bit_and_stored_draws_are_not_drawn_again()
    {
        var store = new MemoryRunStore();
        var one = await RunAsync(false, 2, 3, new StageRunner(new MemoryRunStore(), 1));
        var two = await RunAsync(false, 2, 3, new StageRunner(store, 2));
        var again = new StageRunner(store, 1);
        var read = await RunAsync(false, 2, 3, again);

        Assert.Equal(one.InputShares, two.InputShares);
        Assert.Equal(one.PairShares, read.PairShares);
        Assert.Equal((one.Answers, one.Inputs, one.Weights, one.Movement), (two.Answers, two.Inputs, two.Weights, two.Movement));
        Assert.Equal((one.Answers, one.Inputs, one.Weights, one.Movement), (read.Answers, read.Inputs, read.Weights, read.Movement));
        Assert.Equal(0, again.Made);
        Assert.Equal(MaskStability.Starts * 2 * 5, again.Reused);
    }

    [Fact]
    public async Task Named_masks_hold_the_rows_orders_and_labels_they_are_named_for()
    {
        var rows = PlantedRows.Of(800, Inputs, 1, shuffled: false);
        var stability = new MaskStability(PlantedRows.Plan(Inputs, 7), rows, "named", 50, new StageRunner(new MemoryRunStore(), 1));
        var masks = await stability.NamedAsync([("again", rows)], default);
        var matrix = MaskOverlapMatrix.Of(masks);
        int Of(string name) => matrix.Names.ToList().IndexOf(name);

        Assert.Equal(
            ["all rows", "other order", "other start", "first half", "second half", "quarter 1", "quarter 2", "quarter 3", "quarter 4", "again", "shuffled labels", "untrained"],
            matrix.Names);
        Assert.Equal(1, matrix[Of("all rows"), Of("again")].IntersectionOverUnion);
        Assert.InRange(matrix[Of("all rows"), Of("other start")].Distance, 0.75, 1.15); // Other first weights: hardly more than chance.
        Assert.True(matrix[Of("all rows"), Of("other order")].IntersectionOverUnion > matrix[Of("all rows"), Of("shuffled labels")].IntersectionOverUnion);
    }

    [Fact]
    public void An_untrained_mask_prefers_no_input()
    {
        var draw = MaskDraw.Untrained(PlantedRows.Plan(Inputs, 3) with { EarlyBird = new EarlyBirdOptions { Density = 1 } }, new float[Inputs]);

        Assert.All(draw.InputShares, share => Assert.InRange(share, 0.6 / Inputs, 1.4 / Inputs));
        Assert.Equal(1, draw.InputShares.Sum(), 9);
    }

    [Fact]
    public async Task Nothing_to_draw_is_refused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => RunAsync(false, 1, draws: 0));

    private static Task<MaskStabilityReport> RunAsync(bool shuffled, ulong seed, int draws, StageRunner? stages = null) => new MaskStability(
        PlantedRows.Plan(Inputs, StageHash.Seed("plan", seed)), PlantedRows.Of(800, Inputs, seed, shuffled), StageHash.Of("rows", seed, shuffled), 50,
        stages ?? new StageRunner(new MemoryRunStore(), 2)).RunAsync(draws, default);
}
