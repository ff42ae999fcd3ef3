using TicketBot.Domain;
using TicketBot.Market;
using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Market.Regimes;
using TicketBot.Research.Datasets;
using TicketBot.Research.LotteryTickets;
using TicketBot.Research.Splits;
using TicketBot.Research.Stages;
using TicketBot.Tickets;
using TicketBot.Trading;

namespace TicketBot.Research;

/// <summary>The rows of a search: dataset, split, regimes, scaled training rows and the training plan, with the hash that everything made from them is stored under.</summary>
internal sealed record Preparation
{
    public required SearchInput Input { get; init; }

    public required ulong Seed { get; init; }

    public required IReadOnlyList<Candle> Candles { get; init; }

    public required IReadOnlyList<Candle>? ReferenceCandles { get; init; }

    public required Dataset Dataset { get; init; }

    public required ChronologicalSplit Split { get; init; }

    public required RegimeColumns Regimes { get; init; }

    public required TrainingRows Rows { get; init; }

    public required TrainingPlan Plan { get; init; }

    public required string Settings { get; init; }

    public required string SettingsHash { get; init; }

    public required string Hash { get; init; }

    /// <summary>Test rows of the given regimes, ascending.</summary>
    public int[] TestRowsOf(IReadOnlyList<int> states) => [.. Enumerable.Range(Split.Test.Start, Split.Test.Count).Where(r => states.Contains(Regimes.States[r]))];

    /// <summary>Returns the calibrated probability of a rise of a network on rows.</summary>
    public double[] AnswersOf(TrainedNetwork network, IReadOnlyList<int> rows)
    {
        var width = Dataset.Window * Dataset.Features;
        var scaled = new float[rows.Count * width];
        for (var i = 0; i < rows.Count; i++)
        {
            Rows.Scaler.ApplyEach(Dataset.WindowOf(rows[i], Dataset.Window), scaled.AsSpan(i * width, width));
        }

        return TicketTraining.ProbabilityUp(Plan.Architecture, network, scaled);
    }

    /// <summary>Whether a ticket is another market's.</summary>
    public bool IsOfAnotherMarket(Ticket live) => live.Symbol != Input.Symbol;

    /// <summary>Returns what live windows are held against: the training rows, or, for a ticket brought from another market, that market's, so that orders shrink where this one differs.</summary>
    public SimilarityReference SimilarityOf(Ticket? live) =>
        live is not null && IsOfAnotherMarket(live) ? live.Similarity : SimilarityReference.Fit(Rows.ScaledTrain, Dataset.Features);

    /// <summary>Makes the rows; a given regime set is taken as it is, else one is fitted on the candles of the training rows.</summary>
    /// <exception cref="ResearchRefusedException">There are too few candles.</exception>
    public static Preparation Of(
        SearchInput input, ResearchOptions options, MarketOptions market, TradingOptions trading, RegimeSet? regimes, Scaler? scaler)
    {
        Symbol? reference = market.ReferenceSymbol is { Length: > 0 } name && new Symbol(name) != input.Symbol ? new Symbol(name) : null;
        if (reference is not null && input.ReferenceCandles is null)
        {
            throw new ResearchRefusedException(
                $"the features refer to {reference}, whose candles were not given; give them or clear Market:ReferenceSymbol");
        }

        var schema = FeatureSchema.Default(reference, market.UseObservations);
        var candles = Newest(input.Candles, input.Interval, input.AsOf, options.HistoryCandles);
        var window = Math.Max(schema.Window + options.Window - 1, market.Regimes.Window);
        var least = window + (int)Math.Ceiling((options.MinTrainRows + (2 * (window + options.Horizon))) / options.TrainShare);
        if (candles.Count < least)
        {
            throw new ResearchRefusedException(
                $"a search on {input.Symbol} {input.Interval} needs at least {least} closed candles "
                + $"({options.MinTrainRows} training rows after windows of {window}), there are {candles.Count} up to {input.AsOf}; fetch or import more history");
        }

        var series = CandleSeries.Of(input.Symbol, input.Interval, candles, input.Hours);
        var other = reference is { } symbol
            ? Newest(input.ReferenceCandles!, input.Interval, input.AsOf, int.MaxValue)
            : null;
        var otherSeries = other is null ? null : CandleSeries.Of(reference!.Value, input.Interval, other, input.Hours);
        var dataset = Dataset.Of(series, otherSeries, schema, options.Horizon, (double)trading.StopLossFraction, input.AsOf, options.Window);
        if (dataset.Rows == 0)
        {
            throw new ResearchRefusedException(
                $"none of {candles.Count} candles of {input.Symbol} {input.Interval} has a row: a row needs {schema.Window + options.Window - 1} candles without a gap before it, and a market that trades "
                + $"{(input.Hours == TradingHours.Always ? "always" : $"in {input.Hours}")} has none; give unbroken candles, or, where the market closes, name the file VENUE-equity_SYMBOL_INTERVAL "
                + "(closed at night) or fx-VENUE_SYMBOL_INTERVAL (closed over weekends)");
        }

        var split = ChronologicalSplit.Of(dataset.Candles, options.TrainShare, options.ValidationShare, options.Horizon, window);
        if (split.Train.Count < options.MinTrainRows)
        {
            throw new ResearchRefusedException(
                $"a search needs {options.MinTrainRows} training rows, {split.Train.Count} are left of {candles.Count} candles "
                + $"({candles.Count - dataset.Rows} without a row: gaps or missing reference candles); give more or unbroken candles");
        }

        regimes ??= FitRegimes(series, dataset, split, market.Regimes);
        var seed = input.Seed ?? options.Seed;
        var text = FactorySettings.TextOf(options, market, trading);
        var settings = StageHash.Of(text, seed);
        return new Preparation
        {
            Input = input,
            Seed = seed,
            Candles = candles,
            ReferenceCandles = other,
            Dataset = dataset,
            Split = split,
            Regimes = RegimeColumns.Of(dataset, regimes),
            Rows = new TrainingRows(dataset, split, scaler),
            Plan = TrainingPlan.Of(options, dataset.Features, StageHash.Seed("theta", seed)),
            Settings = text,
            SettingsHash = settings,
            Hash = StageHash.Of(dataset.Hash, regimes.Id, scaler?.Hash ?? "-", settings, split),
        };
    }

    private static RegimeSet FitRegimes(CandleSeries series, Dataset dataset, ChronologicalSplit split, RegimeOptions options)
    {
        var end = dataset.Candles[split.Train.End - 1] + 1;
        if (!RegimeFitter.CanFit(series, end, options))
        {
            throw new ResearchRefusedException(
                $"{options.States} regimes cannot be fitted on the {end} candles before the purge: too few without a gap; give more or unbroken candles");
        }

        return RegimeFitter.Fit(series, end, options);
    }

    private static List<Candle> Newest(IReadOnlyList<Candle> candles, Interval interval, Instant asOf, int most)
    {
        var end = candles.Count;
        while (end > 0 && interval.CloseOf(candles[end - 1].OpenTime) > asOf)
        {
            end--;
        }

        var start = Math.Max(0, end - most);
        return [.. candles.Skip(start).Take(end - start)];
    }
}
