using FsCheck;
using FsCheck.Fluent;
using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Tests.Matching;

/// <summary>Over random requests of every kind, outside acts and steps with and without ticks: wallet = initial + realised - fees - funding +
/// transfers to the last digit; a position is the sum of its executions; no order fills more than was ordered; a final order never changes;
/// the Full stop and take-profit have the position's size; a flat position has no protection; closed trades sum to what was realised; equal
/// seeds and requests give equal events however often the venue is read.</summary>
public class VenueLawTests
{
    private static readonly Symbol[] Symbols = [new("BTCUSDT"), new("ETHUSDT")];

    [Fact]
    public void The_laws_hold_without_ticks() =>
        Prop.ForAll<int>(seed => Run(seed, 0, isRead: true)).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void The_laws_hold_with_ticks() =>
        Prop.ForAll<int>(seed => Run(seed, 15_000, isRead: true)).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Theory]
    [InlineData(0)]
    [InlineData(15_000)]
    public void Reads_change_nothing(int tickMs) =>
        Prop.ForAll<int>(seed => Assert.Equal(Run(seed, tickMs, isRead: true), Run(seed, tickMs, isRead: false))).Check(Config.QuickThrowOnFailure.WithMaxTest(10));

    private static List<string> Run(int seed, int tickMs, bool isRead)
    {
        var market = new GeneratedMarket(MarketSpec.Parse("regimes"), Symbols, Domain.Interval.FifteenMinutes, (ulong)(uint)seed, 5, Flat.Start);
        var desk = new Desk(tickMs, 20_000m, new VenueSettings { Seed = (ulong)(uint)seed, MaxLatencyMs = tickMs == 0 ? 120 : 9_000 }, market);
        var chance = new Random(seed);
        var final = new Dictionary<string, VenueOrder>();
        var net = Symbols.ToDictionary(s => s, _ => 0m);
        var seen = 0;
        for (var i = 0; i < (tickMs == 0 ? 120 : 400); i++)
        {
            for (var n = chance.Next(4); n > 0; n--)
            {
                Act(desk, chance);
            }

            Assert.True(desk.Step());
            if (isRead)
            {
                seen = Check(desk, final, net, seen);
            }
        }

        return [.. desk.Told.Select(e => e.ToString()!)];
    }

    private static int Check(Desk desk, Dictionary<string, VenueOrder> final, Dictionary<Symbol, decimal> net, int seen)
    {
        var (venue, account) = (desk.Venue, desk.Account);
        foreach (var row in account.Executions.Skip(seen).Where(e => e.Order is not null))
        {
            net[row.Execution.Symbol] += row.Execution.Side.Sign() * row.Execution.Quantity.Value;
        }

        foreach (var order in account.Orders)
        {
            Assert.InRange(order.Filled, 0, order.Quantity);
            Assert.True(order.Status != VenueOrderStatus.Filled || order.Filled == order.Quantity);
            if (final.TryGetValue(order.Id, out var before))
            {
                Assert.Equal(before, order);
            }
            else if (order.IsFinal)
            {
                final.Add(order.Id, order);
            }
        }

        foreach (var symbol in Symbols)
        {
            var position = venue.PositionOf(account, symbol);
            Assert.Equal(net[symbol], position.SignedQuantity);
            var protections = account.OpenOrders.Where(o => o.Request.Symbol == symbol && o.IsProtection).ToList();
            Assert.True(position.SignedQuantity != 0 || protections.Count == 0);
            foreach (var kind in (StopKind[])[StopKind.StopLoss, StopKind.TakeProfit, StopKind.TrailingStop])
            {
                var whole = protections.Where(o => o.Kind == kind && o.IsUntriggered).ToList();
                Assert.True(whole.Count <= 1);
                Assert.All(whole, o => Assert.Equal(Math.Abs(position.SignedQuantity), o.Quantity));
                Assert.All(whole, o => Assert.Equal(-Math.Sign(position.SignedQuantity), o.Request.Side.Sign()));
            }

            Assert.NotEmpty(venue.BookOf(symbol, 10).Asks);
            Assert.True(venue.TradesOf(symbol).Count <= 1_000);
        }

        var positions = Symbols.ToDictionary(s => s, s => new Position(s));
        foreach (var row in account.Executions)
        {
            positions[row.Execution.Symbol].Apply(row.Execution);
        }

        Assert.Equal(
            20_000m + positions.Values.Sum(p => p.Realised.Value - p.Fees.Value - p.Funding.Value) + account.Transfers, venue.WalletOf(account).Balance);
        Assert.Equal(account.Realised, account.ClosedTrades.Sum(c => c.Realised));
        return account.Executions.Count;
    }

    private static void Act(Desk desk, Random chance)
    {
        var (venue, account) = (desk.Venue, desk.Account);
        var symbol = Symbols[chance.Next(2)];
        var instrument = venue.InstrumentOf(symbol)!;
        var last = venue.LastPrice(symbol);
        var side = chance.Next(2) == 0 ? Side.Buy : Side.Sell;
        decimal Near(int bp) => instrument.RoundToTick(last * (1 + (bp / 10_000m)), Side.Buy).Value;
        decimal? Maybe(int bp) => chance.Next(2) == 0 ? Near(bp) : null;
        var sign = side.Sign();
        var order = new NewOrder
        {
            Symbol = symbol,
            Side = side,
            Type = chance.Next(2) == 0 ? OrderType.Market : OrderType.Limit,
            Price = Near(chance.Next(-40, 40)),
            Quantity = instrument.FloorToLot(chance.Next(20, 4_000) / last).Value,
            TimeInForce = (TimeInForce)chance.Next(1, 5),
            LinkId = chance.Next(3) == 0 ? $"l{chance.Next(200)}" : "",
        };
        order = order.Type == OrderType.Market ? order with { Price = null } : order;
        var known = account.Orders.OrderBy(o => o.Number).ToList();
        var some = known.Count == 0 ? null : known[chance.Next(Math.Max(0, known.Count - 20), known.Count)];
        switch (chance.Next(16))
        {
            case 0 or 1 or 2:
                venue.Submit(account, order);
                break;
            case 3 or 4:
                venue.Submit(account, order with { Price = order.Price is null ? null : last, StopLoss = Maybe(-60 * sign), TakeProfit = Maybe(60 * sign), IsPartialProtection = chance.Next(2) == 0 });
                break;
            case 5 or 6:
                venue.Submit(account, order with { ReduceOnly = true });
                break;
            case 7:
                venue.Submit(account, order with { Trigger = Near(30 * sign), TriggerDirection = sign > 0 ? TriggerDirection.Rise : TriggerDirection.Fall, ReduceOnly = chance.Next(2) == 0, TriggerBy = (TriggerSource)chance.Next(1, 4) });
                break;
            case 8 when some is not null:
                venue.Cancel(account, some.Request.Symbol, some.Id, null);
                break;
            case 9 when some is not null:
                venue.Amend(account, some.Request.Symbol, some.Id, null, new Amendment { Quantity = chance.Next(2) == 0 ? some.Quantity + instrument.QuantityStep : null, Price = chance.Next(2) == 0 ? Near(chance.Next(-20, 20)) : null });
                break;
            case 10:
                venue.Protect(account, symbol, new ProtectionChange { StopLoss = chance.Next(5) == 0 ? 0 : Near(-50 * Math.Sign(venue.PositionOf(account, symbol).SignedQuantity)), StopTrigger = (TriggerSource)chance.Next(1, 4) });
                break;
            case 11:
                venue.Protect(account, symbol, new ProtectionChange { Trailing = instrument.RoundToTick(last * 0.004m, Side.Buy).Value });
                break;
            case 12:
                venue.CancelAll(account, symbol, o => o.Number % 2 == 0);
                break;
            case 13:
                venue.SetLeverage(account, symbol, chance.Next(1, 20));
                break;
            case 14 when chance.Next(4) == 0:
                venue.Transfer(account, chance.Next(-200, 400));
                break;
            case 15 when chance.Next(6) == 0:
                _ = chance.Next(2) == 0 ? venue.Liquidate(account, symbol) : venue.Deleverage(account, symbol);
                break;
            default:
                break;
        }
    }
}
