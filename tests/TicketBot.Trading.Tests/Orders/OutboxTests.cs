using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;

#pragma warning disable CA2012 // Naming a call to a substitute is how its answer is set; nothing is awaited there.

namespace TicketBot.Trading.Tests.Orders;

public sealed class OutboxTests
{
    private readonly IExchange _exchange = Substitute.For<IExchange>();
    private readonly FakeTimeProvider _time = new();
    private readonly List<Fact> _facts = [];
    private readonly List<Exception> _broken = [];

    [Fact]
    public async Task A_submit_that_ignores_cancellation_does_not_hold_the_stop_up()
    {
        _exchange.SubmitAsync(default!, default).ReturnsForAnyArgs(new ValueTask<SubmitAnswer>(new TaskCompletionSource<SubmitAnswer>().Task));
        using var outbox = Make();
        outbox.Dispatch(Submit());

        var stop = outbox.StopAsync(TimeSpan.FromSeconds(2));
        for (var i = 0; i < 1_000_000 && !stop.IsCompleted; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        Assert.True(stop.IsCompleted);
        Assert.False(await stop);
    }

    [Fact]
    public async Task An_error_that_nobody_expected_is_told_and_does_not_stay_in_the_lane()
    {
        _exchange.SubmitAsync(default!, default).ReturnsForAnyArgs(ValueTask.FromException<SubmitAnswer>(new InvalidOperationException("bug")));
        using var outbox = Make();

        outbox.Dispatch(Submit());

        Assert.True(await outbox.StopAsync(TimeSpan.FromSeconds(2)));
        Assert.Equal("bug", Assert.Single(_broken).Message);
    }

    [Fact]
    public async Task An_order_dispatched_before_the_stop_is_answered_for()
    {
        var answer = new TaskCompletionSource<SubmitAnswer>();
        _exchange.SubmitAsync(default!, default).ReturnsForAnyArgs(new ValueTask<SubmitAnswer>(answer.Task));
        using var outbox = Make();
        outbox.Dispatch(Submit());

        var stop = outbox.StopAsync(TimeSpan.FromSeconds(2));
        answer.SetResult(new SubmitAnswer.Acknowledged(new VenueOrderId("v")));

        Assert.True(await stop);
        Assert.Equal(AnswerOutcome.Accepted, Assert.IsType<Fact.Answered>(Assert.Single(_facts)).Outcome);
    }

    [Fact]
    public async Task A_look_up_that_hangs_holds_no_exit_of_its_symbol_back()
    {
        _exchange.FindOrderAsync(default, default, default, default).ReturnsForAnyArgs(new ValueTask<OrderReport?>(new TaskCompletionSource<OrderReport?>().Task));
        _exchange.SubmitAsync(default!, default).ReturnsForAnyArgs(new SubmitAnswer.Acknowledged(new VenueOrderId("v")));
        using var outbox = Make();

        outbox.Dispatch(new TradingEffect.LookUp(CoreHarness.Bitcoin, new ClientOrderId("a")));
        outbox.Dispatch(Submit());

        await _exchange.ReceivedWithAnyArgs(1).SubmitAsync(default!, default);
        Assert.IsType<Fact.Answered>(Assert.Single(_facts));
    }

    [Theory]
    [InlineData(false, 5_001, 0)]
    [InlineData(false, 4_999, 1)]
    [InlineData(true, 60_000, 1)]
    public async Task An_entry_that_an_earlier_request_held_back_too_long_does_not_leave_and_an_exit_does(bool isExit, int heldMs, int submitted)
    {
        var hanging = new TaskCompletionSource<RequestAnswer>();
        _exchange.SetStopAsync(default, default, default, default).ReturnsForAnyArgs(new ValueTask<RequestAnswer>(hanging.Task));
        _exchange.SubmitAsync(default!, default).ReturnsForAnyArgs(new SubmitAnswer.Acknowledged(new VenueOrderId("v")));
        using var outbox = Make();
        outbox.Dispatch(new TradingEffect.SetStop(CoreHarness.Bitcoin, new Price(1m), false));
        outbox.Dispatch(new TradingEffect.Submit(Submit().Request with { ReduceOnly = isExit }));

        _time.Advance(TimeSpan.FromMilliseconds(heldMs));
        hanging.SetResult(new RequestAnswer.Done());
        await outbox.StopAsync(TimeSpan.FromSeconds(2));

        await _exchange.ReceivedWithAnyArgs(submitted).SubmitAsync(default!, default);
        Assert.Equal(1 - submitted, _facts.OfType<Fact.Withheld>().Count());
    }

    [Fact]
    public async Task A_market_that_waits_goes_on_when_the_account_could_not_be_read_three_times_and_waits_again_once_it_can()
    {
        var isReadable = false;
        var attempts = 0;
        _exchange.GetSnapshotAsync(default!, default, default).ReturnsForAnyArgs(_ =>
        {
            attempts++;
            return isReadable
                ? ValueTask.FromResult(new ExchangeSnapshot(new WalletReport(default, default, CoreHarness.Begin), [], [], [], CoreHarness.Begin))
                : throw new ExchangeException("refused");
        });
        using var outbox = Make();
        outbox.Dispatch(new TradingEffect.Reconcile(CoreHarness.Begin));
        outbox.Dispatch(new TradingEffect.ReportSent(CoreHarness.Begin));
        await ElapseAsync(() => attempts >= 2);
        await _exchange.DidNotReceiveWithAnyArgs().ReportSentAsync(default, default);
        await ElapseAsync(() => _exchange.ReceivedCalls().Any(c => c.GetMethodInfo().Name == nameof(IExchange.ReportSentAsync)));
        Assert.True(attempts >= 3);

        isReadable = true;
        await ElapseAsync(() => _facts.Count > 0);
        Assert.IsType<Fact.Reconciled>(Assert.Single(_facts));
        _exchange.ClearReceivedCalls();
        _exchange.GetSnapshotAsync(default!, default, default).ReturnsForAnyArgs(new ValueTask<ExchangeSnapshot>(new TaskCompletionSource<ExchangeSnapshot>().Task));
        outbox.Dispatch(new TradingEffect.Reconcile(CoreHarness.Begin));
        outbox.Dispatch(new TradingEffect.ReportSent(CoreHarness.Begin));
        await _exchange.DidNotReceiveWithAnyArgs().ReportSentAsync(default, default);
        await outbox.StopAsync(TimeSpan.Zero);
    }

    // Time passes in pieces smaller than any pause, until something has come to pass.
    private async Task ElapseAsync(Func<bool> holds)
    {
        for (var i = 0; i < 1_000_000 && !holds(); i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        Assert.True(holds());
    }

    private static TradingEffect.Submit Submit() => new(new OrderRequest
    {
        Id = new ClientOrderId("a"),
        Symbol = CoreHarness.Bitcoin,
        Side = Side.Buy,
        Type = OrderType.Market,
        Quantity = new Quantity(1m),
        CausedAt = CoreHarness.Begin,
    });

    private Outbox Make() => new(_exchange, [CoreHarness.Bitcoin], _facts.Add, _broken.Add, _time, NullLogger.Instance);
}
