using TicketBot.Domain;
using TicketBot.Market.Features;
using TicketBot.Research.Backtests;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Risk;
using TicketBot.Trading.Signals;

namespace TicketBot.Research.Tests.Backtests;

public sealed class DecisionLogTests
{
    [Fact]
    public void Every_decision_is_read_as_it_was_added()
    {
        var (log, added) = (new DecisionLog(), new List<Decision>());
        for (var i = 0; i < 10_000; i++) // Several blocks of rows and of features.
        {
            added.Add(Made(i));
            log.Add(added[^1]);
        }

        Assert.Equal(added, log);
        Assert.Equal(added[^1].FeatureHash.Text, log[log.Count - 1].FeatureHash.Text);
        Assert.Throws<ArgumentOutOfRangeException>(() => log[10_000]);
    }

    private static Decision Made(int i) => new()
    {
        Series = new SeriesKey(new Symbol(i % 3 == 0 ? "ETHUSDT" : "BTCUSDT"), Interval.OneHour),
        Time = new Instant(i * 3_600_000L),
        FeatureHash = (i % 5) switch
        {
            0 => FeatureHash.None,
            1 => new FeatureHash($"{i:x16}"),
            _ => new FeatureHash(Enumerable.Range(i, 44).Select(v => v / 7f).ToArray()),
        },
        Regime = i % 4 == 0 ? "" : $"regime {i % 4}",
        RegimeProbability = i / 10_000.0,
        Ticket = i % 2 == 0 ? null : new TicketId($"ticket {i % 4}"),
        ProbabilityUp = i % 2 == 0 ? null : i / 10_000.0,
        Signal = i % 7 == 0 ? Side.Sell : i % 7 == 1 ? Side.Buy : null,
        Similarity = i % 7 < 2 ? 0.5 : null,
        Denial = i % 7 == 0 ? DenialCode.None : DenialCode.BelowConfidence,
        Detail = i % 2 == 0 ? "" : $"detail {i}",
        Order = i % 7 == 0 ? new ClientOrderId($"order-{i}") : null,
    };
}
