using System.Text.Json;
using System.Threading.Channels;
using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Tests.Wire;

public class StepTests
{
    private const int Steps = 60;
    private static readonly Symbol Btc = new("BTCUSDT");
    private static readonly Instant Start = new(1_700_006_400_000);

    [Fact]
    public async Task The_market_stands_still_until_the_client_reports_and_ends_with_an_end_frame()
    {
        await using var server = await Client.StartAsync(Matching.Flat.Market((50_000, 50_100, 49_900, 50_000), (50_000, 50_100, 49_900, 50_050)));
        await using var client = new Client(server);
        var candles = await client.OpenAsync("/v5/public/linear");
        await candles.SendAsync("""{"req_id":7,"op":"subscribe","args":["kline.15.BTCUSDT"]}""");
        var acknowledged = await candles.ReadAsync();
        Assert.Equal((true, 7), (acknowledged.GetProperty("success").GetBoolean(), acknowledged.GetProperty("req_id").GetInt32()));
        await candles.SendAsync("""{"op":"subscribe","args":["kline.15.NOPEUSDT"]}""");
        Assert.False((await candles.ReadAsync()).GetProperty("success").GetBoolean());
        await candles.SendAsync("""{"req_id":"p","op":"ping"}""");
        Assert.Equal("pong", (await candles.ReadAsync()).GetProperty("ret_msg").GetString());

        var control = await client.OpenControlAsync();
        var attached = await control.ReadAsync();
        Assert.Equal((0, true), (attached.GetProperty("step").GetInt32(), attached.GetProperty("holds").GetBoolean()));
        Assert.Equal(0, server.State.Step);
        for (var step = 0; step < 2; step++)
        {
            await control.SendAsync($$"""{"op":"sent","step":{{step}}}""");
            var frame = await control.ReadAsync();
            Assert.Equal(step + 1, frame.GetProperty("step").GetInt32());
            var listed = frame.GetProperty("candles")[0];
            var candle = (await candles.ReadAsync()).GetProperty("data")[0];
            Assert.True(candle.GetProperty("confirm").GetBoolean());
            Assert.Equal(listed[2].GetInt64(), candle.GetProperty("start").GetInt64());
        }

        Assert.Equal("end", (await control.ReadAsync()).GetProperty("op").GetString());
        Assert.True(server.State.HasEnded);
    }

    [Fact]
    public async Task A_private_stream_needs_a_valid_signature()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var socket = await client.OpenAsync("/v5/private");
        await socket.SendAsync("""{"op":"subscribe","args":["order"]}""");
        Assert.False((await socket.ReadAsync()).GetProperty("success").GetBoolean());
        await socket.SendAsync("""{"op":"auth","args":["simulator","99999999999999","00"]}""");
        Assert.False((await socket.ReadAsync()).GetProperty("success").GetBoolean());
        await socket.SendAsync("""{"op":"ping"}""");
        Assert.Equal("pong", (await socket.ReadAsync()).GetProperty("op").GetString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60_000)]
    public async Task Every_speed_and_the_venue_in_process_give_the_same_executions(int tickMs)
    {
        var fast = await RunWireAsync(0, null, tickMs: tickMs);
        var paced = await RunWireAsync(90_000, null, tickMs: tickMs); // A quarter of an hour in ten milliseconds.
        var inProcess = await RunInProcessAsync(tickMs);
        Assert.True(inProcess.Count >= 25, $"the flow should fill often, filled {inProcess.Count} times");
        Assert.Equal(inProcess, fast);
        Assert.Equal(inProcess, paced);
    }

    [Fact]
    public async Task A_killed_simulator_comes_back_with_everything_it_had_answered()
    {
        var folder = Directory.CreateTempSubdirectory("venue").FullName;
        try
        {
            var whole = await RunWireAsync(0, null);
            await RunWireAsync(0, folder, from: 0, until: 25);
            await File.AppendAllTextAsync(Path.Combine(folder, "venue.log"), """{"at":25,"k":"simul"""); // Torn by the kill.
            var resumed = await RunWireAsync(0, folder, from: 25, until: Steps);
            Assert.Equal(whole, resumed);

            var other = new GeneratedMarket(MarketSpec.Default, [Btc], Interval.FifteenMinutes, 99, 50, Start);
            var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => Client.StartAsync(other, folder: folder));
            Assert.Contains("market was", fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("balance was", fault.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Private_messages_carry_order_stop_position_and_wallet_in_the_listed_order()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var stream = await client.OpenPrivateAsync("order", "execution", "position", "wallet");
        var control = await client.OpenControlAsync();
        await control.ReadAsync();
        Assert.Equal(0, (await client.PostAsync("/v5/order/create", Body(0, server.State.MarketTimeMs, 58_000m, Side.Buy))).GetProperty("retCode").GetInt32());
        await control.SendAsync("""{"op":"sent","step":0}""");
        var listed = (await control.ReadAsync()).GetProperty("private").EnumerateArray().Select(i => i.GetString()).ToList();
        var messages = new List<JsonElement>();
        foreach (var _ in listed)
        {
            messages.Add(await stream.ReadAsync());
        }

        Assert.Equal(listed, messages.Select(m => m.GetProperty("id").GetString()));
        Assert.Equal(["execution", "order", "order", "position", "wallet"], messages.Take(5).Select(m => m.GetProperty("topic").GetString()));
        var stop = messages[2].GetProperty("data")[0];
        Assert.Equal(("Untriggered", "StopLoss", 2), (stop.GetProperty("orderStatus").GetString(), stop.GetProperty("stopOrderType").GetString(), stop.GetProperty("triggerDirection").GetInt32()));
        Assert.Equal("58000", messages[3].GetProperty("data")[0].GetProperty("stopLoss").GetString());
        var wallet = messages[4].GetProperty("data")[0].GetProperty("coin")[0].GetProperty("walletBalance").GetString();
        Assert.Equal(server.State.Wallet.Balance, decimal.Parse(wallet!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(10_000m + server.State.Realised - server.State.Fees - server.State.Funding, server.State.Wallet.Balance);
    }

    private static GeneratedMarket Market() => new(MarketSpec.Default, [Btc], Interval.FifteenMinutes, 4, 50, Start);

    // A fixed flow: an entry with a stop, two steps later a reduce-only exit.
    private static string? FlowAt(long step, long time, decimal last) => (step % 4) switch
    {
        0 => Body(step, time, decimal.Floor(last * (step % 8 == 0 ? 0.992m : 1.008m)), step % 8 == 0 ? Side.Buy : Side.Sell),
        2 => Body(step, time, null, step % 8 == 2 ? Side.Sell : Side.Buy),
        _ => null,
    };

    private static string Body(long step, long time, decimal? stop, Side side) => FormattableString.Invariant(
        $$"""{"category":"linear","symbol":"BTCUSDT","side":"{{side}}","orderType":"Market","qty":"0.01","orderLinkId":"f-{{step}}-{{time}}","reduceOnly":{{(stop is null ? "true" : "false")}},"stopLoss":"{{stop}}","tpslMode":"Full"}""");

    private static async Task<List<string>> RunWireAsync(double speed, string? folder, int from = 0, int until = Steps, int tickMs = 0)
    {
        await using var server = await Client.StartAsync(Market(), speed, folder, o => o.TickMs = tickMs);
        await using var client = new Client(server);
        var control = await client.OpenControlAsync();
        var attached = await control.ReadAsync();
        Assert.Equal(from, attached.GetProperty("step").GetInt32());
        var time = attached.GetProperty("time").GetInt64();
        for (var step = from; step < until; step++)
        {
            var ticker = (await client.GetAsync("/v5/market/tickers", "category=linear&symbol=BTCUSDT")).GetProperty("result").GetProperty("list")[0];
            if (FlowAt(step, time, decimal.Parse(ticker.GetProperty("lastPrice").GetString()!, System.Globalization.CultureInfo.InvariantCulture)) is { } body)
            {
                await client.PostAsync("/v5/order/create", body);
            }

            await control.SendAsync($$"""{"op":"sent","step":{{step}}}""");
            time = (await control.ReadAsync()).GetProperty("time").GetInt64();
        }

        var rows = new List<string>();
        var cursor = "";
        do
        {
            var page = (await client.SignedGetAsync("/v5/execution/list", $"category=linear&symbol=BTCUSDT&limit=10{cursor}")).GetProperty("result");
            rows.AddRange(page.GetProperty("list").EnumerateArray().Select(e => string.Join(' ', new[] { "execId", "orderLinkId", "side", "execPrice", "execQty", "execFee", "execTime" }
                .Select(n => e.GetProperty(n).GetString()))));
            cursor = page.GetProperty("nextPageCursor").GetString() is { Length: > 0 } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);
        rows.Reverse();
        return rows;
    }

    private static async Task<List<string>> RunInProcessAsync(int tickMs)
    {
        await using var exchange = new SimulatedExchange(Market(), new VenueSettings(), 10_000m, tickMs);
        var channel = Channel.CreateUnbounded<ExchangeEvent>();
        await exchange.ConnectAsync(exchange.Market.Series, channel.Writer, CancellationToken.None);
        var rows = new List<string>();
        var time = exchange.Market.LiveFrom;
        for (var step = 0; step < Steps; step++)
        {
            if (FlowAt(step, time.UnixMilliseconds, exchange.Venue.LastPrice(Btc)) is { } body)
            {
                var wanted = JsonDocument.Parse(body).RootElement;
                var stop = wanted.GetProperty("stopLoss").GetString()!;
                await exchange.SubmitAsync(
                    new OrderRequest
                    {
                        Id = new ClientOrderId(wanted.GetProperty("orderLinkId").GetString()!),
                        Symbol = Btc,
                        Side = Enum.Parse<Side>(wanted.GetProperty("side").GetString()!),
                        Type = OrderType.Market,
                        Quantity = new Quantity(0.01m),
                        StopLoss = stop.Length == 0 ? null : new Price(decimal.Parse(stop, System.Globalization.CultureInfo.InvariantCulture)),
                        ReduceOnly = wanted.GetProperty("reduceOnly").GetBoolean(),
                        CausedAt = time,
                    },
                    CancellationToken.None);
            }

            await exchange.ReportSentAsync(time, CancellationToken.None);
            while (channel.Reader.TryRead(out var happened))
            {
                if (happened is ExchangeEvent.Executed(var e))
                {
                    rows.Add(FormattableString.Invariant(
                        $"{e.Id} {(e.ClientOrderId.IsDefault ? "" : e.ClientOrderId.Value)} {e.Side} {e.Price.Value:G29} {e.Quantity.Value:G29} {e.Fee.Value:G29} {e.Time.UnixMilliseconds}"));
                }

                time = happened is ExchangeEvent.TimePassed(var passed) ? passed : time;
            }
        }

        return rows;
    }
}
