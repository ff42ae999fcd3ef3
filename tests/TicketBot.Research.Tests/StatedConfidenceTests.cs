using TicketBot.Learning;
using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Research.Datasets;
using TicketBot.Research.Gates;
using TicketBot.Research.Tests.Gates;

namespace TicketBot.Research.Tests;

public sealed class StatedConfidenceTests
{
    [Fact]
    public void A_ticket_that_is_right_as_often_as_it_says_keeps_its_place()
    {
        var evidence = Saying(GateTests.Evidence(_ => 0.5), 0.7, right: 0.7);
        var judgement = StatedConfidence.Judge(evidence, evidence.Dataset.CloseOf(2_000));

        Assert.True(judgement.Passed, judgement.Reason);
        Assert.Equal(("statedConfidence", 200, 1_200), (judgement.Name, judgement.Threshold, judgement.SampleSize));
        Assert.InRange(judgement.Value!.Value, 0, 200);
        Assert.Contains("where 70.0 % were stated, ", judgement.Reason.Replace("70.0%", "70.0 %", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_ticket_that_says_70_percent_and_is_right_in_58_loses_its_place()
    {
        var evidence = Saying(GateTests.Evidence(_ => 0.5), 0.7, right: 0.58);
        var judgement = StatedConfidence.Judge(evidence, evidence.Dataset.CloseOf(1_500));

        Assert.False(judgement.Passed);
        Assert.Contains("has reached 200 times its stake", judgement.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Signals_whose_outcome_was_known_at_admission_are_out_of_sample_and_later_ones_live()
    {
        var evidence = Saying(GateTests.Evidence(_ => 0.5), 0.7, right: 1);
        var dataset = evidence.Dataset;
        var outcome = dataset.Series.Interval.Shift(dataset.CloseOf(evidence.Rows[99]), dataset.Horizon + 1);

        Assert.Contains("100 out-of-sample signals", StatedConfidence.Judge(evidence, outcome).Reason, StringComparison.Ordinal);
        Assert.Contains("99 out-of-sample signals", StatedConfidence.Judge(evidence, outcome.Plus(-1)).Reason, StringComparison.Ordinal);
        Assert.Contains("no live signal, 1200 out-of-sample", StatedConfidence.Judge(evidence, outcome.Plus(long.MaxValue / 4)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Overlapping_outcomes_count_once_and_silence_counts_nothing()
    {
        var dataset = Dataset.Of(
            CandleSeries.Of(Markets.Symbol, Markets.Interval, Markets.Input("planted:0.7", 1, 3_000).Candles), null, FeatureSchema.Default(), 4, 0.015,
            new Domain.Instant(1_750_000_500_000));
        var evidence = GateTests.Evidence(_ => 0.5);
        var always = evidence with { Dataset = dataset, ProbabilityUp = [.. evidence.Rows.Select(_ => 0.7)] };
        var seldom = evidence with { Dataset = dataset, ProbabilityUp = [.. evidence.Rows.Select((_, i) => i % 6 == 0 ? 0.7 : 0.6)] };

        Assert.Equal(300, StatedConfidence.Judge(always, dataset.CloseOf(0)).SampleSize);
        Assert.Equal(200, StatedConfidence.Judge(seldom, dataset.CloseOf(0)).SampleSize);
    }

    private static TicketEvidence Saying(TicketEvidence evidence, double confidence, double right)
    {
        var rng = new Rng(1);
        return evidence with
        {
            ProbabilityUp = [.. evidence.Rows.Select(row => (evidence.Dataset.Labels[row] == 1) == (rng.NextDouble() < right) ? confidence : 1 - confidence)],
        };
    }
}
