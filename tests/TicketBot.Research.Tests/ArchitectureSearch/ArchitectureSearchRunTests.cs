using System.Text.Json;
using TicketBot.Research.ArchitectureSearch;
using TicketBot.Research.ArchitectureSearch.Spaces;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Tests.ArchitectureSearch;

public sealed class ArchitectureSearchRunTests
{
    [Fact]
    public async Task A_search_finds_a_network_that_knows_what_a_linear_one_cannot()
    {
        var report = await SearchRows.RunAsync(SearchRows.Plan with { Epochs = 30, RetestSeeds = 5 });
        Assert.Equal(12, report.Trials.Count);
        Assert.Equal(12, report.Trials.Select(trial => trial.Architecture).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 12), report.Trials.Select(trial => trial.Number));
        Assert.True(report.Best.TestAccuracy > 0.8, $"{report.Best}");
        Assert.True(report.Best.RetestLow > 0, $"{report.Best}"); // Over rows and five seeds, of which not all learn it.
        Assert.Equal(report.Best.SearchScore - report.Best.RetestScore, report.Best.Shrinkage, 12);
        Assert.Equal(report.Finalists.OrderByDescending(f => f.ConfirmedScore).Select(f => f.Architecture), report.Finalists.Select(f => f.Architecture));
    }

    // A class that lies five steps back: a dense layer at every step, read at the last, knows nothing of it.
    [Fact]
    public async Task A_search_finds_a_network_that_remembers_and_one_that_cannot_stays_at_chance()
    {
        var rows = SearchRows.Memory(3_000, 8, 5);
        var plan = new ArchitectureSearchPlan { Trials = 10, Places = 2, Widths = [8, 16], Population = 5, Tournament = 3, Finalists = 2, RetestSeeds = 2 };
        var found = await SearchRows.RunAsync(plan, rows);
        Assert.True(found.Best.TestAccuracy >= 0.95, $"{found.Best}");
        var lastOnly = await SearchRows.RunAsync(plan with { Trials = 4 }, SearchRows.LastStep(rows));
        Assert.InRange(lastOnly.Best.TestAccuracy, 0.43, 0.57);
    }

    // The long form, 100 searches of which 90 must contain zero, is the benchmark "search shuffled"; of ten true 95 % intervals fewer than seven contain it once in 6,000 times.
    [Fact]
    public async Task Shuffled_labels_have_no_edge()
    {
        var inside = 0;
        for (ulong seed = 1; seed <= 10; seed++)
        {
            var plan = SearchRows.Plan with { Trials = 6, Population = 4, Widths = [8], RetestSeeds = 5, Seed = seed };
            var report = await SearchRows.RunAsync(plan, SearchRows.Shuffled(800, seed));
            inside += report.Best.RetestLow <= 0 && report.Best.RetestHigh >= 0 ? 1 : 0;
        }

        Assert.InRange(inside, 7, 10);
    }

    [Fact]
    public async Task Threads_change_nothing_but_the_seconds()
    {
        var (one, three) = (await SearchRows.RunAsync(SearchRows.Plan, threads: 1), await SearchRows.RunAsync(SearchRows.Plan, threads: 3));
        Assert.Equal(TextOf(one), TextOf(three));
        Assert.NotEqual(TextOf(one), TextOf(await SearchRows.RunAsync(SearchRows.Plan with { Seed = 2 })));
    }

    [Theory]
    [InlineData("evolution", null)]
    [InlineData("nsga2", null)]
    [InlineData("reinforce", 3)]
    public async Task A_search_cut_short_goes_on_where_it_stood_and_ends_the_same(string strategy, int? halving)
    {
        var plan = SearchRows.Plan with { Strategy = strategy, Halving = halving };
        var runs = new MemoryRunStore();
        using var cut = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SearchRows.RunAsync(plan, runs: runs, cancellationToken: cut.Token, progress: p =>
        {
            if (p.Done == 5)
            {
                cut.Cancel();
            }
        }));
        Assert.InRange(runs.Count, 5, 30);
        var stored = runs.Count;
        var resumed = await SearchRows.RunAsync(plan, runs: runs);
        Assert.True(resumed.Reused >= stored, $"{resumed.Reused} of {stored}");
        Assert.Equal(TextOf(await SearchRows.RunAsync(plan)), TextOf(resumed));
    }

    [Fact]
    public async Task The_front_is_what_no_trial_dominates_and_its_hypervolume_grows_with_trials()
    {
        var few = await SearchRows.RunAsync(SearchRows.Plan with { Strategy = "random" });
        var many = await SearchRows.RunAsync(SearchRows.Plan with { Strategy = "random", Trials = 24 });
        Assert.Equal(few.Trials.Select(t => t.Architecture), many.Trials.Take(12).Select(t => t.Architecture));
        Assert.All(few.Front, member => Assert.DoesNotContain(few.Trials, trial =>
            trial.ValidationLoss <= member.ValidationLoss && trial.Parameters <= member.Parameters && (trial.ValidationLoss < member.ValidationLoss || trial.Parameters < member.Parameters)));
        Assert.All(few.Trials.Except(few.Front), trial => Assert.Contains(few.Front, member => member.ValidationLoss <= trial.ValidationLoss && member.Parameters <= trial.Parameters));
        Assert.True(many.Hypervolume >= few.Hypervolume);
        Assert.InRange(few.Hypervolume, 1e-6, 1);
    }

    [Fact]
    public async Task Limits_hold_for_every_trial_and_three_objectives_have_a_volume()
    {
        var plan = SearchRows.Plan with { Strategy = "nsga2", MaxParameters = 60, MaxLatencyUs = 4.1, Objectives = ["loss", "parameters", "latency"] };
        var report = await SearchRows.RunAsync(plan, latency: SearchRows.Latency());
        Assert.All(report.Trials, trial => Assert.InRange(trial.Parameters, 1, 60));
        Assert.All(report.Trials, trial => Assert.InRange(trial.LatencyUs!.Value, 0.5, 4.1));
        Assert.InRange(report.Hypervolume, 1e-9, 1);
    }

    [Fact]
    public async Task A_weight_on_size_finds_smaller_networks()
    {
        var plan = SearchRows.Plan with { Trials = 24 };
        var (accurate, small) = (await SearchRows.RunAsync(plan), await SearchRows.RunAsync(plan with { AccuracyWeight = 0, SizeWeight = 1 }));
        Assert.True(small.Best.Parameters < accurate.Best.Parameters, $"{small.Best.Parameters} against {accurate.Best.Parameters}");
    }

    [Fact]
    public async Task Halving_gives_most_updates_to_few_and_every_rung_the_same_predicted_seconds()
    {
        var plan = SearchRows.Plan with { Strategy = "random", Trials = 9, Halving = 3, Epochs = 60 };
        var report = await SearchRows.RunAsync(plan, latency: SearchRows.Latency());
        double[] perUpdate = [.. report.Trials.Select(trial => (double)ArchitectureCost.Of(Learning.Architecture.Parse(trial.Architecture, 4, 2)).TrainingMultiplyAdds)];
        const int Planned = 600; // 60 epochs of 10 updates.
        var whole = Planned * perUpdate.Order().ElementAt(4);
        double[] shares = [.. report.Trials.Select((trial, i) => trial.Updates * perUpdate[i] / whole)];
        Assert.All(shares, share => Assert.InRange(share, 0, 1.0));
        Assert.InRange(shares.Count(share => share > 1.0 / 9), 1, 3);
        Assert.InRange(shares.Count(share => share > 1.0 / 3), 0, 1);
        Assert.All(report.Trials.Zip(shares), trial => Assert.True(trial.First.Updates == Planned || trial.Second > 0.8 / 9, $"{trial}"));
        Assert.Equal(report.Trials.Min(trial => trial.ValidationLoss), report.Trials[Array.IndexOf(shares, shares.Max())].ValidationLoss);
    }

    [Fact]
    public async Task Test_rows_change_no_trial_and_no_choice()
    {
        var rows = SearchRows.Product();
        var shuffled = new Research.Experiments.ExperimentRows(
            rows.FeatureNames, rows.Window, rows.Classes, rows.Train, rows.Validation,
            new Learning.Training.TrainingSet(rows.Test.Features.ToArray(), 4, [.. rows.Test.Labels.ToArray().Reverse()]));
        var (one, other) = (await SearchRows.RunAsync(SearchRows.Plan, rows), await SearchRows.RunAsync(SearchRows.Plan, shuffled));
        Assert.Equal(JsonSerializer.Serialize(one.Trials), JsonSerializer.Serialize(other.Trials));
        Assert.Equal(one.Finalists.Select(f => f.Architecture), other.Finalists.Select(f => f.Architecture));
        Assert.NotEqual(one.Best.RetestScore, other.Best.RetestScore);
    }

    [Fact]
    public async Task A_training_that_diverges_is_a_trial_without_a_loss_and_only_all_of_them_are_a_refusal()
    {
        var refusal = await Assert.ThrowsAsync<ResearchRefusedException>(() => SearchRows.RunAsync(SearchRows.Plan with { LearningRate = 1e38 }));
        Assert.Contains("lower --learning-rate", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Latency_that_is_asked_for_needs_a_table()
    {
        var refusal = await Assert.ThrowsAsync<ResearchRefusedException>(() => SearchRows.RunAsync(SearchRows.Plan with { LatencyWeight = 1 }));
        Assert.Contains("--latency", refusal.Message, StringComparison.Ordinal);
    }

    private static string TextOf(ArchitectureSearchReport report) => JsonSerializer.Serialize(report with { Seconds = 0, Reused = 0 });
}
