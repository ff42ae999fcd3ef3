using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Tests.Matching;

/// <summary>A venue with one account over a small market, played step by step, with or without ticks.</summary>
internal sealed class Desk
{
    private readonly StepFeed _feed;

    internal Desk(int tickMs, decimal balance, VenueSettings settings, MarketSource market)
    {
        _feed = new StepFeed(market, tickMs);
        Venue = new Venue(settings, market) { TickMs = tickMs };
        Account = Venue.OpenAccount("key", balance);
    }

    internal Desk(int tickMs, params (double, double, double, double)[] rows)
        : this(tickMs, 10_000m, Flat.Settings(), Flat.Market(rows))
    {
    }

    internal Venue Venue { get; }

    internal Account Account { get; }

    internal decimal Held => Venue.PositionOf(Account, Flat.Btc).SignedQuantity;

    /// <summary>Every event told so far, in order.</summary>
    internal List<VenueEvent> Told { get; } = [];

    internal IEnumerable<VenueOrder> OrdersTold(string id) => Told.OfType<VenueEvent.OrderChanged>().Select(o => o.Order).Where(o => o.Id == id);

    /// <summary>Plays one step; returns whether there was one.</summary>
    internal bool Step()
    {
        if (_feed.Next is not { } step)
        {
            return false;
        }

        _feed.Move();
        Venue.Advance(step);
        Told.AddRange(Account.TakeEvents());
        return true;
    }

    /// <summary>Plays to the end of the next candle.</summary>
    internal void Candle()
    {
        while (true)
        {
            var closes = _feed.Next!.Candles.Length > 0;
            Step();
            if (closes)
            {
                return;
            }
        }
    }

    /// <summary>Plays steps until something holds; fails at the end of the market.</summary>
    internal void Until(Func<bool> holds)
    {
        while (!holds())
        {
            Assert.True(Step(), "the market ended before it happened");
        }
    }

    internal VenueOrder Take(NewOrder order)
    {
        var answer = Venue.Submit(Account, order);
        Assert.Equal((0, "OK"), (answer.Code, answer.Text));
        return answer.Order!;
    }

    internal VenueOrder Now(VenueOrder order) => Account.OrderById(order.Id)!;
}
