using System.Globalization;
using System.Net;
using TicketBot.Bybit.Rest;
using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

public sealed class BybitErrorsTests
{
    // One row per row of the venue's table: kind, whether a write's outcome stays open, whether a read is repeated, what is done, codes.
    private static readonly (BybitErrorKind Kind, bool LeavesOpen, bool IsTransient, string Does, int[] Codes)[] Rows =
    [
        (BybitErrorKind.None, false, false, "nothing", [0]),
        (BybitErrorKind.Ambiguous, true, true, "looked up", [10000, 10016, 429, 10429, 10019, 500000, 170001, 170005, 170007, 170032]),
        (BybitErrorKind.RateLimit, true, true, "wait until the limit resets", [10006, 20003]),
        (BybitErrorKind.AddressBlocked, true, false, "rests for ten minutes", [403, 10403]),
        (BybitErrorKind.Clock, false, false, "clock is measured", [10002, -1]),
        (BybitErrorKind.Parameter, false, false, "never repeated unchanged", [10001, 400]),
        (BybitErrorKind.Credentials, false, false, "trading stops", [401, 10003, 10004, 10005, 10007, 10010, 33004, -2015]),
        (BybitErrorKind.Forbidden, false, false, "trading stops", [10008, 10009, 10024, 10027, 10028, 110066, 110123, 110124, 110125]),
        (BybitErrorKind.DuplicateRequest, true, false, "looked up", [10014, 20006]),
        (BybitErrorKind.WrongPath, false, false, "wrong", [10017, 10032, 404, 10404]),
        (BybitErrorKind.SymbolUnavailable, false, false, "no orders for this contract", [10029, 110074, 110063, 30228]),
        (BybitErrorKind.DuplicateOrderId, false, false, "adopted", [110072]),
        (BybitErrorKind.OrderGone, false, false, "looked up once, not cancelled again", [110001, 110008, 110010, 110030]),
        (BybitErrorKind.Busy, true, true, "being processed", [110079, 40004]),
        (BybitErrorKind.AlreadyDone, false, false, "so already", [110043, 110025, 110026, 110027, 34040, 20001]),
        (BybitErrorKind.Balance, false, false, "fits the balance", [110004, 110006, 110007, 110012, 110014, 110044, 110045, 110051, 110052, 110053]),
        (BybitErrorKind.PriceBand, false, false, "too far from the market", [110003, 110120, 110121, 30208, 30209]),
        (BybitErrorKind.ReduceOnly, false, false, "position is read again", [110017]),
        (BybitErrorKind.BelowMinimum, false, false, "too small", [110094]),
        (BybitErrorKind.TriggerSide, false, false, "closed at market", [110092, 110093]),
        (BybitErrorKind.TooMany, false, false, "cancel orders", [110009, 110020, 110061]),
        (BybitErrorKind.WouldLiquidate, false, false, "liquidated", [110011, 110040, 110046]),
        (BybitErrorKind.Leverage, false, false, "leverage 1", [110013, 110036, 110038, 110086, 110090]),
        (BybitErrorKind.OpeningSuspended, false, false, "closing stays possible", [110021, 110022, 110023, 110042]),
        (BybitErrorKind.ModeLocked, false, false, "close the contract's positions", [110024, 110028, 110029]),
        (BybitErrorKind.StopRule, false, false, "rule of stop or amendment", [110057, 110058, 110059, 110060, 110064]),
        (BybitErrorKind.Unknown, true, false, "does not know", [1, 123456789, -7]),
    ];

    public static TheoryData<BybitErrorKind> Kinds => [.. Enum.GetValues<BybitErrorKind>()];

    public static TheoryData<int, BybitErrorKind> Codes
    {
        get
        {
            var data = new TheoryData<int, BybitErrorKind>();
            foreach (var row in Rows)
            {
                foreach (var code in row.Codes)
                {
                    data.Add(code, row.Kind);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_row_says_what_is_done(BybitErrorKind kind)
    {
        var row = Assert.Single(Rows, one => one.Kind == kind);
        Assert.Equal((row.LeavesOpen, row.IsTransient), (BybitErrors.LeavesOutcomeOpen(kind), BybitErrors.IsTransient(kind)));
        Assert.Contains(row.Does, BybitErrors.AdviceOf(kind), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Each_code_has_its_row_and_an_order_answered_so_is_refused_unknown_or_there(int code, BybitErrorKind kind)
    {
        Assert.Equal(kind, BybitErrors.KindOf(code));
        var time = new FakeTimeProvider();
        var stub = new StubHandler(time, seen => (HttpStatusCode.OK, seen.Path == "/v5/order/create"
            ? code == 0 ? StubHandler.Ok("""{"orderId":"o-1"}""") : StubHandler.Refusal(code) : ""));
        var answer = await stub.Connect().SubmitAsync(
            new OrderRequest { Id = new ClientOrderId("a"), Symbol = new Symbol("BTCUSDT"), Side = Side.Buy, Type = OrderType.Market, Quantity = new Quantity(1), CausedAt = default }, default);
        var expected = kind switch
        {
            BybitErrorKind.None => typeof(SubmitAnswer.Acknowledged),
            BybitErrorKind.DuplicateOrderId => typeof(SubmitAnswer.Duplicate),
            _ => Assert.Single(Rows, row => row.Kind == kind).LeavesOpen ? typeof(SubmitAnswer.Unknown) : typeof(SubmitAnswer.Refused),
        };
        Assert.Equal(expected, answer.GetType());

        // Sent once; a refused timestamp, which is never executed, once more.
        Assert.Equal(kind == BybitErrorKind.Clock ? 2 : 1, stub.Requests.Count(seen => seen.Path == "/v5/order/create"));
    }

    [Theory]
    [InlineData(110001)]
    [InlineData(110010)]
    public async Task A_cancel_that_comes_too_late_is_sent_once_and_done(int code)
    {
        var stub = new StubHandler(new FakeTimeProvider(), seen => (HttpStatusCode.OK, seen.Path == "/v5/order/cancel" ? StubHandler.Refusal(code) : ""));
        Assert.IsType<RequestAnswer.Done>(await stub.Connect().CancelAsync(new Symbol("BTCUSDT"), new ClientOrderId("a"), default));
        Assert.Equal(1, stub.Requests.Count(seen => seen.Path == "/v5/order/cancel"));
    }

    [Theory]
    [InlineData(500, BybitErrorKind.Ambiguous)]
    [InlineData(502, BybitErrorKind.Ambiguous)]
    [InlineData(429, BybitErrorKind.Ambiguous)]
    [InlineData(200, BybitErrorKind.Ambiguous)]
    [InlineData(401, BybitErrorKind.Credentials)]
    [InlineData(403, BybitErrorKind.AddressBlocked)]
    [InlineData(404, BybitErrorKind.WrongPath)]
    [InlineData(400, BybitErrorKind.Parameter)]
    public void Knows_each_status_without_a_readable_answer(int status, BybitErrorKind kind) =>
        Assert.Equal(kind, BybitErrors.KindOfStatus(status));

    [Fact]
    public void Advice_never_ends_with_a_stop_since_texts_go_on_after_it() =>
        Assert.All(Enum.GetValues<BybitErrorKind>(), kind => Assert.False(BybitErrors.AdviceOf(kind).EndsWith('.'), kind.ToString().ToLower(CultureInfo.InvariantCulture)));
}
