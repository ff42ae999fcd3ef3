using TicketBot.Domain;
using TicketBot.Learning;
using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Market.Prepared;
using TicketBot.Testing;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Risk;
using TicketBot.Trading.Signals;

namespace TicketBot.Trading.Tests.Signals;

public sealed class SeriesPipelineTests
{
    private const int Capacity = 500;
    private static readonly SeriesKey Bitcoin = new(new Symbol("BTCUSDT"), Interval.FifteenMinutes);
    private static readonly SeriesKey Ether = new(new Symbol("ETHUSDT"), Interval.FifteenMinutes);
    private static readonly Candle[] Candles = RandomCandles.Walk(900, 5);
    private static readonly Candle[] OtherCandles = RandomCandles.Walk(900, 6);

    [Theory]
    [InlineData(false, false, 1)]
    [InlineData(true, false, 1)]
    [InlineData(false, true, 1)]
    [InlineData(true, true, 1)]
    [InlineData(true, false, 5)]
    [InlineData(false, true, 5)]
    public void Rows_kept_from_candle_to_candle_or_made_ahead_have_the_bits_of_rows_built_anew(bool withReference, bool ahead, int steps)
    {
        var compiled = new CompiledTicket(Trained(withReference ? Ether.Symbol : null, steps));
        var (kept, keptReference) = Make(withReference);
        if (ahead)
        {
            var (own, other) = (CandleSeries.Of(Bitcoin.Symbol, Bitcoin.Interval, Candles), CandleSeries.Of(Ether.Symbol, Ether.Interval, OtherCandles));
            kept.Prepare(new PreparedSeries(own, other, [compiled.Ticket.Schema], []));
            keptReference.Prepare(new PreparedSeries(other, null, [], []));
        }

        var random = new SeededRandom(9);
        List<(SeriesKey Series, Candle Candle)> given = [];
        var (compared, revised) = (0, 0);
        for (var i = 0; i < Candles.Length; i++)
        {
            Give(Ether, OtherCandles[i]);
            if (random.NextDouble() < 0.03 && i > 10)
            {
                // A candle of the past is corrected: of our series or of the reference.
                var (series, source) = random.NextDouble() < 0.5 ? (Bitcoin, Candles) : (Ether, OtherCandles);
                Give(series, source[i - 1 - random.Next(9)] with { Volume = 100 * random.NextDouble() });
                revised++;
            }

            if (random.NextDouble() < 0.002)
            {
                i++; // A candle is missing, and comes late or never.
                if (random.NextDouble() < 0.5 && i + 1 < Candles.Length)
                {
                    Give(Ether, OtherCandles[i]);
                    Give(Bitcoin, Candles[i]);
                    Give(Bitcoin, Candles[i - 1]);
                    continue;
                }

                continue;
            }

            Give(Bitcoin, Candles[i]);
            var close = Interval.FifteenMinutes.CloseOf(Candles[i].OpenTime);
            var answer = kept.Ask(compiled, close);
            if (i % 23 != 0 && i < Candles.Length - 1)
            {
                continue;
            }

            var (fresh, freshReference) = Make(withReference);
            foreach (var (series, candle) in given)
            {
                (series == Bitcoin ? fresh : freshReference).Append(candle);
            }

            var expected = fresh.SimilarityTo(compiled, close);
            Assert.Equal(fresh.Ask(compiled, close), answer);
            Assert.Equal(Bits(expected), Bits(kept.SimilarityTo(compiled, close)));
            compared += expected is > 0 and < 1 ? 1 : 0;
        }

        Assert.True(revised > 3);
        Assert.True(compared > 5, $"only {compared} similarities were there to compare");

        void Give(SeriesKey series, Candle candle)
        {
            given.Add((series, candle));
            (series == Bitcoin ? kept : keptReference).Append(candle);
        }
    }

    // What a network reads of a window is the features of its candles, each as its own row has them.
    [Fact]
    public void A_ticket_that_reads_a_window_is_asked_with_the_rows_of_the_last_candles_and_needs_so_many_more()
    {
        const int Steps = 5;
        var ticket = Trained(null, Steps);
        var (compiled, byHand) = (new CompiledTicket(ticket), new CompiledTicket(ticket));
        var (pipeline, _) = Make(false);
        var builder = new FeatureBuilder(ticket.Schema);
        var series = CandleSeries.Of(Bitcoin.Symbol, Bitcoin.Interval, Candles);
        var features = ticket.Schema.Names.Count;
        var window = new float[Steps * features];
        var answered = 0;
        for (var i = 0; i < 200; i++)
        {
            pipeline.Append(Candles[i]);
            var answer = pipeline.Ask(compiled, Interval.FifteenMinutes.CloseOf(Candles[i].OpenTime));
            if (i < ticket.Lookback - 1)
            {
                Assert.Equal((DenialCode.WarmingUp, $"{i + 1} candles in memory, the ticket needs {ticket.Lookback}"), (answer.Denial, answer.Detail));
                continue;
            }

            for (var step = 0; step < Steps; step++)
            {
                builder.Build(series, null, i - Steps + 1 + step, window.AsSpan(step * features, features));
            }

            Assert.Equal(Bits(byHand.ProbabilityUp(window)), Bits(answer.ProbabilityUp));
            Assert.Equal(FeatureBuilder.HashOf(window), answer.FeatureHash.Text);
            answered++;
        }

        Assert.Equal(200 - ticket.Lookback + 1, answered);
    }

    [Fact]
    public void A_correction_of_the_past_changes_the_similarity()
    {
        var compiled = new CompiledTicket(Trained(null));
        var (pipeline, _) = Make(false);
        foreach (var candle in Candles)
        {
            pipeline.Append(candle);
        }

        var close = Interval.FifteenMinutes.CloseOf(Candles[^1].OpenTime);
        var before = pipeline.SimilarityTo(compiled, close);
        pipeline.Append(Candles[^5] with { Volume = 500 });

        Assert.NotEqual(Bits(before), Bits(pipeline.SimilarityTo(compiled, close)));
    }

    [Fact]
    public void Similarity_is_measured_at_the_first_candle_and_every_24th_without_a_signal_and_stays_out_of_the_journal()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.6));
        var pipeline = h.Core.PipelineOf(h.Core.Series[0]);
        List<int> measured = [];
        for (var i = 0; i < 60; i++)
        {
            h.Step();
            if (pipeline.SimilarityMeasuredAt == h.Now)
            {
                measured.Add(i);
            }
        }

        Assert.Equal([0, 24, 48], measured);
        Assert.NotNull(h.Core.Picture().Series[0].Similarity);
        Assert.Equal(60, h.Decisions().Count);
        Assert.All(h.Decisions(), d => Assert.Null(d.Similarity));
    }

    [Fact]
    public void A_similarity_measured_for_a_signal_is_fresh_enough_for_24_candles()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8, horizon: 30));
        var pipeline = h.Core.PipelineOf(h.Core.Series[0]);
        h.Step();
        var first = h.Now;
        Assert.NotNull(h.LastDecision().Similarity);

        for (var i = 1; i < 24; i++)
        {
            h.Step(); // The position stays open: no entry is judged.
            Assert.Equal(first, pipeline.SimilarityMeasuredAt);
        }

        h.Step();
        Assert.Equal(h.Now, pipeline.SimilarityMeasuredAt);
    }

    [Fact]
    public void A_new_regime_set_forgets_the_similarity_to_the_old_one_and_is_measured_at_its_first_candle()
    {
        var (pipeline, _) = Make(false);
        foreach (var candle in Candles)
        {
            pipeline.Append(candle);
        }

        var ticket = Trained(null);
        pipeline.Activate(new TicketSet(Bitcoin.Symbol, Bitcoin.Interval, TestTickets.Regimes(), [ticket]));
        var close = Interval.FifteenMinutes.CloseOf(Candles[^1].OpenTime);
        pipeline.SimilarityTo(new CompiledTicket(ticket), close);
        Assert.NotNull(pipeline.LastSimilarity);
        pipeline.KeepSimilarityFresh(close);

        pipeline.Activate(new TicketSet(Bitcoin.Symbol, Bitcoin.Interval, TestTickets.Regimes(2), Tickets(2)));
        Assert.Null(pipeline.LastSimilarity);
        pipeline.EstimateRegime(close, out _);
        pipeline.KeepSimilarityFresh(close);

        Assert.Equal(close, pipeline.SimilarityMeasuredAt);
    }

    private static (SeriesPipeline Pipeline, SeriesPipeline Reference) Make(bool withReference)
    {
        var reference = new SeriesPipeline(Ether, false, Capacity);
        return (new SeriesPipeline(Bitcoin, true, Capacity) { Reference = withReference ? reference : null }, reference);
    }

    private static long? Bits(double? value) => value is { } v ? BitConverter.DoubleToInt64Bits(v) : null;

    private static IReadOnlyList<Ticket> Tickets(int seed) =>
        [.. TestTickets.Regimes(seed).Names.Select(name => TestTickets.Direction(name, regimes: TestTickets.Regimes(seed)))];

    // Scaled and compared to a market like the one it is asked about, so that the similarity is neither 0 nor 1.
    private static Ticket Trained(Symbol? reference, int steps = 1)
    {
        var schema = FeatureSchema.Default(reference);
        var builder = new FeatureBuilder(schema);
        var market = CandleSeries.Of(Bitcoin.Symbol, Bitcoin.Interval, RandomCandles.Walk(1_200, 7));
        var other = CandleSeries.Of(Ether.Symbol, Ether.Interval, RandomCandles.Walk(1_200, 8));
        var features = schema.Names.Count;
        var rows = new float[(market.Count - schema.Window) * features];
        for (var i = 0; i < rows.Length / features; i++)
        {
            Assert.Equal(FeatureStatus.Ready, builder.Build(market, other, i + schema.Window, rows.AsSpan(i * features, features)));
        }

        var scaler = Scaler.Fit(rows, features);
        var scaled = new float[rows.Length];
        for (var i = 0; i < rows.Length; i += features)
        {
            scaler.Apply(rows.AsSpan(i, features), scaled.AsSpan(i, features));
        }

        var architecture = Architecture.Parse(steps == 1 ? "dense:4" : "gru:4", features, 2, steps);
        var rng = new Rng(3);
        var weights = Network.Create(architecture, ref rng).CaptureWeights();
        return Ticket.Seal(TestTickets.Direction() with
        {
            Schema = schema,
            Scaler = scaler,
            Architecture = architecture,
            Weights = weights,
            RewindWeights = weights,
            Mask = Learning.Pruning.MaskSet.Full(architecture).ToArrays(),
            Density = 1,
            Similarity = SimilarityReference.Fit(scaled, features),
        });
    }
}
