using TicketBot.Research.Experiments;
using TicketBot.Research.Gates;
using TicketBot.Research.LotteryTickets;

namespace TicketBot.Research.Tests.Gates;

public sealed class WinningTicketGateTests
{
    private static readonly double[] Beaten = [0.002, 0.001, 0.003, 0.002, 0.004, 0.001];
    private static readonly double[] Equal = [0.002, -0.001, 0.001, -0.002, 0.001, -0.001];

    [Fact]
    public void Every_control_must_be_beaten()
    {
        Assert.True(Judge(Beaten, Beaten, Beaten, allows: false).Passed);
        Assert.False(Judge(Equal, Beaten, Beaten, allows: false).Passed);
        Assert.False(Judge(Beaten, Equal, Beaten, allows: false).Passed);
        Assert.False(Judge(Beaten, Beaten, Equal, allows: false).Passed);
    }

    [Fact]
    public void A_sparse_network_passes_only_by_the_option_and_is_called_one_all_the_same()
    {
        var judgement = Judge(Equal, Beaten, Beaten, allows: true);
        Assert.True(judgement.Passed);
        Assert.True(judgement.Value >= judgement.Threshold);
        Assert.Contains("sparse network, no winning ticket", judgement.Reason, StringComparison.Ordinal);
        Assert.Contains("Research:AllowSparseNetworks", judgement.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_is_the_worst_sign_flip_p_value_and_n_the_seeds()
    {
        var judgement = Judge(Beaten, Beaten, Beaten, allows: false);
        Assert.Equal(1.0 / 64, judgement.Value);
        Assert.Equal(6, judgement.SampleSize);
    }

    private static Tickets.GateJudgement Judge(double[] reinit, double[] shuffled, double[] random, bool allows) => new WinningTicketGate(allows).Judge(new Separation(
        [new("reinit", PairedTest.Of(reinit)), new("shuffled", PairedTest.Of(shuffled)), new("random", PairedTest.Of(random))], PairedTest.Of(Equal)));
}
