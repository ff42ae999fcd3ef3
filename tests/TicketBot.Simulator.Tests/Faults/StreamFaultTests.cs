using TicketBot.Simulator.Faults;
using TicketBot.Simulator.Tests.Wire;

namespace TicketBot.Simulator.Tests.Faults;

public class StreamFaultTests
{
    private const string Kline = "kline.15.BTCUSDT";
    private const string Create = "/v5/order/create";

    [Theory]
    [InlineData(FaultKind.DropMessage, "c1 c3", "1 0 1")]
    [InlineData(FaultKind.SwallowConfirm, "c1 c3", "1 0 1")]
    [InlineData(FaultKind.DuplicateMessage, "c1 c2 c2 c3", "1 1 1")]
    [InlineData(FaultKind.DuplicateConfirm, "c1 c2 c2 c3", "1 1 1")]
    [InlineData(FaultKind.ReorderMessage, "c1 c3 c2", "1 0 2")]
    [InlineData(FaultKind.ReviseConfirm, "c1 c2 r2 c3", "1 1 1")]
    [InlineData(FaultKind.UnconfirmedFrame, "c1 u2 c3", "1 0 1")]
    [InlineData(FaultKind.FutureFrame, "c1 c2 f3 c3", "1 1 1")]
    [InlineData(FaultKind.SilentTopic, "c1", "1 0 0")]
    public async Task A_candle_goes_wrong_and_the_step_lists_what_was_really_sent(FaultKind kind, string expected, string listed)
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market());
        await using var client = new Client(server);
        var truth = RequestFaultTests.Market().Steps().Take(3).Select(s => s.Candles[0].Candle).ToList();
        var socket = await client.OpenAsync("/v5/public/linear");
        await socket.SendAsync($$"""{"op":"subscribe","args":["{{Kline}}"]}""");
        await socket.ReadAsync();
        server.Faults.Add(new FaultRule { Kind = kind, Topic = Kline, Nth = 2, Fraction = 0.01m });
        var control = await client.OpenControlAsync();
        await control.ReadAsync();
        var counts = new List<int>();
        for (var step = 0; step < 3; step++)
        {
            await control.SendAsync($$"""{"op":"sent","step":{{step}}}""");
            counts.Add((await control.ReadAsync()).GetProperty("candles").GetArrayLength());
        }

        await socket.SendAsync("""{"op":"ping"}"""); // Pongs go on, and stand behind everything that was sent.
        var told = new List<string>();
        while (await socket.ReadAsync() is var message && message.TryGetProperty("topic", out _))
        {
            var row = message.GetProperty("data")[0];
            var number = truth.FindIndex(c => c.OpenTime.UnixMilliseconds == row.GetProperty("start").GetInt64());
            var close = double.Parse(row.GetProperty("close").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
            var isTrue = truth[number].Close == close;
            told.Add((!row.GetProperty("confirm").GetBoolean() ? "u" : isTrue ? "c" : kind == FaultKind.FutureFrame ? "f" : "r") + (number + 1));
        }

        Assert.Equal(expected, string.Join(' ', told));
        Assert.Equal(listed, string.Join(' ', counts));
        Assert.Equal(kind, Assert.Single(server.Faults.Log).Kind);
    }

    [Fact]
    public async Task A_late_message_comes_and_is_listed_when_its_time_has_come()
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market());
        await using var client = new Client(server);
        var stream = await client.OpenPrivateAsync("execution", "order");
        server.Faults.Add(new FaultRule { Kind = FaultKind.LagMessage, Topic = "execution", DelayMs = 900_000 });
        await client.PostAsync(Create, RequestFaultTests.Body("late"));
        var control = await client.OpenControlAsync();
        await control.ReadAsync();
        await control.SendAsync("""{"op":"sent","step":0}""");
        Assert.Single((await control.ReadAsync()).GetProperty("private").EnumerateArray());
        Assert.Equal("order", (await stream.ReadAsync()).GetProperty("topic").GetString());
        await control.SendAsync("""{"op":"sent","step":1}""");
        var listed = Assert.Single((await control.ReadAsync()).GetProperty("private").EnumerateArray()).GetString();
        var late = await stream.ReadAsync();
        Assert.Equal(("execution", listed), (late.GetProperty("topic").GetString(), late.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task A_message_may_lag_in_wall_time()
    {
        var clock = new Testing.FakeTimeProvider();
        await using var server = await Client.StartAsync(RequestFaultTests.Market(), clock: clock);
        await using var client = new Client(server, clock);
        var stream = await client.OpenPrivateAsync("execution");
        server.Faults.Add(new FaultRule { Kind = FaultKind.LagMessage, Topic = "execution", DelayMs = 700, WallTime = true });
        await client.PostAsync(Create, RequestFaultTests.Body("late"));
        await client.StepAsync(server);
        await stream.SendAsync("""{"op":"ping"}""");
        Assert.Equal("pong", (await stream.ReadAsync()).GetProperty("op").GetString());
        clock.Advance(TimeSpan.FromMilliseconds(700));
        Assert.Equal("execution", (await stream.ReadAsync()).GetProperty("topic").GetString());
    }

    [Fact]
    public async Task Private_messages_are_dropped_doubled_and_reordered_for_one_account_only()
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market(), change: o => o.MoreKeys.Add("other", "other-secret"));
        await using var client = new Client(server);
        var stream = await client.OpenPrivateAsync("execution", "order", "position", "wallet");
        server.Faults.Add(new FaultRule { Kind = FaultKind.DropMessage, Topic = "order", Account = "other", Count = null });
        server.Faults.Add(new FaultRule { Kind = FaultKind.ReorderMessage, Topic = "execution", Account = Client.Key, Hold = 2 });
        server.Faults.Add(new FaultRule { Kind = FaultKind.DuplicateMessage, Topic = "wallet" });
        await client.PostAsync(Create, RequestFaultTests.Body("mixed"));
        await client.StepAsync(server);
        var topics = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            topics.Add((await stream.ReadAsync()).GetProperty("topic").GetString()!);
        }

        Assert.Equal(["order", "position", "execution", "wallet", "wallet"], topics);
        Assert.Equal([FaultKind.ReorderMessage, FaultKind.DuplicateMessage], server.Faults.Log.Select(s => s.Kind));
    }

    [Fact]
    public async Task Garbage_stands_before_the_message_and_takes_every_form()
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market());
        await using var client = new Client(server);
        var socket = await client.OpenAsync("/v5/public/linear");
        await socket.SendAsync($$"""{"op":"subscribe","args":["{{Kline}}"]}""");
        await socket.ReadAsync();
        server.Faults.Add(new FaultRule { Kind = FaultKind.GarbageFrame, Topic = Kline, Count = null });
        await client.StepAsync(server, 6);
        var forms = new HashSet<string>();
        for (var i = 0; i < 6; i++)
        {
            forms.Add(await socket.ReadTextAsync());
            Assert.True((await socket.ReadAsync()).GetProperty("data")[0].GetProperty("confirm").GetBoolean());
        }

        Assert.Equal(6, forms.Count);
    }

    [Fact]
    public async Task A_socket_may_fall_silent_be_cut_and_be_refused()
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market());
        await using var client = new Client(server);
        var (silent, open) = (await client.OpenAsync("/v5/public/linear"), await client.OpenPrivateAsync("order"));
        foreach (var message in new[] { """{"op":"ping"}""", $$"""{"op":"subscribe","args":["{{Kline}}"]}""" })
        {
            await silent.SendAsync(message);
            await silent.ReadAsync();
        }

        server.Faults.Add(new FaultRule { Kind = FaultKind.SilentSocket, Path = "/v5/public" });
        await silent.SendAsync("""{"op":"ping"}""");
        await client.StepAsync(server);
        await open.SendAsync("""{"op":"ping"}""");
        Assert.Equal("pong", (await open.ReadAsync()).GetProperty("op").GetString());
        Assert.True(await silent.IsSilentAsync());

        server.Faults.Add(new FaultRule { Kind = FaultKind.CutSocket, Path = "/v5/private", Account = Client.Key });
        Assert.True(await open.IsCutAsync());
        server.Faults.Add(new FaultRule { Kind = FaultKind.RefuseConnect, Path = "/v5/private", Count = 2 });
        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAnyAsync<System.Net.WebSockets.WebSocketException>(() => client.OpenAsync("/v5/private"));
        }

        await client.OpenPrivateAsync("order");
        Assert.Equal([FaultKind.SilentSocket, FaultKind.CutSocket, FaultKind.RefuseConnect, FaultKind.RefuseConnect], server.Faults.Log.Select(s => s.Kind));
    }

    [Fact]
    public async Task A_topic_may_cut_its_socket()
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market());
        await using var client = new Client(server);
        var stream = await client.OpenPrivateAsync("execution");
        server.Faults.Add(new FaultRule { Kind = FaultKind.CutSocket, Topic = "execution", Path = "/v5/private" });
        await client.PostAsync(Create, RequestFaultTests.Body("cut"));
        await client.StepAsync(server);
        Assert.True(await stream.IsCutAsync());
    }
}
