using TicketBot.Learning;
using TicketBot.Research.Datasets;
using TicketBot.Research.Gates;
using TicketBot.Research.Labels;
using TicketBot.Research.Splits;
using TicketBot.Research.Stages;
using TicketBot.Research.Statistics;

namespace TicketBot.Research;

/// <summary>Draws the report of a finished search.</summary>
internal static class FactorySummary
{
    /// <summary>Returns the report, without seconds and reused stages.</summary>
    public static FactoryReport Of(
        IReadOnlyList<Fold> folds, Judgement judgement, IReadOnlyList<Judgement.Judged> judged, IReadOnlyList<IReadOnlyDictionary<long, double>> earlierTrials,
        ResearchOptions options, int family)
    {
        var (prepared, search) = (folds[^1].Prepared, folds[^1].Search);
        var dataset = prepared.Dataset;
        var blocks = folds.Select(f => Enumerable.Range(f.Test.Start, f.Test.Count).ToArray()).ToList();
        int[] test = [.. blocks.SelectMany(b => b)];
        double[] dense = [.. folds.SelectMany((f, i) => f.Prepared.AnswersOf(f.Search.Dense, blocks[i]))];
        var combined = Combined(judged, options, family, prepared);
        return new FactoryReport
        {
            Symbol = prepared.Input.Symbol,
            Interval = prepared.Input.Interval,
            Candles = prepared.Candles.Count,
            Rows = dataset.Rows,
            TrainRows = prepared.Split.Train.Count,
            ValidationRows = prepared.Split.Validation.Count,
            TestRows = test.Length,
            Classes = ClassBalance.Of(dataset.Labels, 2, [.. Enumerable.Range(0, dataset.Rows).Select(dataset.LabelSpanOf)], prepared.Regimes.States, prepared.Regimes.Set.Names),
            Folds = folds.Count,
            Trials = folds.Sum(f => f.Search.Trials),
            Family = family,
            DenseValidationLoss = search.Dense.ValidationLoss,
            DenseTestAccuracy = Accuracy(dataset, test, dense),
            Densities = search.Densities,
            Tickets = [.. judged.Select(j => TicketOf(j, dataset, family))],
            Baselines =
            [
                Baseline("reversal", judgement.TradesOf(test, Baselines.Reversal(dataset))),
                Baseline(
                    "reversalAfterLargestMoves",
                    judgement.TradesOf(test, Baselines.SelectiveReversal(dataset, folds[0].Prepared.Split.Train, Math.Max(0.01, (double)combined.Count / test.Length)))),
                Baseline("momentum", judgement.TradesOf(test, Baselines.Momentum(dataset))),
                Baseline("majority", judgement.TradesOf(test, Baselines.Majority(dataset, folds[0].Prepared.Split.Train))),
                judgement.BuyAndHold(new RowRange(test[0], test[^1] + 1)),
                .. folds[^1].Linear.Select((l, rule) => Baseline(
                    l.Name, judgement.TradesOf(test, [.. folds.SelectMany((f, i) => f.Linear[rule].Rule.AnswersOf(blocks[i]))]))),
                Baseline("denseNetwork", judgement.TradesOf(test, dense)),
                Baseline("randomMask", judged.SelectMany(j => j.Evidence.Controls.Select(c => judgement.TradesOf(j.Evidence.Rows, c)))),
            ],
            Combined = combined,
            BreakEvenHitRate = BreakEven(judged, dataset, test, judgement, options),
            JudgedNotional = judgement.Notional,
            RoundTripBp = judgement.RoundTripBp(test),
            Selection = SelectionReport.Of(prepared, judgement, search, judged, earlierTrials, options),
        };
    }

    private static TicketReport TicketOf(Judgement.Judged judged, Dataset dataset, int family) => new(
        judged.Ticket.Id, judged.Ticket.Regime, judged.Ticket.Density, judged.Found.IsPooled, judged.Found.TrainWeight, judged.Found.Network.EmergedAt,
        judged.Found.ValidationLoss, judged.Ticket.Temperature, Accuracy(dataset, judged.Evidence.Rows, judged.Evidence.ProbabilityUp),
        judged.Evidence.Controls.Count == 0 ? 0 : judged.Evidence.Controls.Average(c => Accuracy(dataset, judged.Evidence.Rows, c)),
        judged.Trades.Count, judged.Trades.NetPerTradeBp, judged.Ticket.Gates)
    {
        Calibration = TicketCalibration.Of(judged.Evidence),
        ProbabilisticSharpe = ProbabilisticSharpe.Of(judged.Trades.Returns()),
        DeflatedSharpe = DeflatedSharpe.Of(judged.Trades.Returns(), family),
    };

    private static double Accuracy(Dataset dataset, IReadOnlyList<int> rows, IReadOnlyList<double> up)
    {
        var right = 0;
        for (var i = 0; i < rows.Count; i++)
        {
            right += (up[i] >= 0.5 ? 1 : 0) == dataset.Labels[rows[i]] ? 1 : 0;
        }

        return rows.Count == 0 ? 0 : (double)right / rows.Count;
    }

    private static BaselineReport Baseline(string name, RowTrades trades) =>
        new(name, trades.Accuracy, trades.GrossPerTradeBp, trades.NetPerTradeBp, trades.Count);

    private static BaselineReport Baseline(string name, IEnumerable<RowTrades> several)
    {
        int count = 0, hits = 0;
        double gross = 0, net = 0;
        foreach (var trades in several)
        {
            count += trades.Count;
            hits += trades.Hits;
            gross += trades.GrossBp.Sum();
            net += trades.NetBp.Sum();
        }

        return count == 0 ? new BaselineReport(name, 0, 0, 0, 0) : new BaselineReport(name, (double)hits / count, gross / count, net / count, count);
    }

    // All tickets as the one strategy they are: at each row the ticket of the row's regime decides.
    private static CombinedReport Combined(IReadOnlyList<Judgement.Judged> judged, ResearchOptions options, int family, Preparation prepared)
    {
        var rows = judged
            .SelectMany(j => j.Evidence.Rows.Select((row, i) => (IsOwn: j.Evidence.States[i] == j.Found.State, Row: row, Net: j.Trades.NetBp[i], Gross: j.Trades.GrossBp[i], Traded: j.Trades.Traded[i])))
            .Where(r => r.IsOwn)
            .OrderBy(r => r.Row).ToList();
        var count = (int)rows.Sum(r => r.Traded);
        if (count == 0)
        {
            return new CombinedReport(0, 0, 0, 0, 0, null);
        }

        var bound = StationaryBootstrap.OfRatio(
            [.. rows.Select(r => r.Net)], [.. rows.Select(r => r.Traded)], options.Alpha, options.BootstrapBlock, options.BootstrapDraws,
            new Rng(StageHash.Seed("combined", prepared.Hash)));
        double[] returns = [.. rows.Where(r => r.Traded > 0).Select(r => r.Net)];
        return new CombinedReport(
            (double)rows.Count(r => r.Gross > 0) / count, bound.Mean, bound.Lower, bound.Upper, count,
            DeflatedSharpe.Of(returns, family))
        {
            ProbabilisticSharpe = ProbabilisticSharpe.Of(returns),
            GrossBpPerTrade = rows.Sum(r => r.Gross) / count,
        };
    }

    private static double BreakEven(
        IReadOnlyList<Judgement.Judged> judged, Dataset dataset, int[] test, Judgement judgement, ResearchOptions options)
    {
        var moves = judged.SelectMany(j => j.Trades.GrossBp.Where((_, i) => j.Trades.Traded[i] > 0)).Select(Math.Abs).ToList();
        if (moves.Count < options.MinTrades) // Too few to know the size of a usual trade by.
        {
            moves = [.. test.Select(row => Math.Abs(dataset.Outcomes[row].LongBp))];
        }

        var mean = moves.Average();
        return mean <= 0 ? 1 : Math.Min(1, 0.5 + (judgement.RoundTripBp(test) / (2 * mean)));
    }
}
