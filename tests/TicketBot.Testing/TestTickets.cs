using TicketBot.Domain;
using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Market.Features;
using TicketBot.Market.Regimes;
using TicketBot.Tickets;

namespace TicketBot.Testing;

/// <summary>Sealed tickets and regime sets for tests; the same arguments give the same ones.</summary>
public static class TestTickets
{
    /// <summary>The contract of all of them.</summary>
    public static readonly Symbol Symbol = new("BTCUSDT");

    /// <summary>A regime set with the states calm-bull, calm-sideways and turbulent-bear.</summary>
    /// <param name="seed">Different seeds give different sets.</param>
    public static RegimeSet Regimes(int seed = 1) => new(
        128, 16, 0.2,
        [
            new RegimeState("calm-bull", 0.01 + (seed / 1e6), 0.01, -6, 0.5),
            new RegimeState("calm-sideways", 0, 0.01, -5.5, 0.5),
            new RegimeState("turbulent-bear", -0.02, 0.03, -4, 0.5),
        ],
        [0.9, 0.05, 0.05, 0.05, 0.9, 0.05, 0.05, 0.05, 0.9]);

    /// <summary>Feature rows of a market with persistent features, <c>[rows, features]</c>: first-order autoregressions with the given
    /// persistence (0 to below 1) and unit variance.</summary>
    public static float[] Rows(int rows, int features, ulong seed = 1, double persistence = 0.8)
    {
        var rng = new Rng(seed);
        var values = new float[rows * features];
        var shock = Math.Sqrt(1 - (persistence * persistence));
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(i < features ? rng.NextGaussian() : (persistence * values[i - features]) + (shock * rng.NextGaussian()));
        }

        return values;
    }

    /// <summary>A sealed direction ticket with random weights under a random mask of half of them.</summary>
    public static Ticket Direction(
        string regime = "calm-bull", ulong seed = 1, bool passed = true, RegimeSet? regimes = null, string genes = "dense:8,dense:4", int window = 1)
    {
        var schema = FeatureSchema.Default();
        var features = schema.Names.Count;
        var architecture = Architecture.Parse(genes, features, 2, window);
        var rng = new Rng(seed);
        var network = Network.Create(architecture, ref rng);
        var rewind = network.CaptureWeights();
        var mask = MaskSet.Full(architecture).ToArrays();
        var (kept, prunable) = (0, 0);
        foreach (var entries in mask.OfType<bool[]>())
        {
            for (var i = 0; i < entries.Length; i++)
            {
                entries[i] = rng.NextDouble() < 0.5;
                kept += entries[i] ? 1 : 0;
            }

            prunable += entries.Length;
        }

        var weights = rewind.Select((values, p) => values.Select((w, i) => mask[p] is { } m && !m[i] ? 0 : w * 1.5f).ToArray()).ToArray();
        var rows = Rows(1_000, features, seed);
        var scaler = Scaler.Fit(rows, features);
        var scaled = new float[rows.Length];
        for (var i = 0; i < rows.Length; i += features)
        {
            scaler.Apply(rows.AsSpan(i, features), scaled.AsSpan(i, features));
        }

        return Ticket.Seal(new Ticket
        {
            Id = default,
            Symbol = Symbol,
            Interval = Interval.FifteenMinutes,
            RegimeSetId = (regimes ?? Regimes()).Id,
            Regime = regime,
            Task = PredictionTask.Direction,
            HorizonCandles = 1,
            Schema = schema,
            Scaler = scaler,
            Architecture = architecture,
            Weights = weights,
            Mask = mask,
            RewindWeights = rewind,
            Temperature = 1.3,
            Similarity = SimilarityReference.Fit(scaled, features),
            Density = (double)kept / prunable,
            Lineage = new Lineage
            {
                DataHash = new string('a', 64),
                TrainedFrom = new Instant(1_700_000_000_000),
                TrainedUntil = new Instant(1_710_000_000_000),
                TestedUntil = new Instant(1_715_000_000_000),
                Seed = seed,
                Method = "earlyBird",
                EmergedAt = 0.15,
                SparseSwitchDensity = 0.5,
                AsOf = new Instant(1_715_000_000_000),
                Settings = "",
                SettingsHash = new string('b', 64),
                Trials = 3,
            },
            Gates = new GateReport(
            [
                GateJudgement.Of("netExpectancy", passed ? 4.5 : -1, 0, 250, passed, "net of costs, in basis points"),
                passed ? GateJudgement.Of("replay", 12, 0, 250, true, "through the trading loop") : GateJudgement.NotRun("replay", 0),
            ]),
            ExpiresAt = new Instant(1_720_000_000_000),
        });
    }
}
