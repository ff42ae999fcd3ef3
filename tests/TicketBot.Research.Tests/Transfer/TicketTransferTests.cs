using TicketBot.Learning;
using TicketBot.Market.Tables;
using TicketBot.Research.Stages;
using TicketBot.Research.Transfer;
using TicketBot.Testing;

namespace TicketBot.Research.Tests.Transfer;

/// <summary>Tickets of sources whose use for the target is known.</summary>
public sealed class TicketTransferTests
{
    private static readonly TicketTransferPlan Plan = new() { Architecture = "dense:64", Rounds = 6, RewindStep = 300, Steps = 600 };

    [Fact]
    public async Task A_ticket_of_the_same_rule_carries_mask_and_weights_to_few_labels()
    {
        var report = await RunAsync(DomainTables.Rule(4_000, 1), DomainTables.Rule(3_000, 2), 150, Plan);
        Assert.True(report.Transfers, report.Reason);
        Assert.Equal((120, 30), (report.TrainRows, report.ValidationRows));
        var round = report.Rounds[report.Round!.Value - 1];
        Assert.All(round.Comparisons.Where(c => c.Partner is TicketTransferReport.ShuffledName or TicketTransferReport.ReinitName), c => Assert.InRange(c.Accuracy.Low!.Value, 0, 0.5));
        Assert.All(report.Rounds, r => Assert.Equal(
            [TicketTransferReport.OwnName, TicketTransferReport.ShuffledName, TicketTransferReport.ReinitName, TicketTransferReport.ScratchName], r.Comparisons.Select(c => c.Partner)));
    }

    [Fact]
    public async Task A_ticket_of_noise_carries_nothing()
    {
        var noise = new Rng(5);
        var report = await RunAsync(DomainTables.Rule(1_500, 1, relabel: _ => noise.NextInt(2)), DomainTables.Rule(1_500, 2), 300, Plan with { Steps = 400, RewindStep = 40, Rounds = 3 });
        Assert.False(report.Transfers, report.Reason);
    }

    [Fact]
    public async Task From_the_drawn_weights_source_and_target_start_alike_and_a_second_run_trains_nothing()
    {
        var store = new MemoryRunStore();
        var plan = Plan with { Architecture = "dense:16", Rounds = 2, RewindStep = 0, Steps = 60, Seeds = 2 };
        var rows = TransferRows.Of([DomainTables.Rule(400, 1)], DomainTables.Rule(400, 2), null, false);
        var (first, second) = (await RunAsync(rows, plan, store, 2), await RunAsync(rows, plan, store, 1));
        Assert.Equal((24, 0, 24), (first.Trainings, first.Reused, second.Reused));
        Assert.Equal(first.Reason, second.Reason);
        Assert.Equal(first.Rounds.SelectMany(r => r.Comparisons), second.Rounds.SelectMany(r => r.Comparisons));
        Assert.All(first.Rounds, round => Assert.True(round.Overlap > round.OverlapByChance));
    }

    [Fact]
    public async Task Masks_of_a_source_that_is_the_target_are_its_own()
    {
        var table = DomainTables.Rule(500, 1);
        var report = await RunAsync(
            TransferRows.Of([table], table, null, false), Plan with { Architecture = "dense:16", Rounds = 2, RewindStep = 20, Steps = 60, Seeds = 1 }, new MemoryRunStore(), 2);
        Assert.All(report.Rounds, round =>
        {
            Assert.Equal(1, round.Overlap);
            Assert.Equal(round.Outcomes[TicketTransferReport.OwnName], round.Outcomes[TicketTransferReport.TransferredName]);
            Assert.Equal(0, round.Comparisons.Single(c => c.Partner == TicketTransferReport.OwnName).Accuracy.Mean);
        });
    }

    [Theory]
    [InlineData(0, "at least 20; found 0")]
    [InlineData(10, "at least 20; found 10")]
    public async Task Too_few_labels_of_the_target_are_refused(int labels, string expected)
    {
        var fault = await Assert.ThrowsAsync<ResearchRefusedException>(() => RunAsync(DomainTables.Rule(200, 1), DomainTables.Rule(200, 2), labels, Plan));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    private static Task<TicketTransferReport> RunAsync(LabelledTable source, LabelledTable target, int? labels, TicketTransferPlan plan) =>
        RunAsync(TransferRows.Of([source], target, labels, false), plan, new MemoryRunStore(), 2);

    private static Task<TicketTransferReport> RunAsync(TransferRows rows, TicketTransferPlan plan, MemoryRunStore store, int threads) =>
        new TicketTransfer(TimeProvider.System, threads).RunAsync(rows, "dense:16", plan, store, null, CancellationToken.None);
}
