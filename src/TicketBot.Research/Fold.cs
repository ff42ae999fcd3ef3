using TicketBot.Market;
using TicketBot.Market.Regimes;
using TicketBot.Research.LotteryTickets;
using TicketBot.Research.Splits;
using TicketBot.Research.Stages;
using TicketBot.Trading;

namespace TicketBot.Research;

/// <summary>A search with what it found, as evidence about rows that it could not have seen. The folds before the newest are the same recipe run as of earlier times, on the candles of
/// those times alone: scaler, regimes, early stop, density, calibration and the choice between a regime's own ticket and the pooled one are all made inside the fold.</summary>
/// <param name="Prepared">Rows, those of an earlier fold being the first ones of the newest.</param>
/// <param name="Search">Its networks.</param>
/// <param name="Found">The ticket of each regime of the fold's own regime set.</param>
/// <param name="Linear">Its fitted plain rules, by name.</param>
internal sealed record Fold(
    Preparation Prepared, TicketSearch Search, IReadOnlyList<RegimeTicket> Found, IReadOnlyList<(string Name, LinearBaseline Rule)> Linear)
{
    /// <summary>Out-of-sample rows of the fold.</summary>
    public RowRange Test => Prepared.Split.Test;

    /// <summary>Fits the fold's plain rules.</summary>
    public static async Task<Fold> OfAsync(
        Preparation prepared, TicketSearch search, IReadOnlyList<RegimeTicket> found, StageRunner stages, CancellationToken cancellationToken) => new(prepared, search, found,
    [
        ("volatilityOnly", await LinearBaseline.FitAsync(prepared, "volatility", n => n.StartsWith("log_volatility", StringComparison.Ordinal), stages, cancellationToken)),
        ("logisticRegression", await LinearBaseline.FitAsync(prepared, "all", _ => true, stages, cancellationToken)),
    ]);

    /// <summary>Runs the recipe as of the earlier times at which the next fold's out-of-sample rows begin, oldest fold first; ends early where too few candles are left, and says so.</summary>
    /// <param name="newest">The newest fold's rows.</param>
    /// <param name="options">How many folds, and the recipe.</param>
    /// <param name="market">Features and regimes.</param>
    /// <param name="trading">Confidence, limits and costs.</param>
    /// <param name="stages">Runs and stores trainings.</param>
    /// <param name="report">Told of each step.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<Fold>> EarlierAsync(
        Preparation newest, ResearchOptions options, MarketOptions market, TradingOptions trading, StageRunner stages, Action<string, string> report, CancellationToken cancellationToken)
    {
        var folds = new List<Fold>();
        var next = newest;
        while (folds.Count + 1 < options.Folds)
        {
            Preparation prepared;
            try
            {
                prepared = Preparation.Of(Until(next), options, market, trading, null, null);
            }
            catch (ResearchRefusedException refusal)
            {
                report("fold", $"{folds.Count + 1} of {options.Folds} folds, an earlier one has too few candles: {refusal.Message}");
                break;
            }

            var search = new TicketSearch(prepared, options, stages, (stage, detail) => report("fold", $"as of {prepared.Input.AsOf}, {stage}: {detail}"));
            await search.PoolAsync(cancellationToken);
            folds.Insert(0, await OfAsync(prepared, search, await search.RegimesAsync(cancellationToken), stages, cancellationToken));
            next = prepared;
        }

        return folds;
    }

    /// <summary>Returns the fold's out-of-sample rows in regimes of these names, ascending.</summary>
    public int[] RowsIn(IReadOnlyCollection<string> regimes)
    {
        var set = Prepared.Regimes.Set;
        return Prepared.TestRowsOf([.. Enumerable.Range(0, set.Names.Count).Where(s => regimes.Contains(set.Names[s]))]);
    }

    /// <summary>Returns what the fold's tickets say of rows, each row answered by the ticket of its regime.</summary>
    /// <param name="rows">Rows that have a regime.</param>
    /// <param name="network">Which network of a regime's ticket: itself or a control.</param>
    public double[] AnswersOf(IReadOnlyList<int> rows, Func<RegimeTicket, TrainedNetwork> network)
    {
        var answers = new double[rows.Count];
        foreach (var group in Enumerable.Range(0, rows.Count).GroupBy(i => Prepared.Regimes.States[rows[i]]))
        {
            int[] places = [.. group];
            var some = Prepared.AnswersOf(network(Found.First(f => f.State == group.Key)), [.. places.Select(i => rows[i])]);
            for (var i = 0; i < places.Length; i++)
            {
                answers[places[i]] = some[i];
            }
        }

        return answers;
    }

    /// <summary>Returns the state of a row by its name in another set; -1 where that set has no such regime.</summary>
    public int StateIn(RegimeSet set, int row) =>
        Prepared.Regimes.States[row] is >= 0 and var state ? set.Names.ToList().IndexOf(Prepared.Regimes.Set.Names[state]) : -1;

    /// <summary>Returns what there was to know when a fold's out-of-sample rows began: the last row before them needs the candles of its own outcome, and nothing after them is given.</summary>
    public static SearchInput Until(Preparation next)
    {
        var last = next.Dataset.Candles[next.Split.Test.Start - 1] + next.Dataset.Horizon + 1;
        return next.Input with
        {
            Candles = [.. next.Candles.Take(last + 1)],
            AsOf = next.Dataset.Series.Interval.CloseOf(next.Candles[last].OpenTime),
            Seed = next.Seed,
        };
    }
}
