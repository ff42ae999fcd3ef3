using TicketBot.Domain;
using TicketBot.Learning;
using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Market.Regimes;
using TicketBot.Testing;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;

namespace TicketBot.Benchmarks.OrderPath;

/// <summary>A series with candles, a fitted regime set, and a ticket of the default shape for each regime that signals at every candle.</summary>
public sealed class Stage
{
    /// <summary>Candles before the measured ones: as many as the daemon keeps in memory.</summary>
    public const int WarmCandles = 2_000;

    /// <summary>Builds the stage over <paramref name="candles"/> measured candles.</summary>
    public Stage(int candles)
    {
        All = RandomCandles.Walk(WarmCandles + candles, 11, Series.Interval, price: 60_000);
        var history = new CandleSeries(Series.Symbol, Series.Interval, WarmCandles);
        foreach (var candle in All.AsSpan(0, WarmCandles))
        {
            history.Append(candle);
        }

        Regimes = RegimeFitter.Fit(history, history.Count, new RegimeOptions());
        Tickets = [.. Regimes.Names.Select(name => MakeTicket(name, history))];
    }

    /// <summary>What is traded.</summary>
    public static SeriesKey Series { get; } = new(new Symbol("BTCUSDT"), Interval.FifteenMinutes);

    /// <summary>Warm candles, then measured ones.</summary>
    public Candle[] All { get; }

    /// <summary>Fitted on the warm candles.</summary>
    public RegimeSet Regimes { get; }

    /// <summary>One per regime.</summary>
    public IReadOnlyList<Ticket> Tickets { get; }

    /// <summary>Trading rules.</summary>
    public static Instrument Instrument { get; } = new()
    {
        Symbol = Series.Symbol,
        TickSize = 0.1m,
        QuantityStep = 0.001m,
        MinQuantity = 0.001m,
        MaxMarketQuantity = 120m,
        MaxQuantity = 1_190m,
        MinNotional = 5m,
    };

    private Ticket MakeTicket(string regime, CandleSeries history)
    {
        var schema = FeatureSchema.Default();
        var features = schema.Names.Count;
        var builder = new FeatureBuilder(schema);
        var first = schema.Window - 1;
        var rows = new float[(history.Count - first) * features];
        for (var i = first; i < history.Count; i++)
        {
            builder.Build(history, null, i, rows.AsSpan((i - first) * features, features));
        }

        var scaler = Scaler.Fit(rows, features);
        for (var i = 0; i < rows.Length; i += features)
        {
            scaler.Apply(rows.AsSpan(i, features), rows.AsSpan(i, features));
        }

        var architecture = Architecture.Parse("dense:32,dense:16", features, 2);
        var rng = new Rng(5);
        var network = Network.Create(architecture, ref rng);
        var weights = network.CaptureWeights();
        var mask = network.Parameters.Select(p => p.IsPrunable ? p.Values.Select(_ => rng.NextDouble() < 0.1).ToArray() : null).ToArray();
        for (var p = 0; p < weights.Length; p++)
        {
            for (var i = 0; i < weights[p].Length; i++)
            {
                weights[p][i] = mask[p] is { } m && !m[i] ? 0 : weights[p][i];
            }
        }

        weights[^1] = [-4f, 4f]; // The head's biases: confidence above the threshold whatever the row, so that every flat candle orders.
        var end = Series.Interval.CloseOf(new Instant(history.OpenTimes[^1]));
        return new Ticket
        {
            Id = new TicketId(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(regime)))),
            Symbol = Series.Symbol,
            Interval = Series.Interval,
            RegimeSetId = Regimes.Id,
            Regime = regime,
            Task = PredictionTask.Direction,
            HorizonCandles = 1,
            Schema = schema,
            Scaler = scaler,
            Architecture = architecture,
            Weights = weights,
            Mask = mask,
            RewindWeights = weights,
            Temperature = 1,
            Similarity = SimilarityReference.Fit(rows, features),
            Density = (double)mask.Sum(m => m?.Count(kept => kept) ?? 0) / mask.Sum(m => m?.Length ?? 0),
            Lineage = new Lineage
            {
                DataHash = "",
                TrainedFrom = new Instant(history.OpenTimes[first]),
                TrainedUntil = end,
                TestedUntil = end,
                Seed = 5,
                Method = "random",
                SparseSwitchDensity = 0.5,
                AsOf = end,
                Settings = "",
                SettingsHash = "",
                Trials = 1,
            },
            Gates = new GateReport([]),
            ExpiresAt = end.Plus(3_650 * Instant.MillisecondsPerDay),
        };
    }
}
