using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Faults;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Tests.Wire;

namespace TicketBot.Simulator.Tests.Faults;

public class RequestFaultTests
{
    private const string Create = "/v5/order/create";
    private static readonly Instant Start = new(1_700_006_400_000);

    [Fact]
    public async Task A_lost_request_never_happened_and_a_lost_answer_did()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        server.Faults.Add(new FaultRule { Kind = FaultKind.LoseRequest, Path = Create });
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.PostAsync(Create, Body("a")));
        Assert.Equal(0, server.State.OrderCount);

        server.Faults.Add(new FaultRule { Kind = FaultKind.LoseAnswer, Path = Create });
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.PostAsync(Create, Body("a")));
        Assert.Equal(1, server.State.OrderCount);
        Assert.Equal(110072, Code(await client.PostAsync(Create, Body("a"))));
        Assert.Equal(
            [(FaultKind.LoseRequest, "r1", $"POST {Create}"), (FaultKind.LoseAnswer, "r2", $"POST {Create}")],
            server.Faults.Log.Select(s => (s.Kind, s.Rule, s.On)));
        Assert.NotNull(server.Read(Client.Key, (_, account) => account.OrderByLink("a")));
    }

    [Theory]
    [InlineData(FaultKind.Status, 503, 503)]
    [InlineData(FaultKind.Status, 0, 500)]
    [InlineData(FaultKind.HtmlBody, 0, 502)]
    [InlineData(FaultKind.EmptyBody, 0, 200)]
    [InlineData(FaultKind.Code, 0, 200)]
    public async Task An_answer_is_replaced_before_or_after_the_order_is_taken(FaultKind kind, int status, int expected)
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        for (var taken = 0; taken < 2; taken++)
        {
            server.Faults.Add(new FaultRule { Kind = kind, Path = Create, Status = status, AfterApplying = taken == 1 });
            var (code, text) = await client.PostTextAsync(Create, Body($"o{taken}"));
            Assert.Equal(expected, code);
            Assert.Equal(taken, server.State.OrderCount);
            switch (kind)
            {
                case FaultKind.HtmlBody:
                    Assert.StartsWith("<html>", text, StringComparison.Ordinal);
                    break;
                case FaultKind.EmptyBody:
                    Assert.Empty(text);
                    break;
                case FaultKind.Code:
                    Assert.Equal(10016, Code(JsonDocument.Parse(text).RootElement));
                    break;
                default:
                    Assert.Equal("simulated failure", text);
                    break;
            }
        }

        Assert.Equal(2, server.Faults.Log.Count);
    }

    [Fact]
    public async Task A_truncated_answer_is_the_first_half_of_the_true_one()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        server.Faults.Add(new FaultRule { Kind = FaultKind.TruncatedJson, Path = Create });
        var (status, text) = await client.PostTextAsync(Create, Body("t"));
        Assert.Equal(200, status);
        Assert.StartsWith("""{"retCode":0""", text, StringComparison.Ordinal);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(text));
        Assert.Equal(1, server.State.OrderCount);
    }

    [Fact]
    public async Task A_delayed_request_arrives_although_its_client_gave_up_and_a_delayed_answer_was_applied_at_once()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        server.Faults.Add(new FaultRule { Kind = FaultKind.DelayAnswer, Path = Create, DelayMs = 60_000 });
        using var impatience = new CancellationTokenSource();
        server.Faults.Struck = _ => impatience.CancelAfter(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.PostAsync(Create, Body("slow"), impatience.Token));
        await Patience.UntilAsync(() => server.State.OrderCount == 1);

        using var second = new CancellationTokenSource();
        server.Faults.Struck = _ => second.Cancel();
        server.Faults.Add(new FaultRule { Kind = FaultKind.DelayRequest, Path = Create, DelayMs = 300 });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.PostAsync(Create, Body("late"), second.Token));
        await Patience.UntilAsync(() => server.State.OrderCount == 2);
    }

    [Fact]
    public async Task An_order_may_be_rejected_after_it_was_acknowledged()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var stream = await client.OpenPrivateAsync("order");
        server.Faults.Add(new FaultRule { Kind = FaultKind.RejectLater });
        Assert.Equal(0, Code(await client.PostAsync(Create, Body("rejected"))));
        await client.StepAsync(server);
        var told = (await stream.ReadAsync()).GetProperty("data")[0];
        Assert.Equal("rejected", told.GetProperty("orderLinkId").GetString());
        Assert.Contains(told.GetProperty("orderStatus").GetString(), new[] { "Cancelled", "Rejected" });
        Assert.Equal("0", told.GetProperty("cumExecQty").GetString());
        Assert.Empty(server.State.OpenOrders);
    }

    [Theory]
    [InlineData(0.5, "0.001")]
    [InlineData(0.1, "0")]
    public async Task A_market_order_may_fill_in_part_and_the_rest_be_cancelled(double fraction, string filled)
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        server.Faults.Add(new FaultRule { Kind = FaultKind.PartialFill, Fraction = (decimal)fraction });
        Assert.Equal(0, Code(await client.PostAsync(Create, Body("part"))));
        await client.StepAsync(server);
        var order = (await client.SignedGetAsync("/v5/order/history", "category=linear&orderLinkId=part")).GetProperty("result").GetProperty("list")[0];
        Assert.Equal(("Cancelled", filled, "0.002"), (order.GetProperty("orderStatus").GetString(), order.GetProperty("cumExecQty").GetString(), order.GetProperty("qty").GetString()));
        Assert.Equal(decimal.Parse(filled, System.Globalization.CultureInfo.InvariantCulture), server.State.Positions.Sum(p => p.SignedQuantity));
    }

    [Fact]
    public async Task An_attached_stop_may_be_lost_without_a_word()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        server.Faults.Add(new FaultRule { Kind = FaultKind.LoseStop });
        Assert.Equal(0, Code(await client.PostAsync(Create, Body("plain"))));
        Assert.Empty(server.Faults.Log);
        Assert.Equal(0, Code(await client.PostAsync(Create, Body("guarded", ""","stopLoss":"30000","slTriggerBy":"LastPrice","tpslMode":"Full" """))));
        Assert.Single(server.Faults.Log);
        var order = server.Read(Client.Key, (_, account) => account.OrderByLink("guarded"))!;
        Assert.Null(order.Request.StopLoss);
    }

    [Fact]
    public async Task Candles_over_REST_may_disagree()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        const string query = "category=linear&symbol=BTCUSDT&interval=15&limit=3";
        var truth = Closes(await client.GetAsync("/v5/market/kline", query));
        server.Faults.Add(new FaultRule { Kind = FaultKind.WrongCandle, Fraction = 0.01m });
        var wrong = Closes(await client.GetAsync("/v5/market/kline", query));
        Assert.Equal(truth.Select(c => c * 1.01m), wrong);
        Assert.Equal(truth, Closes(await client.GetAsync("/v5/market/kline", query)));
    }

    [Fact]
    public async Task Rules_match_method_account_and_text_and_count_from_their_nth_occasion()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        server.Faults.Add(new FaultRule { Kind = FaultKind.Code, Path = "/v5/", Method = "GET", Code = 10006, Nth = 3, Count = 2 });
        server.Faults.Add(new FaultRule { Kind = FaultKind.Code, Path = Create, Account = "another", Code = 10000 });
        server.Faults.Add(new FaultRule { Kind = FaultKind.Code, Path = Create, Contains = "\"marked\"", Code = 10429 });
        var codes = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            codes.Add(Code(await client.SignedGetAsync("/v5/account/info", "")));
        }

        Assert.Equal([0, 0, 10006, 10006, 0, 0], codes);
        Assert.Equal(0, Code(await client.PostAsync(Create, Body("plain"))));
        Assert.Equal(10429, Code(await client.PostAsync(Create, Body("marked"))));
    }

    [Fact]
    public async Task Equal_seeds_strike_the_same_requests()
    {
        async Task<string> RunAsync(long seed)
        {
            await using var server = await Client.StartAsync(Market(), change: o => o.Seed = seed);
            await using var client = new Client(server);
            server.Faults.Add(new FaultRule { Kind = FaultKind.Code, Path = "/v5/account", Probability = 0.4, Count = null });
            var struck = "";
            for (var i = 0; i < 30; i++)
            {
                struck += Code(await client.SignedGetAsync("/v5/account/info", "")) == 0 ? '.' : 'x';
            }

            return struck;
        }

        var first = await RunAsync(1);
        Assert.InRange(first.Count(c => c == 'x'), 4, 22);
        Assert.Equal(first, await RunAsync(1));
        Assert.NotEqual(first, await RunAsync(2));
    }

    [Fact]
    public async Task An_outage_refuses_everything_until_it_is_over_and_a_revoked_key_until_it_is_restored()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var stream = await client.OpenPrivateAsync("order");
        var outage = server.Faults.Add(new FaultRule { Kind = FaultKind.Outage });
        Assert.True(await stream.IsCutAsync());
        Assert.Equal(503, (await client.GetTextAsync("/v5/market/time")).Status);
        await Assert.ThrowsAnyAsync<System.Net.WebSockets.WebSocketException>(() => client.OpenAsync("/v5/public/linear"));
        server.Faults.Remove(outage);
        Assert.Equal(200, (await client.GetTextAsync("/v5/market/time")).Status);

        server.Faults.Add(new FaultRule { Kind = FaultKind.RevokeKey, Account = Client.Key, Code = 33004 });
        Assert.Equal(33004, Code(await client.SignedGetAsync("/v5/account/info", "")));
        server.Faults.Add(new FaultRule { Kind = FaultKind.RestoreKey, Account = Client.Key });
        Assert.Equal(0, Code(await client.SignedGetAsync("/v5/account/info", "")));
    }

    [Fact]
    public async Task The_clock_may_be_off_and_signatures_are_checked_by_it()
    {
        var clock = new Testing.FakeTimeProvider();
        await using var server = await Client.StartAsync(Market(), clock: clock);
        await using var client = new Client(server, clock);
        server.Faults.Add(new FaultRule { Kind = FaultKind.ClockSkew, OffsetMs = -3_000 });
        Assert.Equal(10002, Code(await client.SignedGetAsync("/v5/account/info", "")));
        Assert.Equal(0, Code(await client.SignedGetAsync("/v5/account/info", "", offsetMs: -3_000)));
        var told = (await client.GetAsync("/v5/market/time")).GetProperty("time").GetInt64();
        Assert.Equal(-3_000, told - clock.GetUtcNow().ToUnixTimeMilliseconds());
        server.Faults.Clear();
        Assert.Equal(0, Code(await client.SignedGetAsync("/v5/account/info", "")));
    }

    internal static GeneratedMarket Market() => new(MarketSpec.Default, [new Symbol("BTCUSDT")], Interval.FifteenMinutes, 1, 50, Start);

    internal static string Body(string link, string more = "") =>
        $$"""{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market","qty":"0.002","orderLinkId":"{{link}}"{{more}}}""";

    internal static int Code(JsonElement answer) => answer.GetProperty("retCode").GetInt32();

    private static List<decimal> Closes(JsonElement answer) =>
        [.. answer.GetProperty("result").GetProperty("list").EnumerateArray().Select(r => decimal.Parse(r[4].GetString()!, System.Globalization.CultureInfo.InvariantCulture))];
}
