using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Risk;

namespace TicketBot.Trading.Tests;

/// <summary>Invariants: of candles that close together the order of arrival, repetitions, and revisions that come before the decision change
/// no decision; what is missing or came too late is denied with its own code and never made up.</summary>
public sealed class ArrivalTests
{
    private const long StepMs = 900_000;
    private static readonly string[] Symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];

    [Theory]
    [InlineData(20261126)]
    public void Duplicates_reordering_and_early_revisions_leave_every_decision_as_it_is(int seed)
    {
        var approved = 0;
        for (var i = 0; i < 40; i++)
        {
            var market = Market(new SeededRandom((ulong)(seed + i)), 12);
            var clean = Play(market, (close, _, send) =>
            {
                foreach (var (series, candle) in close)
                {
                    send(series, candle);
                }
            });
            var dirty = Play(market, (close, random, send) => Tell(close, random, send), new SeededRandom((ulong)(seed + i + 1_000_000)));

            Assert.True(clean.SequenceEqual(dirty), $"seed {seed}, case {i}:\n{string.Join('\n', clean)}\n--\n{string.Join('\n', dirty)}");
            approved += clean.Count(d => d.Contains("Order = tb", StringComparison.Ordinal) || d.Contains("at market", StringComparison.Ordinal));
        }

        Assert.True(approved > 80, $"seed {seed}: only {approved} decisions became orders");
    }

    [Fact]
    public void A_window_with_a_missing_candle_is_denied_with_its_own_code()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8));
        h.Tick(StepMs); // A close that never comes.
        h.Step();

        Assert.Equal(DenialCode.GapInWindow, h.LastDecision().Denial);
        Assert.Empty(h.Submitted);
    }

    [Fact]
    public void A_revision_that_comes_too_late_is_kept_for_later_decisions_and_decides_nothing_itself()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.6));
        h.Step();
        h.Step();
        var decided = h.Decisions().Count;
        var candles = h.Core.PipelineOf(h.Core.Series[0]).Candles;
        var old = candles.Close[^1];

        h.Send(new Fact.CandleClosed(h.Core.Series[0], new Candle(h.Now.Plus(-StepMs), old, old * 1.1, old * 0.9, old * 1.05, 10, 10 * old)));

        Assert.Equal(decided, h.Decisions().Count);
        Assert.Equal(old * 1.05, candles.Close[^1]);
    }

    private static void Tell(IReadOnlyList<(SeriesKey Series, Candle Candle)> close, SeededRandom random, Action<SeriesKey, Candle> send)
    {
        List<(SeriesKey Series, Candle Candle)> told = [.. close];
        for (var i = told.Count - 1; i > 0; i--)
        {
            var j = (int)(random.NextDouble() * (i + 1));
            (told[i], told[j]) = (told[j], told[i]);
        }

        // The last of them completes the close and has it decided on: whatever of the others comes before may come twice or be wrong at first.
        for (var i = 0; i < told.Count; i++)
        {
            var (series, candle) = told[i];
            if (i < told.Count - 1 && random.NextDouble() < 0.3)
            {
                send(series, candle with { Close = candle.Open, Volume = candle.Volume + 1 });
            }

            send(series, candle);
            if (random.NextDouble() < 0.3)
            {
                send(series, candle);
            }
        }

        foreach (var (series, candle) in told.Where(_ => random.NextDouble() < 0.2))
        {
            send(series, candle);
        }
    }

    private static List<string> Play(
        IReadOnlyList<IReadOnlyList<(SeriesKey Series, Candle Candle)>> market,
        Action<IReadOnlyList<(SeriesKey Series, Candle Candle)>, SeededRandom, Action<SeriesKey, Candle>> tell, SeededRandom? random = null)
    {
        var h = new CoreHarness(o => (o.MaxPositionFraction, o.MaxGrossFraction) = (0.02m, 0.03m), null, Symbols).StartReconciled(set: CoreHarness.Set(0.8));
        h.Activate(CoreHarness.Set(0.2, symbol: "ETHUSDT"));
        h.Activate(CoreHarness.Set(0.7, symbol: "SOLUSDT"));
        foreach (var close in market)
        {
            foreach (var request in h.Waiting.ToList())
            {
                h.Fill(request, 100m, h.Now.Plus(100));
            }

            h.Waiting.Clear();
            tell(close, random ?? new SeededRandom(1), (series, candle) => h.Send(new Fact.CandleClosed(series, candle)));
            h.Tick(StepMs);
        }

        return [.. h.Decisions().Select(d => d.ToString())];
    }

    private static List<IReadOnlyList<(SeriesKey Series, Candle Candle)>> Market(SeededRandom random, int steps)
    {
        List<IReadOnlyList<(SeriesKey Series, Candle Candle)>> market = [];
        var prices = Symbols.ToDictionary(s => s, _ => 100.0);
        for (var i = 0; i < steps; i++)
        {
            List<(SeriesKey Series, Candle Candle)> close = [];
            foreach (var symbol in Symbols)
            {
                var open = prices[symbol];
                var end = prices[symbol] = open * (1 + ((random.NextDouble() - 0.5) * 0.01));
                close.Add((
                    new SeriesKey(new Symbol(symbol), Interval.FifteenMinutes),
                    new Candle(CoreHarness.Begin.Plus(i * StepMs), open, Math.Max(open, end) * 1.001, Math.Min(open, end) * 0.999, end, 10, 10 * end)));
            }

            market.Add(close);
        }

        return market;
    }
}
