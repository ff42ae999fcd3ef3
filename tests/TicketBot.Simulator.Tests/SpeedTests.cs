using System.Diagnostics;
using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Tests;

public class SpeedTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public void A_step_without_orders_allocates_little() => Assert.InRange(Measure(exchange => 2), 0, 2_000);

    [Fact]
    public void A_step_with_a_position_and_its_stop_allocates_little()
    {
        Assert.InRange(
            Measure(exchange =>
            {
                exchange.Venue.Submit(exchange.Account, Matching.Flat.Order(Side.Buy, 0.001m, stop: 100m));
                return 2;
            }),
            0, 3_500);
    }

    private long Measure(Func<SimulatedExchange, int> prepare)
    {
        const int steps = 50_000;
        var market = new GeneratedMarket(MarketSpec.Default, [new Symbol("BTCUSDT")], Interval.FifteenMinutes, 1, 100, Matching.Flat.Start);
        var exchange = new SimulatedExchange(market, new VenueSettings(), 10_000m);
        var usual = prepare(exchange);
        var events = new List<ExchangeEvent>();
        exchange.Advance(events);
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < steps; i++)
        {
            events.Clear();
            Assert.True(exchange.Advance(events));
            Assert.InRange(events.Count, usual, usual + 3); // A settlement of funding tells three things more.
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / steps;
        output.WriteLine($"{steps / watch.Elapsed.TotalSeconds:F0} steps per second, {bytes} bytes per step");
        return bytes;
    }
}
