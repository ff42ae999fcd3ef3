using System.Threading.Channels;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Tests;

public class SimulatedExchangeTests
{
    [Fact]
    public async Task A_step_tells_private_events_then_candles_then_time_and_the_channel_ends_with_the_market()
    {
        await using var exchange = new SimulatedExchange(Matching.Flat.Market((50_000, 50_100, 49_900, 50_000)), Matching.Flat.Settings(), 10_000m);
        var channel = Channel.CreateUnbounded<ExchangeEvent>();
        await exchange.ConnectAsync([Matching.Flat.Series], channel.Writer, CancellationToken.None);
        Assert.IsType<SubmitAnswer.Acknowledged>(exchange.Submit(Request("a")));
        Assert.IsType<SubmitAnswer.Duplicate>(exchange.Submit(Request("a")));
        Assert.Equal(110017, Assert.IsType<SubmitAnswer.Refused>(exchange.Submit(Request("b") with { ReduceOnly = true, StopLoss = null, Side = Side.Sell })).Code);

        await exchange.ReportSentAsync(Matching.Flat.Start.Plus(-1), CancellationToken.None);
        Assert.False(channel.Reader.TryRead(out _)); // A late report of an earlier time moves nothing.
        await exchange.ReportSentAsync(Matching.Flat.Start, CancellationToken.None);
        await exchange.ReportSentAsync(Matching.Flat.Start.Plus(900_000), CancellationToken.None);
        var events = new List<ExchangeEvent>();
        await foreach (var happened in channel.Reader.ReadAllAsync())
        {
            events.Add(happened);
        }

        Assert.Equal(
            ["Executed", "OrderChanged", "OrderChanged", "PositionChanged", "WalletChanged", "CandleClosed", "TimePassed"],
            events.Select(e => e.GetType().Name));
        Assert.True(((ExchangeEvent.OrderChanged)events[2]).Report.IsStopLoss);
        Assert.True(exchange.HasEnded);
    }

    [Fact]
    public async Task The_snapshot_and_the_look_up_tell_the_same_as_the_events()
    {
        await using var exchange = new SimulatedExchange(Matching.Flat.Market((50_000, 50_100, 49_900, 50_000)), Matching.Flat.Settings(), 10_000m);
        exchange.Submit(Request("a"));
        Assert.True(exchange.Advance(new List<ExchangeEvent>()));
        var snapshot = await exchange.GetSnapshotAsync([Matching.Flat.Btc], Matching.Flat.Start, CancellationToken.None);
        Assert.Equal(0.01m, Assert.Single(snapshot.Positions).SignedQuantity);
        Assert.Equal(49_250m, Assert.Single(snapshot.OpenOrders).Trigger!.Value.Value);
        Assert.Equal(exchange.Account.Balance, snapshot.Wallet.WalletBalance.Value);
        Assert.Single(snapshot.Executions);
        Assert.Equal(OrderStatus.Filled, (await exchange.FindOrderAsync(Matching.Flat.Btc, new ClientOrderId("a"), false, CancellationToken.None))!.Status);
        Assert.Null(await exchange.FindOrderAsync(Matching.Flat.Btc, new ClientOrderId("none"), false, CancellationToken.None));
        var candles = await exchange.GetCandlesAsync(Matching.Flat.Btc, Interval.FifteenMinutes, Matching.Flat.Start.Plus(-900_000), null, CancellationToken.None);
        Assert.Equal(2, candles.Count);
        await Assert.ThrowsAsync<ExchangeException>(async () => await exchange.GetInstrumentsAsync([new Symbol("NOPE")], CancellationToken.None));
    }

    private static OrderRequest Request(string id) => new()
    {
        Id = new ClientOrderId(id),
        Symbol = Matching.Flat.Btc,
        Side = Side.Buy,
        Type = OrderType.Market,
        Quantity = new Quantity(0.01m),
        StopLoss = new Price(49_250m),
        CausedAt = Matching.Flat.Start,
    };
}
