using System.Diagnostics;
using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Tests;

public class SpeedTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public void A_step_without_orders_allocates_little()
    {
        const int steps = 50_000;
        var market = new GeneratedMarket(MarketSpec.Default, [new Symbol("BTCUSDT")], Interval.FifteenMinutes, 1, 100, Matching.Flat.Start);
        var exchange = new SimulatedExchange(market, new VenueSettings(), 10_000m);
        var events = new List<ExchangeEvent>();
        exchange.Advance(events);
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < steps; i++)
        {
            events.Clear();
            Assert.True(exchange.Advance(events));
            Assert.Equal(2, events.Count);
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / steps;
        output.WriteLine($"{steps / watch.Elapsed.TotalSeconds:F0} steps per second, {bytes} bytes per step");
        Assert.InRange(bytes, 0, 2_000);
    }
}
