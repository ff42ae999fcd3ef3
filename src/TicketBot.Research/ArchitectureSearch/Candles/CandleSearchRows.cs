using TicketBot.Domain;
using TicketBot.Learning.Training;
using TicketBot.Market;
using TicketBot.Research.Experiments;
using TicketBot.Research.LotteryTickets;
using TicketBot.Research.Splits;
using TicketBot.Trading;

namespace TicketBot.Research.ArchitectureSearch.Candles;

/// <summary>Candles as the rows of a search: those the ticket factory makes, as of the time at which the rows begin that will judge the tickets.</summary>
/// <remarks>The factory judges tickets on the out-of-sample rows of all its folds. An architecture chosen on the newest fold's validation rows would have seen rows that an earlier fold is judged
/// on, so the search gets the oldest fold: its training and validation rows lie before everything that judges, and its test rows, the first that do, are the finalists' untouched block.</remarks>
/// <param name="Prepared">The oldest fold.</param>
/// <param name="Rows">Its rows.</param>
internal sealed record CandleSearchRows(Preparation Prepared, ExperimentRows Rows)
{
    /// <summary>Makes them.</summary>
    /// <param name="input">Candles and market time.</param>
    /// <param name="options">Shares, horizon, folds.</param>
    /// <param name="market">Features and regimes.</param>
    /// <param name="trading">The stop.</param>
    /// <param name="window">Candles whose feature rows a network reads at once.</param>
    /// <exception cref="ResearchRefusedException">There are too few candles.</exception>
    public static CandleSearchRows Of(SearchInput input, ResearchOptions options, MarketOptions market, TradingOptions trading, int window)
    {
        var any = options.With("", window);
        var prepared = Preparation.Of(input, any, market, trading, null, null);
        try
        {
            for (var fold = 1; fold < options.Folds; fold++)
            {
                prepared = Preparation.Of(Fold.Until(prepared), any, market, trading, null, null);
            }
        }
        catch (ResearchRefusedException)
        {
            // Too few candles for an earlier fold: the factory judges on as many as there are, and so the oldest of these it is.
        }

        var (dataset, rows) = (prepared.Dataset, prepared.Rows);
        var test = prepared.Split.Test;
        var judged = new TrainingSet(TrainingRows.Scaled(dataset, test, rows.Scaler), window * dataset.Features, dataset.Labels[test.Start..test.End].ToArray());
        return new CandleSearchRows(prepared, new ExperimentRows([.. dataset.Schema.Names], window, 2, rows.Train, rows.Validation, judged));
    }

    /// <summary>Candles that a trial looks at, from the open time of the first training row's to the close time of the last that a validation row's outcome needs.</summary>
    public (Instant From, Instant Until) TrialSpan => (Prepared.Dataset.OpenOf(Prepared.Split.Train.Start), EndOf(Prepared.Split.Validation));

    /// <summary>Candles of the rows that finalists are judged on, outcomes included.</summary>
    public (Instant From, Instant Until) TestSpan => (Prepared.Dataset.OpenOf(Prepared.Split.Test.Start), EndOf(Prepared.Split.Test));

    private Instant EndOf(RowRange rows)
    {
        var dataset = Prepared.Dataset;
        return dataset.Series.Interval.Shift(dataset.CloseOf(rows.End - 1), dataset.Horizon + 1);
    }
}
