using TicketBot.Learning;
using TicketBot.Research.LotteryTickets;
using TicketBot.Research.Stages;
using TicketBot.Research.Statistics;

namespace TicketBot.Research;

/// <summary>What the choice among the networks of a call is worth on the test rows: shown, no gate looks at it.</summary>
/// <remarks>Candidates are the dense network, the pooled ticket of each density tried, each regime's own ticket, and every trial of the ledger on overlapping candles; each brings its net return per test row in basis points, zero where it does
/// not trade, and a regime's own ticket only in its regime. The benchmark is not to trade. Only the newest fold's test rows, for the networks of earlier folds are others.</remarks>
/// <param name="Candidates">Networks answered for on the test rows.</param>
/// <param name="Superiority">Is the best of them better than not trading, given that it is the best? Hansen's and White's tests.</param>
/// <param name="Overfitting">How often the best of one half of the test rows is below the middle on the other half, among those that trade; <c>null</c> where fewer than two do or the rows
/// are too few.</param>
/// <param name="FromLedger">How many of the candidates are trials of earlier calls, by the ledger; outside the rows that judged them they count as not trading.</param>
public sealed record SelectionReport(int Candidates, SuperiorPredictiveAbility Superiority, OverfittingProbability? Overfitting, int FromLedger = 0)
{
    /// <summary>Draws the report of a finished search.</summary>
    internal static SelectionReport Of(
        Preparation prepared, Judgement judgement, TicketSearch search, IReadOnlyList<Judgement.Judged> judged,
        IReadOnlyList<IReadOnlyDictionary<long, double>> earlierTrials, ResearchOptions options)
    {
        var first = prepared.Split.Test.Start;
        int[] test = [.. Enumerable.Range(first, prepared.Split.Test.Count)];
        var special = judged.Where(j => !j.Found.IsPooled).ToList();

        // A fine-tuning has no dense network of its own: there the last tuned one stands in its place.
        var whole = search.Levels.Select(l => l.Ticket).Append(search.Dense).Except(special.Select(s => s.Found.Network), ReferenceEqualityComparer.Instance).Cast<TrainedNetwork>();
        var returns = whole.Select(n => judgement.TradesOf(test, prepared.AnswersOf(n, test)).NetBp).ToList();
        foreach (var one in special)
        {
            var net = new double[test.Length];
            for (var i = 0; i < one.Evidence.Rows.Count; i++)
            {
                if (one.Evidence.Rows[i] >= first)
                {
                    net[one.Evidence.Rows[i] - first] = one.Trades.NetBp[i];
                }
            }

            returns.Add(net);
        }

        var opens = prepared.Dataset.Series.OpenTimes;
        var candles = prepared.Dataset.Candles;
        foreach (var trial in earlierTrials)
        {
            var net = new double[test.Length];
            for (var i = 0; i < net.Length; i++)
            {
                net[i] = trial.GetValueOrDefault(opens[candles[test[i]]]);
            }

            returns.Add(net);
        }

        var superiority = SuperiorPredictiveAbility.Of(
            CandidateReturns.Of(returns), options.BootstrapBlock, options.BootstrapDraws, new Rng(StageHash.Seed("superiority", prepared.Hash)));
        var trading = returns.Where(r => r.Any(v => v != 0)).ToList();
        return new SelectionReport(
            returns.Count, superiority,
            trading.Count < 2 || test.Length < 2 * OverfittingProbability.MostBlocks ? null : OverfittingProbability.Of(CandidateReturns.Of(trading), OverfittingProbability.MostBlocks),
            earlierTrials.Count);
    }
}
