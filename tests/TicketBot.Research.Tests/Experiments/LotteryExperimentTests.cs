using TicketBot.Market.Tables;
using TicketBot.Research.Experiments;
using TicketBot.Research.Stages;
using TicketBot.Tickets;

namespace TicketBot.Research.Tests.Experiments;

public sealed class LotteryExperimentTests
{
    [Fact]
    public async Task What_remains_of_each_layer_follows_the_formula()
    {
        var report = await Planted.RunAsync(Planted.Plan with { Rounds = 5 });
        foreach (var rounds in report.Seeds.Select(seed => seed.Rounds))
        {
            for (var round = 1; round < rounds.Count; round++)
            {
                for (var layer = 0; layer < 3; layer++)
                {
                    var before = rounds[round - 1].Layers[layer].Remaining;
                    Assert.Equal(before - (int)Math.Floor((layer == 2 ? 0.1m : 0.2m) * before), rounds[round].Layers[layer].Remaining);
                }

                Assert.Equal((double)rounds[round].Layers.Sum(l => l.Remaining) / rounds[round].Layers.Sum(l => l.Total), rounds[round].Remaining);
                Assert.Equal(["ticket", "reinit", "shuffled", "random"], rounds[round].Outcomes.Keys);
            }

            Assert.Equal(["dense"], rounds[0].Outcomes.Keys);
            Assert.Equal([96, 96, 16], rounds[0].Layers.Select(l => l.Total));
        }
    }

    [Theory]
    [InlineData(ExperimentMethod.OneShot)]
    [InlineData(ExperimentMethod.EarlyBird)]
    public async Task A_method_that_prunes_once_goes_to_the_density_of_all_rounds_within_one_weight(ExperimentMethod method)
    {
        var report = await Planted.RunAsync(Planted.Plan with { Method = method, Rounds = 6 });
        Assert.All(report.Seeds, seed =>
        {
            Assert.Equal(2, seed.Rounds.Count);
            Assert.True(method == ExperimentMethod.EarlyBird || seed.EmergedAtStep is null);
            for (var layer = 0; layer < 3; layer++)
            {
                var (remaining, total) = (seed.Rounds[1].Layers[layer].Remaining, seed.Rounds[1].Layers[layer].Total);
                Assert.InRange(remaining - (total * Math.Pow(layer == 2 ? 0.9 : 0.8, 6)), -1, 1);
            }
        });
    }

    [Theory]
    [InlineData(ExperimentMethod.Snip)]
    [InlineData(ExperimentMethod.SynFlow)]
    [InlineData(ExperimentMethod.RigL)]
    public async Task A_method_that_shares_weights_out_among_layers_keeps_as_many_in_all_as_rounds_would(ExperimentMethod method)
    {
        var plan = Planted.Plan with { Rounds = 6, NullDraws = 2 };
        var (report, again) = (await Planted.RunAsync(plan with { Method = method }), await Planted.RunAsync(plan with { Method = method }, threads: 1));
        Assert.Equal(Text(report), Text(again));
        var expected = (await Planted.RunAsync(plan with { Method = ExperimentMethod.OneShot })).Seeds[0].Rounds[1].Layers.Sum(l => l.Remaining);
        Assert.All(report.Seeds, seed =>
        {
            Assert.Equal(2, seed.Rounds.Count);
            Assert.InRange(seed.Rounds[1].Layers.Sum(l => l.Remaining) - expected, -1, 1);
            Assert.Equal(["ticket", "reinit", "shuffled", "random"], seed.Rounds[1].Outcomes.Keys);
            Assert.Null(seed.EmergedAtStep);
        });
        Assert.NotEqual(report.Seeds[0].MaskSha256, report.Seeds[1].MaskSha256);
    }

    [Fact]
    public async Task Threads_change_no_bit()
    {
        var plan = Planted.Plan with { NullDraws = 3 };
        Assert.Equal(Text(await Planted.RunAsync(plan, threads: 1)), Text(await Planted.RunAsync(plan, threads: 4)));
    }

    [Fact]
    public async Task A_search_that_was_cut_off_goes_on_where_it_stood_and_ends_with_the_same_bits()
    {
        var whole = await Planted.RunAsync(Planted.Plan);
        var store = new CutStore(writes: 9);
        await Assert.ThrowsAsync<IOException>(() => Planted.RunAsync(Planted.Plan, runs: store));
        var kept = store.Kept;
        Assert.InRange(kept, 1, 9);
        store.Mend();
        var resumed = await Planted.RunAsync(Planted.Plan, runs: store);
        Assert.Equal(kept, resumed.Reused);
        Assert.Equal(Text(whole), Text(resumed));
        Assert.Equal(whole.Trainings, (await Planted.RunAsync(Planted.Plan, runs: store)).Reused);
    }

    [Fact]
    public async Task Test_rows_decide_nothing_but_the_reported_accuracy()
    {
        var table = Planted.Table();
        var labels = table.Labels.ToArray();
        foreach (var row in table.RowsOf(TableBlock.Test))
        {
            labels[row] = 1 - labels[row];
        }

        var (plain, flipped) = (await Planted.RunAsync(Planted.Plan, table), await Planted.RunAsync(Planted.Plan, new LabelledTable(table.Columns, table.Values.ToArray(), labels)));
        foreach (var (a, b) in plain.Seeds.Zip(flipped.Seeds))
        {
            Assert.Equal((a.MaskSha256, a.WeightsSha256, a.EmergedAtStep), (b.MaskSha256, b.WeightsSha256, b.EmergedAtStep));
            foreach (var (x, y) in a.Rounds.SelectMany(r => r.Outcomes.Values).Zip(b.Rounds.SelectMany(r => r.Outcomes.Values)))
            {
                Assert.Equal((x.EarlyStopStep, x.MinValidationLoss), (y.EarlyStopStep, y.MinValidationLoss));
                Assert.Equal(1, x.AccuracyAtEarlyStop + y.AccuracyAtEarlyStop, 12);
            }
        }

        Assert.Equal(plain.Verdict.Round, flipped.Verdict.Round);
    }

    [Fact]
    public async Task Multiply_adds_count_what_dense_training_multiplies()
    {
        // 240 rows in batches of 32: 60 steps are 7 epochs of 8 batches (240 rows each) and 4 batches of the eighth. The first layer needs no input gradient.
        var report = await Planted.RunAsync(Planted.Plan with { Rounds = 0, Seeds = 1 });
        Assert.Equal(((7L * 240) + (4 * 32)) * ((2 * 96) + (3 * 96) + (3 * 16)), report.MultiplyAdds);
    }

    [Fact]
    public async Task Of_a_layer_that_keeps_at_most_half_only_the_survivors_are_counted()
    {
        var plan = Planted.Plan with { Seeds = 1, Controls = [], Method = ExperimentMethod.OneShot, Rounds = 4 };
        var (dense, sparse) = (await Planted.RunAsync(plan with { Rounds = 0 }), await Planted.RunAsync(plan));
        var layers = sparse.Seeds[0].Rounds[1].Layers;
        Assert.Equal([true, true, false], layers.Select(layer => 2 * layer.Remaining <= layer.Total));
        var perRow = (2 * layers[0].Remaining) + (3 * layers[1].Remaining) + (3 * layers[2].Total);
        Assert.Equal(((7L * 240) + (4 * 32)) * perRow, sparse.MultiplyAdds - dense.MultiplyAdds);
    }

    [Fact]
    public async Task No_rounds_train_the_dense_network_alone()
    {
        var report = await Planted.RunAsync(Planted.Plan with { Rounds = 0, NullDraws = 5 });
        Assert.All(report.Seeds, seed =>
        {
            Assert.Equal(["dense"], Assert.Single(seed.Rounds).Outcomes.Keys);
            Assert.Null(seed.EmergedAtStep);
            Assert.All(seed.InputSurvival, input => Assert.Null(input.NullHigh));
        });
        Assert.Equal(2, report.Trainings);
        Assert.Equal("dense network", report.Verdict.Label);
    }

    [Fact]
    public async Task Planted_inputs_hold_more_than_permuted_labels_give_any_and_the_others_do_not()
    {
        var report = await Planted.RunAsync(
            Planted.Plan with { Architecture = "dense:24", LearningRate = 0.03, Rounds = 8, Steps = 150, Seeds = 1, Controls = [], NullDraws = 20 }, Planted.Table(600, 12, 2));
        var inputs = Assert.Single(report.Seeds).InputSurvival;
        Assert.Equal(1, inputs.Sum(i => i.Share), 9);
        Assert.Single(inputs.Select(i => i.NullHigh).Distinct());
        Assert.Equal(["x0", "x1"], inputs.Where(i => i.Share > i.NullHigh).Select(i => i.Feature));
        Assert.Equal(20, report.NullDraws);
    }

    [Fact]
    public async Task A_ticket_rewinds_to_the_step_asked_for_and_freshly_drawn_controls_do_not()
    {
        var (start, late) = (await Planted.RunAsync(Planted.Plan with { Rounds = 1 }), await Planted.RunAsync(Planted.Plan with { Rounds = 1, RewindStep = 20 }));
        foreach (var (a, b) in start.Seeds.Zip(late.Seeds))
        {
            Assert.Equal(a.Rounds[0].Outcomes["dense"], b.Rounds[0].Outcomes["dense"]);
            Assert.Equal(a.MaskSha256, b.MaskSha256);
            Assert.Equal(a.Rounds[1].Outcomes["reinit"], b.Rounds[1].Outcomes["reinit"]);
            Assert.NotEqual(a.Rounds[1].Outcomes["ticket"], b.Rounds[1].Outcomes["ticket"]);
            Assert.InRange(b.Rounds[1].Outcomes["ticket"].EarlyStopStep, 21, 60);
        }
    }

    [Fact]
    public async Task Learning_rate_rewinding_goes_on_from_trained_weights()
    {
        var (weights, rate) = (await Planted.RunAsync(Planted.Plan), await Planted.RunAsync(Planted.Plan with { Rewind = "rate" }));
        Assert.True(rate.Seeds.Average(s => s.Rounds[1].Outcomes["ticket"].MinValidationLoss) < weights.Seeds.Average(s => s.Rounds[1].Outcomes["ticket"].MinValidationLoss));
    }

    [Fact]
    public async Task Only_what_trains_from_its_start_and_beats_every_control_over_five_seeds_is_called_a_winning_ticket()
    {
        // Of 40 inputs two matter: random masks and fresh weights have little chance to keep the ways that read them.
        var plan = Planted.Plan with { Architecture = "dense:24", LearningRate = 0.03, Rounds = 10, Steps = 150, Seeds = 5, Controls = [ExperimentControl.Random] };
        var table = Planted.Table(900, 40, 2);
        Assert.Equal("winning ticket", (await Planted.RunAsync(plan, table)).Verdict.Label);
        Assert.Equal("sparse network", (await Planted.RunAsync(plan with { Rewind = "rate" }, table)).Verdict.Label);
        var four = (await Planted.RunAsync(plan with { Seeds = 4 }, table)).Verdict;
        Assert.Equal("sparse network", four.Label);
        Assert.Contains("fewer than 5 seeds", four.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seed_stops_once_its_validation_loss_has_risen_too_far()
    {
        var report = await Planted.RunAsync(Planted.Plan with { Prune = 0.9, Rounds = 4, Controls = [], StopLossRise = 0.5 });
        Assert.All(report.Seeds, seed =>
        {
            Assert.Contains("exceeds", seed.Stopped, StringComparison.Ordinal);
            Assert.InRange(seed.Rounds.Count, 2, 4);
            var limit = 1.5 * seed.Rounds[0].Outcomes["dense"].MinValidationLoss;
            Assert.True(seed.Rounds[^1].Outcomes["ticket"].MinValidationLoss > limit);
            Assert.All(seed.Rounds.Skip(1).SkipLast(1), round => Assert.True(round.Outcomes["ticket"].MinValidationLoss <= limit));
        });
    }

    [Fact]
    public async Task Windows_and_recurrent_weights_are_pruned_at_their_own_rate()
    {
        var report = await Planted.RunAsync(
            Planted.Plan with { Architecture = "lstm:6", Rounds = 2, Seeds = 1 }, Planted.Table(400, 8, 2, window: 4));
        var (first, second) = (report.Seeds[0].Rounds[1], report.Seeds[0].Rounds[2]);
        Assert.Equal((2, 4), (report.Features, report.Window));
        Assert.Equal(["layer1.input_weight", "layer1.recurrent_weight", "output.weight"], first.Layers.Select(l => l.Name));
        Assert.Equal([48 - (4 * 2), 144 - (4 * 3), 12 - 1], first.Layers.Select(l => l.Remaining));
        Assert.Equal([40 - (4 * 2), 132 - (4 * 3), 11 - 1], second.Layers.Select(l => l.Remaining));
        Assert.Equal(["x6", "x7"], report.Seeds[0].InputSurvival.Select(i => i.Feature));
    }

    [Fact]
    public async Task What_does_not_go_together_is_refused_with_the_option_and_the_value()
    {
        await RefusesAsync(Planted.Plan with { Rounds = -1 }, "--rounds: expected 0 to 100, found -1");
        await RefusesAsync(Planted.Plan with { Prune = 1 }, "--prune: expected a share above 0 and below 1, found 1");
        await RefusesAsync(Planted.Plan with { RewindStep = 60 }, "--rewind-step: expected a step from 0 to below --steps 60, found 60");
        await RefusesAsync(Planted.Plan with { Optimizer = "adamw" }, "--optimizer: expected adam or sgd, found 'adamw'");
        await RefusesAsync(Planted.Plan with { Scope = "all" }, "--scope: expected layer or global, found 'all'");
        await RefusesAsync(Planted.Plan with { Architecture = "dense:0" }, "--architecture: ");
        await RefusesAsync(Planted.Plan with { Rewind = "rate", Method = ExperimentMethod.EarlyBird }, "--rewind: ");
        await RefusesAsync(Planted.Plan with { LearningRate = 1e30, Optimizer = "sgd" }, "diverged");
    }

    private static async Task RefusesAsync(ExperimentPlan plan, string expected) =>
        Assert.Contains(expected, (await Assert.ThrowsAsync<ResearchRefusedException>(() => Planted.RunAsync(plan))).Message, StringComparison.Ordinal);

    private static string Text(ExperimentReport report) => System.Text.Json.JsonSerializer.Serialize(report with { Seconds = 0, Reused = 0 });

    /// <summary>A run store that fails after so many writes, as a killed process does.</summary>
    private sealed class CutStore(int writes) : IRunStore
    {
        private readonly MemoryRunStore _store = new();
        private int _left = writes;

        public int Kept => _store.Count;

        public void Mend() => _left = int.MaxValue;

        public ValueTask<byte[]?> ReadAsync(string stage, string inputHash, CancellationToken cancellationToken) => _store.ReadAsync(stage, inputHash, cancellationToken);

        public ValueTask WriteAsync(string stage, string inputHash, ReadOnlyMemory<byte> output, CancellationToken cancellationToken) =>
            Interlocked.Decrement(ref _left) >= 0 ? _store.WriteAsync(stage, inputHash, output, cancellationToken) : throw new IOException("cut off");
    }
}
