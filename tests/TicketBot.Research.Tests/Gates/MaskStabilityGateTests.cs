using TicketBot.Research.Diagnostics;
using TicketBot.Research.Gates;

namespace TicketBot.Research.Tests.Gates;

public sealed class MaskStabilityGateTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Passes_only_what_exceeds_all_of_twenty_shuffled_draws(int draws, bool passes)
    {
        var p = (1.0 + draws) / 21;
        var judgement = new MaskStabilityGate().Judge(GateTests.Evidence(_ => 0.5) with { Stability = Report(p, ceiling: 0.05) });

        Assert.Equal(("maskStability", p, 0.05, 20, passes), (judgement.Name, judgement.Value!.Value, judgement.Threshold, judgement.SampleSize, judgement.Passed!.Value));
        Assert.Contains("corrected score 0.50", judgement.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_corrected_score_is_shown_and_never_judged_by()
    {
        var judgement = new MaskStabilityGate().Judge(GateTests.Evidence(_ => 0.5) with { Stability = Report(0.01, ceiling: 0.02) });

        Assert.True(judgement.Passed);
        Assert.Contains("corrected score none", judgement.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_drawn_masks_it_is_a_fault_of_the_caller() =>
        Assert.Throws<InvalidOperationException>(() => new MaskStabilityGate().Judge(GateTests.Evidence(_ => 0.5)));

    private static MaskStabilityReport Report(double p, double ceiling)
    {
        var score = new StabilityScore(0.04, 0.02, 0.03, ceiling, 0.02, p);
        return new MaskStabilityReport(20, 3, 500, score, score, score, score, [1], [], [1], []);
    }
}
