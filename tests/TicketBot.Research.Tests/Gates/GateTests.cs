using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Research.Backtests;
using TicketBot.Research.Datasets;
using TicketBot.Research.Gates;
using TicketBot.Research.Splits;
using TicketBot.Trading;

namespace TicketBot.Research.Tests.Gates;

public sealed class GateTests
{
    private static readonly Dataset Data = Dataset.Of(
        CandleSeries.Of(Markets.Symbol, Markets.Interval, Markets.Input("planted:0.7", 1, 3_000).Candles), null, FeatureSchema.Default(), 1, 0.015,
        new Domain.Instant(1_750_000_500_000));

    [Fact]
    public void A_leaked_label_passes_the_arithmetic_and_is_refused_by_the_replay()
    {
        // Answers that know the label earn on paper; the trading loop, which cannot know it, answers otherwise.
        var evidence = Evidence(row => Data.Labels[row] == 1 ? 0.9 : 0.1);
        Assert.True(new NetExpectancyGate(24, 500).Judge(evidence).Passed);
        Assert.True(new BetterThanReversalGate(24, 500).Judge(evidence).Passed);

        var refused = new ReplayGate(10).Judge(evidence with { Replay = new ReplayOutcome(500, 1_000, 100m, 5, 900, 450) });

        Assert.False(refused.Passed);
        Assert.Contains("450 of 900 decisions equal", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Confidence_that_never_reaches_the_threshold_is_refused_first()
    {
        var evidence = Evidence(_ => 0.64);
        var report = Gate.Run([new CalibrationCeilingGate(), new TradesGate(1), new NetExpectancyGate(24, 500)], evidence);

        Assert.Equal("calibrationCeiling", report.FirstRefusal!.Name);
        Assert.Equal(0.64, report.Judgements[0].Value);
        Assert.All(report.Judgements.Skip(1), j => Assert.Null(j.Passed));
    }

    [Fact]
    public void A_coin_that_always_trades_loses_its_costs()
    {
        var rng = new Learning.Rng(7);
        var evidence = Evidence(_ => rng.NextDouble() < 0.5 ? 0.9 : 0.1);
        var judgement = new NetExpectancyGate(24, 500).Judge(evidence);

        Assert.False(judgement.Passed);
        Assert.InRange(evidence.Trades().NetPerTradeBp, -20, -6); // 13 bp of costs around an expectation of zero.
    }

    [Fact]
    public void A_control_as_good_as_the_ticket_is_no_ticket()
    {
        var ticket = Evidence(row => Data.Labels[row] == 1 ? 0.9 : 0.1);
        var same = ticket with { Controls = [ticket.ProbabilityUp] };
        var weak = ticket with { Controls = [[.. ticket.ProbabilityUp.Select(_ => 0.5)]] };

        Assert.False(new BetterThanRandomMaskGate(24, 500).Judge(same).Passed);
        Assert.True(new BetterThanRandomMaskGate(24, 500).Judge(weak).Passed);
    }

    [Fact]
    public void A_stop_met_inside_the_candle_comes_before_its_favourable_end()
    {
        Domain.Candle[] candles =
        [
            new(new Domain.Instant(0), 100, 100, 100, 100, 1, 100),
            new(new Domain.Instant(900_000), 100, 104, 98, 103, 1, 100),
            new(new Domain.Instant(1_800_000), 103, 103, 103, 103, 1, 100),
        ];
        var outcome = TradeOutcome.At(CandleSeries.Of(Markets.Symbol, Markets.Interval, candles), 0, 1, 0.015);

        Assert.Equal(-150, outcome.LongBp, 6);
        Assert.Equal(-150, outcome.ShortBp, 6);
    }

    internal static TicketEvidence Evidence(Func<int, double> answer)
    {
        int[] rows = [.. Enumerable.Range(1_500, 1_200)];
        return new TicketEvidence
        {
            Dataset = Data,
            Train = new RowRange(0, 1_000),
            Rows = rows,
            ProbabilityUp = [.. rows.Select(answer)],
            Controls = [],
            Costs = new TradeCosts(new CostOptions(), 200),
            Confidence = 0.65,
            Level = 0.05,
            LevelText = "0.05",
            Seed = 1,
        };
    }
}
