using System.Globalization;
using TicketBot.Domain;
using TicketBot.Learning;
using TicketBot.Research.Statistics;
using TicketBot.Tickets;

namespace TicketBot.Research.Gates;

/// <summary>Does the ticket earn more than the plain rules? The number is the smallest bootstrap bound of its paired lead per out-of-sample row in basis points.</summary>
/// <remarks>Beyond chance it must lead always the more frequent training direction, momentum on every row, volatility alone (fitted, at the same confidence), and holding long for the same
/// share of the time. Two rules must only not lead the ticket beyond chance: logistic regression on all features, and momentum after the largest moves with the same appetite. Where an
/// edge is linear or is a momentum, these hold it too; a hundredth of the weights that earns as much is no worse for that. Reversal has a gate of its own.</remarks>
/// <param name="meanBlock">Mean block length in rows.</param>
/// <param name="draws">Bootstrap draws.</param>
public sealed class BetterThanBaselinesGate(int meanBlock, int draws) : Gate
{
    private const string LogisticRegression = "logisticRegression";
    private const double EqualLevel = 0.005; // Each of the two rules that may be equal: together they refuse one equal ticket in a hundred by chance.

    /// <inheritdoc/>
    public override string Name => "betterThanBaselines";

    /// <inheritdoc/>
    public override double Threshold(TicketEvidence evidence) => 0;

    /// <inheritdoc/>
    public override GateJudgement Judge(TicketEvidence evidence)
    {
        var (dataset, rows, costs) = (evidence.Dataset, evidence.Rows, evidence.Costs);
        var ticket = evidence.Trades();
        var appetite = (double)ticket.Count / Math.Max(1, rows.Count);
        var reversal = Baselines.SelectiveReversal(dataset, evidence.Train, appetite);
        List<(string Name, IReadOnlyList<double> NetBp, bool MustTrail)> rules =
        [
            ("majority", RowTrades.Of(dataset, rows, costs, Baselines.Majority(dataset, evidence.Train)).NetBp, true),
            ("momentum", RowTrades.Of(dataset, rows, costs, Baselines.Momentum(dataset)).NetBp, true),
            ("holdingAsLong", [.. rows.Select(r => appetite * dataset.Outcomes[r].LongBp)], true),
            ("momentumAfterLargestMoves", RowTrades.Of(dataset, rows, costs, row => reversal(row)?.Opposite()).NetBp, false),
            .. evidence.Fitted.Select(f => (f.Name, RowTrades.OfProbabilities(dataset, rows, costs, f.ProbabilityUp, evidence.Confidence).NetBp, f.Name != LogisticRegression)),
        ];
        var (least, passed, texts) = (double.PositiveInfinity, true, new List<string>());
        for (var rule = 0; rule < rules.Count; rule++)
        {
            var (name, net, mustTrail) = rules[rule];
            var lead = new double[rows.Count];
            for (var i = 0; i < lead.Length; i++)
            {
                lead[i] = ticket.NetBp[i] - net[i];
            }

            var bound = StationaryBootstrap.OfMean(lead, mustTrail ? evidence.Level : EqualLevel, meanBlock, draws, new Rng(evidence.Seed + 3 + (ulong)rule));
            var shown = mustTrail ? bound.Lower : bound.Upper;
            least = Math.Min(least, shown);
            passed &= mustTrail ? shown > 0 : shown >= 0;
            texts.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {bound.Mean:+0.00;-0.00} ({(mustTrail ? "at least" : "at most")} {shown:+0.00;-0.00})"));
        }

        return GateJudgement.Of(
            Name, least, 0, rows.Count, passed,
            $"lead in bp per row over {string.Join(", ", texts)}; the former at level {evidence.LevelText}, 'at most' must not fall below zero at {EqualLevel.ToString(CultureInfo.InvariantCulture)}");
    }
}
