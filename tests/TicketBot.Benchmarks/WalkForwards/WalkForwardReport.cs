using System.Globalization;
using TicketBot.Domain;
using TicketBot.Market.Features;
using TicketBot.Research;
using TicketBot.Research.Datasets;
using TicketBot.Research.Gates;
using TicketBot.Research.Labels;
using TicketBot.Research.Splits;
using TicketBot.Storage.Csv;
using TicketBot.Trading;

namespace TicketBot.Benchmarks.WalkForwards;

/// <summary>What the rules without fitted weights bring fold after fold of a candle file, beside the hit rate at which they would pay their costs.</summary>
internal static class WalkForwardReport
{
    /// <summary>Runs it: <c>FILE [--folds N] [--sliding ROWS] [--embargo CANDLES] [--horizon CANDLES]</c>.</summary>
    public static int Run(string[] args)
    {
        if (args is not [var path, .. var rest])
        {
            Console.Error.WriteLine("usage: walk-forward FILE [--folds N] [--sliding ROWS] [--embargo CANDLES] [--horizon CANDLES]");
            return 2;
        }

        var trading = new TradingOptions();
        var costs = TradeCosts.Of(trading, new ResearchOptions());
        var file = CandleCsv.Read(path);
        var schema = FeatureSchema.Default();
        var dataset = Dataset.Of(
            file.ToSeries(), null, schema, Number(rest, "--horizon") ?? 1, (double)trading.StopLossFraction, file.Interval.CloseOf(file.Candles[^1].OpenTime));
        Console.WriteLine($"{Path.GetFileName(path)}: {file.Candles.Count} candles, {dataset.Rows} rows, horizon {dataset.Horizon}, trades {file.Hours}");
        LabelSpan[] spans = [.. Enumerable.Range(0, dataset.Rows).Select(dataset.LabelSpanOf)];
        Console.WriteLine(ClassBalance.Of(dataset.Labels, 2, spans, [], [])[0]);
        Console.WriteLine("| Fold | Test from | Train rows | Test rows | Rule | Trades | Hit rate | Break-even | Gross bp | Net bp |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        var folds = WalkForward.Of(RowSpans.Of(dataset, schema.Window), Number(rest, "--folds") ?? 5, 0.5, Number(rest, "--sliding"), Number(rest, "--embargo") ?? 0);
        for (var i = 0; i < folds.Count; i++)
        {
            var (fold, test) = (folds[i], folds[i].TestRows.ToArray());
            var train = new RowRange(fold.Train[0], fold.Train[^1] + 1); // Labels that all look equally far leave a run.
            foreach (var (name, rule) in Rules(dataset, train))
            {
                var trades = RowTrades.Of(dataset, test, costs, rule);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {i + 1} | {dataset.OpenOf(test[0]).ToDateTimeOffset():yyyy-MM-dd} | {fold.Train.Count} | {test.Length} | {name} | {trades.Count} | {trades.Accuracy:P1} | {BreakEven(trades, costs.MeanRoundTripBp(dataset, test)):P1} | {trades.GrossPerTradeBp:F2} | {trades.NetPerTradeBp:F2} |"));
            }
        }

        return 0;
    }

    private static IEnumerable<(string Name, Func<int, Side?> Rule)> Rules(Dataset dataset, RowRange train) =>
    [
        ("majority", Baselines.Majority(dataset, train)), ("reversal", Baselines.Reversal(dataset)), ("momentum", Baselines.Momentum(dataset)),
        ("reversal of the largest tenth", Baselines.SelectiveReversal(dataset, train, 0.1)),
    ];

    // 0.5 + cost / (2 E|move|): the share of equal moves that must be won to pay for all.
    private static double BreakEven(RowTrades trades, double roundTripBp)
    {
        double[] moves = [.. trades.GrossBp.Where((_, i) => trades.Traded[i] > 0).Select(Math.Abs)];
        return moves.Length == 0 || moves.Average() <= 0 ? 1 : Math.Min(1, 0.5 + (roundTripBp / (2 * moves.Average())));
    }

    private static int? Number(string[] args, string name)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : null;
    }
}
