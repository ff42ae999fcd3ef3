using TicketBot.Market.Tables;
using TicketBot.Research.Stages;
using TicketBot.Research.Transfer;
using TicketBot.Testing;

namespace TicketBot.Research.Tests.Transfer;

/// <summary>Transfers whose right answer is known; the campaigns over many seeds are a verb of the benchmarks.</summary>
public sealed class TransferExperimentTests
{
    private const string Small = "dense:32/identity,batchnorm/relu,dense:16/identity,batchnorm/relu";

    [Fact]
    public async Task A_helpful_source_is_kept_and_beats_a_network_on_the_targets_labels_alone()
    {
        var report = await RunAsync(DomainTables.Rule(2_500, 1), DomainTables.Rule(1_500, 2, 0.2), 100, TransferMethod.Freeze, TransferMethod.L2Sp);
        Assert.False(report.Fallback, report.Reason);
        Assert.True(TransferMethods.Transfers(report.Chosen));
        Assert.InRange(report.OverScratch!.Mean, 0.03, 0.5);
        Assert.InRange(report.OverScratch.Low, 0, report.OverScratch.Mean);
        Assert.Equal(100, report.TargetLabels);
        Assert.All(report.Methods, method => Assert.InRange(method.TargetAccuracy!.Value, method.Low!.Value, method.High!.Value));
    }

    [Fact]
    public async Task A_source_whose_labels_are_flipped_is_refused_by_name()
    {
        var report = await RunAsync(DomainTables.Rule(1_500, 1), DomainTables.Rule(600, 2, isFlipped: true), 100, TransferMethod.Freeze, TransferMethod.Full);
        Assert.Equal((true, TransferMethod.Scratch), (report.Fallback, report.Chosen));
        Assert.False(report.Gates.Single(gate => gate.Name == "sourceAgreement").Passed);
        Assert.Equal(0, report.OverScratch!.Mean);
        Assert.False(report.IsEligible);
    }

    [Fact]
    public async Task A_source_of_another_task_is_no_reason_to_transfer()
    {
        var noise = new Learning.Rng(5);
        var report = await RunAsync(DomainTables.Rule(1_000, 1, relabel: _ => noise.NextInt(2)), DomainTables.Rule(1_500, 2), null, TransferMethod.L2Sp);
        Assert.True(report.Fallback, report.Reason);
        Assert.False(report.Gates.Single(gate => gate.Name == "sourceAccuracy").Passed);
    }

    [Fact]
    public async Task Too_few_labels_refuse_fine_tuning_but_not_adaptation()
    {
        var report = await RunAsync(DomainTables.Rule(800, 1), DomainTables.Rule(600, 2), 40, TransferMethod.Freeze, TransferMethod.AdaBn);
        Assert.Contains("40 labelled rows of the target, 100 wanted", report.Methods.Single(m => m.Method == TransferMethod.Freeze).Refused, StringComparison.Ordinal);
        Assert.Null(report.Methods.Single(m => m.Method == TransferMethod.AdaBn).Refused);
        Assert.NotEqual(TransferMethod.Freeze, report.Chosen);
    }

    [Fact]
    public async Task Without_labels_there_is_no_scratch_and_no_gain_and_labels_are_not_read()
    {
        var target = DomainTables.Moons(500, 2, 40);
        var report = await RunAsync(DomainTables.Moons(500, 1, 0), target, 0, TransferMethod.Coral, TransferMethod.Freeze);
        Assert.Null(report.OverScratch);
        Assert.Null(report.Methods.Single(m => m.Method == TransferMethod.Scratch).TargetAccuracy);
        Assert.Contains("no labels", report.Methods.Single(m => m.Method == TransferMethod.Freeze).Refused, StringComparison.Ordinal);
        var flipped = new LabelledTable(target.Columns, target.Values.ToArray(), [.. target.Labels.ToArray().Select(label => 1 - label)], knownClasses: 2);
        var again = await RunAsync(DomainTables.Moons(500, 1, 0), flipped, 0, TransferMethod.Coral, TransferMethod.Freeze);
        Assert.Equal((report.Chosen, report.Fallback, report.Reason), (again.Chosen, again.Fallback, again.Reason));
        Assert.Equal(report.Distances, again.Distances);
    }

    [Fact]
    public async Task Without_labels_domains_that_nothing_tells_apart_are_left_alone()
    {
        var report = await RunAsync(DomainTables.Moons(500, 1, 0), DomainTables.Moons(500, 2, 0), 0, TransferMethod.Coral);
        Assert.Equal((true, TransferMethod.None), (report.Fallback, report.Chosen));
        Assert.Contains("nothing to adapt", report.Reason, StringComparison.Ordinal);
        Assert.Equal(1, report.Distances.Similarity);
    }

    [Fact]
    public async Task Labels_of_one_class_alone_do_not_lead_to_a_network_that_only_says_it()
    {
        var plain = DomainTables.Rule(600, 2);
        var report = await RunAsync(DomainTables.Rule(600, 1), DomainTables.Rule(600, 2, relabel: row => row < 100 ? 0 : plain.Labels[row]), 100, TransferMethod.Freeze);
        Assert.Equal(TransferMethod.None, report.Chosen);
        Assert.All(report.Methods, method => Assert.True(method.High > method.Low));
    }

    [Fact]
    public async Task Labels_beyond_the_given_ones_change_no_choice()
    {
        var source = DomainTables.Rule(600, 1);
        var report = await RunAsync(source, DomainTables.Rule(600, 2), 100, TransferMethod.Freeze);
        var hidden = DomainTables.Rule(600, 2);
        int[] labels = hidden.Labels.ToArray();
        for (var row = 100; row < labels.Length; row++)
        {
            labels[row] = 1 - labels[row];
        }

        var again = await RunAsync(source, new LabelledTable(hidden.Columns, hidden.Values.ToArray(), labels, knownClasses: 2), 100, TransferMethod.Freeze);
        Assert.Equal(report.Methods.Select(m => m.ValidationLoss), again.Methods.Select(m => m.ValidationLoss));
        Assert.Equal(report.Methods.Select(m => Math.Round(m.TargetAccuracy!.Value, 9)), again.Methods.Select(m => Math.Round(1 - m.TargetAccuracy!.Value, 9)));
    }

    [Fact]
    public async Task Alignment_halves_its_distance_and_keeps_the_source_and_without_the_task_collapse_is_seen()
    {
        var (source, target) = (DomainTables.Moons(900, 1, 0), DomainTables.Moons(600, 2, 35));
        var kept = await RunAsync(source, target, 0, TransferMethod.Mmd, TransferMethod.Coral);
        foreach (var method in kept.Methods.Where(m => TransferMethods.Transfers(m.Method)))
        {
            Assert.InRange(method.StatisticAfter!.Value, double.NegativeInfinity, 0.5 * method.StatisticBefore!.Value);
            Assert.InRange(method.SourceAccuracy!.Value, method.SourceAccuracyBefore!.Value - 0.01, 1);
            Assert.Null(method.Collapse);
        }

        var lost = await RunAsync(source, target, 0, new TransferPlan { Architecture = Small, TaskWeight = 0, AlignmentWeight = 10, Methods = [TransferMethod.Mmd, TransferMethod.Coral] });
        Assert.All(lost.Methods.Where(m => TransferMethods.Transfers(m.Method)), m => Assert.NotNull(m.Collapse));
        Assert.Equal(TransferMethod.None, lost.Chosen);
    }

    [Fact]
    public async Task The_adversary_beats_the_source_alone_on_turned_moons_by_five_points()
    {
        List<double> gains = [];
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var report = await RunAsync(DomainTables.Moons(800, 60 + seed, 0), DomainTables.Moons(800, 70 + seed, 40), 0, new TransferPlan { Seed = seed, Methods = [TransferMethod.Dann] });
            var adapted = report.Methods.Single(m => m.Method == TransferMethod.Dann);
            gains.Add(adapted.TargetAccuracy!.Value - adapted.TargetAccuracyBefore!.Value);
            Assert.InRange(adapted.SourceAccuracy!.Value, adapted.SourceAccuracyBefore!.Value - 0.02, 1);
        }

        Assert.InRange(gains.Average(), 0.05, 0.5);
    }

    [Fact]
    public async Task Threads_and_a_second_run_change_nothing_and_the_second_finds_everything_stored()
    {
        var rows = TransferRows.Of([DomainTables.Rule(400, 1)], DomainTables.Rule(400, 2, 0.2), 60, false);
        var plan = new TransferPlan { Architecture = "flatten,dense:8,batchnorm", Seeds = 2, Methods = [TransferMethod.Partial, TransferMethod.Full, TransferMethod.Dann, TransferMethod.Autoencoder] };
        var store = new MemoryRunStore();
        var one = await new TransferExperiment(TimeProvider.System, 1).RunAsync(rows, plan, new TransferOptions(), store, null, CancellationToken.None);
        var two = await new TransferExperiment(TimeProvider.System, 2).RunAsync(rows, plan, new TransferOptions(), new MemoryRunStore(), null, CancellationToken.None);
        var again = await new TransferExperiment(TimeProvider.System, 2).RunAsync(rows, plan, new TransferOptions(), store, null, CancellationToken.None);
        Assert.Equal(Words(one), Words(two));
        Assert.Equal(Words(one), Words(again));
        Assert.Equal((14, 0, 14), (one.Trainings, one.Reused, again.Reused));

        static string Words(TransferReport report) => System.Text.Json.JsonSerializer.Serialize(report with
        {
            Seconds = 0, Reused = 0, Methods = [.. report.Methods.Select(method => method with { Seconds = 0 })],
        });
    }

    [Theory]
    [InlineData("lstm:6,dense:6", 4)]
    [InlineData("conv1d:6x2,gru:5,mean", 4)]
    [InlineData("attention:8x2,layernorm,flatten,dense:6@0.2", 4)]
    [InlineData(null, 2)]
    public async Task Every_method_works_on_every_kind_of_architecture(string? genes, int window)
    {
        var source = Windows(DomainTables.Rule(240, 1), window);
        var rows = TransferRows.Of([source], Windows(DomainTables.Rule(240, 2, 0.3), window), 60, false);
        var report = await new TransferExperiment(TimeProvider.System, 2).RunAsync(
            rows, new TransferPlan { Architecture = genes, Epochs = 2 }, new TransferOptions(), new MemoryRunStore(), null, CancellationToken.None);
        Assert.Equal(11, report.Methods.Count);
        Assert.All(report.Methods.Where(m => m.Refused is null), m => Assert.InRange(m.TargetAccuracy!.Value, 0, 1));
        Assert.Equal(genes is null ? 0 : 1, report.Methods.Count(m => m.Method == TransferMethod.AdaBn && m.Refused!.Contains("no batch normalisation", StringComparison.Ordinal)));

        static LabelledTable Windows(LabelledTable table, int window) =>
            new(table.Columns, table.Values.ToArray(), table.Labels.ToArray(), null, window, 2);
    }

    [Fact]
    public async Task A_feature_layer_that_does_not_exist_is_refused()
    {
        var fault = await Assert.ThrowsAsync<ResearchRefusedException>(
            () => RunAsync(DomainTables.Rule(100, 1), DomainTables.Rule(100, 2), null, new TransferPlan { Architecture = "dense:4", FeatureLayer = 3 }));
        Assert.Equal("--feature-layer: expected a gene from 1 to 1, found 3", fault.Message);
    }

    private static Task<TransferReport> RunAsync(LabelledTable source, LabelledTable target, int? labels, params TransferMethod[] methods) =>
        RunAsync(source, target, labels, new TransferPlan { Architecture = Small, Methods = methods });

    private static Task<TransferReport> RunAsync(LabelledTable source, LabelledTable target, int? labels, TransferPlan plan) =>
        new TransferExperiment(TimeProvider.System, 2).RunAsync(
            TransferRows.Of([source], target, labels, false), plan, new TransferOptions(), new MemoryRunStore(), null, CancellationToken.None);
}
