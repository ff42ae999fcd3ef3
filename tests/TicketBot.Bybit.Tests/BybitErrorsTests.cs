using TicketBot.Bybit.Rest;

namespace TicketBot.Bybit.Tests;

public sealed class BybitErrorsTests
{
    [Theory]
    [InlineData(BybitErrorKind.None, 0)]
    [InlineData(BybitErrorKind.Ambiguous, 10000, 10016, 429, 10429, 10019, 500000, 170001, 170005, 170007, 170032)]
    [InlineData(BybitErrorKind.RateLimit, 10006, 20003)]
    [InlineData(BybitErrorKind.AddressBlocked, 403, 10403)]
    [InlineData(BybitErrorKind.Clock, 10002, -1)]
    [InlineData(BybitErrorKind.Parameter, 10001)]
    [InlineData(BybitErrorKind.Credentials, 10003, 10004, 10005, 10007, 10010, 33004, -2015)]
    [InlineData(BybitErrorKind.Forbidden, 10008, 10009, 10024, 10027, 10028, 110066, 110123, 110124, 110125)]
    [InlineData(BybitErrorKind.DuplicateRequest, 10014, 20006)]
    [InlineData(BybitErrorKind.WrongPath, 10017, 404, 10404)]
    [InlineData(BybitErrorKind.SymbolUnavailable, 10029, 110074, 110063, 30228)]
    [InlineData(BybitErrorKind.DuplicateOrderId, 110072)]
    [InlineData(BybitErrorKind.OrderGone, 110001, 110008, 110010)]
    [InlineData(BybitErrorKind.Busy, 110079, 40004)]
    [InlineData(BybitErrorKind.AlreadyDone, 110043, 110025, 110026, 110027, 34040, 20001)]
    [InlineData(BybitErrorKind.Balance, 110004, 110006, 110007, 110012, 110014, 110044, 110045, 110051, 110052, 110053)]
    [InlineData(BybitErrorKind.PriceBand, 110003, 110120, 110121, 30208, 30209)]
    [InlineData(BybitErrorKind.ReduceOnly, 110017)]
    [InlineData(BybitErrorKind.BelowMinimum, 110094)]
    [InlineData(BybitErrorKind.TriggerSide, 110092, 110093)]
    [InlineData(BybitErrorKind.TooMany, 110009, 110020, 110061)]
    [InlineData(BybitErrorKind.WouldLiquidate, 110011, 110040, 110046)]
    [InlineData(BybitErrorKind.Leverage, 110013, 110036, 110038, 110086, 110090)]
    [InlineData(BybitErrorKind.OpeningSuspended, 110021, 110022, 110023, 110042)]
    [InlineData(BybitErrorKind.ModeLocked, 110024, 110028, 110029)]
    [InlineData(BybitErrorKind.StopRule, 110057, 110058, 110059, 110060, 110064)]
    [InlineData(BybitErrorKind.Unknown, 1, 123456789, -7)]
    public void Knows_each_code(BybitErrorKind kind, params int[] codes) =>
        Assert.All(codes, code => Assert.Equal(kind, BybitErrors.KindOf(code)));

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
    public void Repeats_reads_only_for_passing_reasons()
    {
        var transient = Enum.GetValues<BybitErrorKind>().Where(BybitErrors.IsTransient);
        Assert.Equal([BybitErrorKind.Ambiguous, BybitErrorKind.RateLimit, BybitErrorKind.Busy], transient);
    }

    [Fact]
    public void Leaves_the_outcome_of_a_write_open_only_where_it_may_have_happened()
    {
        var open = Enum.GetValues<BybitErrorKind>().Where(BybitErrors.LeavesOutcomeOpen);
        Assert.Equal(
            [BybitErrorKind.Ambiguous, BybitErrorKind.RateLimit, BybitErrorKind.AddressBlocked, BybitErrorKind.DuplicateRequest, BybitErrorKind.Busy, BybitErrorKind.Unknown],
            open);
    }
}
