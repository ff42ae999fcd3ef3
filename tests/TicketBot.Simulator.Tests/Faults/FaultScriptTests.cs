using TicketBot.Domain;
using TicketBot.Simulator.Faults;
using TicketBot.Simulator.Tests.Wire;

namespace TicketBot.Simulator.Tests.Faults;

public class FaultScriptTests
{
    [Fact]
    public void A_script_is_read_with_every_field()
    {
        var script = FaultScript.Parse("""
            {"seed": 7, "rules": [
              {"id": "a", "kind": "loseAnswer", "path": "/v5/order/create", "method": "POST", "account": "k", "contains": "x", "nth": 2, "count": null, "probability": 0.25},
              {"kind": "lagMessage", "topic": "execution", "delayMs": 500, "wallTime": true, "from": "2026-01-05T00:00:00Z", "until": 1767600000000, "fromStep": 3},
              {"kind": "manualTrade", "symbol": "BTCUSDT", "side": "Sell", "quantity": "0.01"},
              {"kind": "code", "code": 10006, "status": 200, "text": "t", "afterApplying": true, "fraction": 0.5, "hold": 2, "amount": -1.5, "offsetMs": -4000, "slewMs": 10, "durationMs": 9}
            ]}
            """);
        Assert.Equal(7UL, script.Seed);
        Assert.Equal(
            new FaultRule { Id = "a", Kind = FaultKind.LoseAnswer, Path = "/v5/order/create", Method = "POST", Account = "k", Contains = "x", Nth = 2, Count = null, Probability = 0.25 },
            script.Rules[0]);
        Assert.Equal(
            new FaultRule { Kind = FaultKind.LagMessage, Topic = "execution", DelayMs = 500, WallTime = true, From = new Instant(1_767_571_200_000), Until = new Instant(1_767_600_000_000), FromStep = 3 },
            script.Rules[1]);
        Assert.Equal(new FaultRule { Kind = FaultKind.ManualTrade, Symbol = new Symbol("BTCUSDT"), Side = Side.Sell, Quantity = 0.01m }, script.Rules[2]);
        Assert.Equal(
            new FaultRule { Kind = FaultKind.Code, Code = 10006, Status = 200, Text = "t", AfterApplying = true, Hold = 2, Amount = -1.5m, OffsetMs = -4000, SlewMs = 10, DurationMs = 9 },
            script.Rules[3]);
    }

    [Theory]
    [InlineData("nonsense", "expected a JSON document")]
    [InlineData("3", "expected an object or an array")]
    [InlineData("""{"sed":1}""", "'sed' is no part of a fault script")]
    [InlineData("""{"seed":-1}""", "seed must be a whole number of at least 0, was -1")]
    [InlineData("""{"rules":[{"kind":"loseAnser"}]}""", "rules[0].kind must be one of")]
    [InlineData("""{"rules":[{"kind":"loseAnswer"},{"path":"/v5"}]}""", "rules[1].kind must be one of")]
    [InlineData("""[{"kind":"loseAnswer","pth":"/v5"}]""", "rules[0].pth is no part of a rule")]
    [InlineData("""[{"kind":"loseAnswer","nth":0}]""", "rules[0]: nth must be at least 1, was 0")]
    [InlineData("""[{"kind":"loseAnswer","nth":"1"}]""", "rules[0].nth must be a whole number")]
    [InlineData("""[{"kind":"loseAnswer","probability":1.5}]""", "probability must be above 0 and at most 1, was 1.5")]
    [InlineData("""[{"kind":"delayAnswer"}]""", "DelayAnswer needs delayMs above 0")]
    [InlineData("""[{"kind":"manualTrade","quantity":1}]""", "ManualTrade needs a symbol")]
    [InlineData("""[{"kind":"code","symbol":"btc usdt"}]""", "rules[0].symbol must be a contract such as BTCUSDT, was \"btc usdt\"")]
    [InlineData("""[{"kind":"code","from":"tomorrow"}]""", "rules[0].from must be Unix milliseconds or a UTC ISO 8601 time")]
    [InlineData("""[{"kind":"5"}]""", "rules[0].kind must be one of")]
    public void A_bad_script_is_refused_with_place_value_and_remedy(string json, string expected)
    {
        var fault = Assert.Throws<FormatException>(() => FaultScript.Parse(json));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_endpoint_is_there_only_with_a_test_key_and_only_for_its_holder()
    {
        await using (var closed = await Client.StartAsync(RequestFaultTests.Market()))
        {
            await using var nobody = new Client(closed);
            Assert.Equal(404, (await nobody.FaultsAsync(HttpMethod.Get, "", "anything")).Status);
        }

        await using var server = await Client.StartAsync(RequestFaultTests.Market(), change: o => o.TestKey = "open-sesame");
        await using var client = new Client(server);
        Assert.Equal(401, (await client.FaultsAsync(HttpMethod.Get, "", "open-sesam")).Status);
        Assert.Equal(401, (await client.FaultsAsync(HttpMethod.Get, "", null)).Status);
        var (bad, said) = await client.FaultsAsync(HttpMethod.Post, "", "open-sesame", """{"kind":"loseAnswer","nth":-1}""");
        Assert.Equal(400, bad);
        Assert.Contains("nth must be at least 1", said, StringComparison.Ordinal);

        Assert.Equal((200, """{"added":["mine","r2"]}"""), await client.FaultsAsync(
            HttpMethod.Post, "", "open-sesame", """{"seed":3,"rules":[{"id":"mine","kind":"code","path":"/v5/account","code":10006},{"kind":"revokeKey","code":10005,"durationMs":1000}]}"""));
        Assert.Equal(10006, RequestFaultTests.Code(await client.SignedGetAsync("/v5/account/info", "")));
        Assert.Equal(10005, RequestFaultTests.Code(await client.SignedGetAsync("/v5/account/info", "")));
        var (_, listed) = await client.FaultsAsync(HttpMethod.Get, "", "open-sesame");
        Assert.Contains("""{"id":"mine","kind":"code","path":"/v5/account","code":10006}""", listed, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"revokeKey\",\"marketTime\":1700006400000,\"step\":0,\"on\":\"added\"", listed, StringComparison.Ordinal);
        Assert.Equal(200, (await client.FaultsAsync(HttpMethod.Delete, "?id=mine", "open-sesame")).Status);
        Assert.Equal(404, (await client.FaultsAsync(HttpMethod.Delete, "?id=mine", "open-sesame")).Status);
        Assert.Equal(200, (await client.FaultsAsync(HttpMethod.Delete, "", "open-sesame")).Status);
        Assert.Empty(server.Faults.Rules);
        Assert.Equal(0, RequestFaultTests.Code(await client.SignedGetAsync("/v5/account/info", "")));
    }
}
