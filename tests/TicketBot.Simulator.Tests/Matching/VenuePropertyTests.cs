using FsCheck;
using FsCheck.Fluent;
using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Tests.Matching;

/// <summary>Over random order flows: the wallet equals initial + realised - fees - funding to the last digit, recomputed from the
/// executions alone; reduce-only orders never reverse; a flat position has no stop; ids never repeat; no link id trades twice.</summary>
public class VenuePropertyTests
{
    private static readonly Symbol[] Symbols = [new("BTCUSDT"), new("ETHUSDT")];

    [Fact]
    public void The_audit_holds_over_random_order_flows() =>
        Prop.ForAll<int>(seed => Audit((ulong)(uint)seed)).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    private static void Audit(ulong seed)
    {
        var market = new GeneratedMarket(MarketSpec.Default, Symbols, Domain.Interval.OneHour, seed, 5, Flat.Start);
        var venue = new Venue(new VenueSettings { Seed = seed }, market);
        var account = venue.OpenAccount("key", 10_000m);
        var chance = new Random(unchecked((int)seed));
        foreach (var step in market.Steps().Take(120))
        {
            for (var i = chance.Next(4); i > 0; i--)
            {
                Act(venue, account, chance);
            }

            var before = Symbols.ToDictionary(s => s, s => venue.PositionOf(account, s).SignedQuantity);
            var seen = account.Executions.Count;
            venue.Advance(step);
            foreach (var execution in account.Executions.Skip(seen))
            {
                var symbol = execution.Execution.Symbol;
                var signed = execution.Order is null ? 0 : execution.Execution.Side.Sign() * execution.Execution.Quantity.Value;
                if (execution.Order?.Request.ReduceOnly == true)
                {
                    Assert.Equal(-Math.Sign(before[symbol]), Math.Sign(signed));
                    Assert.True(Math.Abs(signed) <= Math.Abs(before[symbol]));
                }

                before[symbol] += signed;
            }

            foreach (var symbol in Symbols)
            {
                var position = venue.PositionOf(account, symbol);
                Assert.Equal(before[symbol], position.SignedQuantity);
                Assert.True(position.SignedQuantity != 0 || position.StopLoss is null);
            }
        }

        var positions = Symbols.ToDictionary(s => s, s => new Position(s));
        foreach (var execution in account.Executions)
        {
            positions[execution.Execution.Symbol].Apply(execution.Execution);
        }

        var audit = 10_000m + positions.Values.Sum(p => p.Realised.Value - p.Fees.Value - p.Funding.Value);
        Assert.Equal(audit, venue.WalletOf(account).Balance);
        Assert.Equal(account.Executions.Count, account.Executions.Select(e => e.Execution.Id).Distinct().Count());
        Assert.Equal(account.Orders.Count, account.Orders.Select(o => o.Id).Distinct().Count());
        var links = account.Orders.Select(o => o.Request.LinkId).Where(l => l.Length > 0).ToList();
        Assert.Equal(links.Count, links.Distinct().Count());
    }

    private static void Act(Venue venue, Account account, Random chance)
    {
        var symbol = Symbols[chance.Next(2)];
        var instrument = venue.InstrumentOf(symbol)!;
        var last = venue.LastPrice(symbol);
        var side = chance.Next(2) == 0 ? Side.Buy : Side.Sell;
        var quantity = instrument.FloorToLot(chance.Next(20, 900) / last).Value;
        var away = 1 - (side.Sign() * chance.Next(1, 30) / 1_000m);
        switch (chance.Next(8))
        {
            case 0:
                venue.SetStop(account, symbol, instrument.RoundToTick(last * (chance.Next(2) == 0 ? 0.985m : 1.015m), Side.Buy).Value);
                break;
            case 1:
                venue.CancelAll(account, symbol, o => chance.Next(2) == 0);
                break;
            case 2:
                venue.Submit(account, Flat.Order(side, quantity, reduceOnly: true) with { Symbol = symbol });
                break;
            case 3:
                venue.Submit(account, Flat.Limit(side, quantity, instrument.RoundToTick(last * away, side).Value, reduceOnly: chance.Next(3) == 0) with { Symbol = symbol });
                break;
            default:
                decimal? stop = chance.Next(2) == 0 ? instrument.RoundToTick(last * (1 - (side.Sign() * 0.015m)), side).Value : null;
                venue.Submit(account, Flat.Order(side, quantity, $"l{chance.Next(60)}", stop) with { Symbol = symbol });
                break;
        }
    }
}
