using TicketBot.Research.Gates;

namespace TicketBot.Research.Tests.Gates;

public sealed class BetterThanBaselinesGateTests
{
    private static readonly BetterThanBaselinesGate Gate = new(24, 500);

    [Fact]
    public void Knowing_a_tenth_of_the_rows_leads_every_plain_rule()
    {
        var judgement = Gate.Judge(Knowing());

        Assert.True(judgement.Passed, judgement.Reason);
        Assert.True(judgement.Value > 0);
        Assert.Contains("majority", judgement.Reason, StringComparison.Ordinal);
        Assert.Contains("holdingAsLong", judgement.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_coin_leads_none()
    {
        var rng = new Learning.Rng(3);
        var judgement = Gate.Judge(GateTests.Evidence(_ => rng.NextDouble() is var u && u < 0.05 ? 0.7 : u > 0.95 ? 0.3 : 0.5));

        Assert.False(judgement.Passed, judgement.Reason);
    }

    [Fact]
    public void As_good_as_logistic_regression_is_enough_and_worse_is_not()
    {
        var ticket = Knowing();
        var equal = ticket with { Fitted = [new FittedBaseline("logisticRegression", ticket.ProbabilityUp)] };
        var better = ticket with { Fitted = [new FittedBaseline("logisticRegression", [.. ticket.Rows.Select(r => ticket.Dataset.Labels[r] == 1 ? 0.9 : 0.1)])] };

        Assert.True(Gate.Judge(equal).Passed);
        Assert.False(Gate.Judge(better).Passed);
        Assert.Contains("logisticRegression -", Gate.Judge(better).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void As_good_as_volatility_alone_is_not_enough()
    {
        var ticket = Knowing();
        Assert.False(Gate.Judge(ticket with { Fitted = [new FittedBaseline("volatilityOnly", ticket.ProbabilityUp)] }).Passed);
    }

    [Fact]
    public void Always_long_in_a_rising_market_is_only_holding()
    {
        // Rows that rise: the rule to be long of them earns, and holding them as long earns the same before costs.
        var all = GateTests.Evidence(_ => 0.9);
        var rising = all with { Rows = [.. all.Rows.Where(r => all.Dataset.Labels[r] == 1)] };
        rising = rising with { ProbabilityUp = [.. rising.Rows.Select(_ => 0.9)] };

        Assert.True(rising.Trades().NetPerTradeBp > 0);
        Assert.False(Gate.Judge(rising).Passed);
    }

    // Right about the rows whose outcome is largest in every ten: an edge that no plain rule has.
    private static TicketEvidence Knowing() => GateTests.Evidence(row => row % 10 != 0 ? 0.5 : Outcome(row) > 0 ? 0.9 : 0.1);

    private static double Outcome(int row)
    {
        var outcome = GateTests.Evidence(_ => 0.5).Dataset.Outcomes[row];
        return outcome.LongBp - outcome.ShortBp;
    }
}
