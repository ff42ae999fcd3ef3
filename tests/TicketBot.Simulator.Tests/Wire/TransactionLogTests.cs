using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Markets;

namespace TicketBot.Simulator.Tests.Wire;

public class TransactionLogTests
{
    private const string Path = "/v5/account/transaction-log";

    [Fact]
    public async Task Balances_add_up_from_the_opening_to_the_wallet_and_sizes_to_the_position()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var opening = await RowsAsync(client, "");
        Assert.Equal(("TRANSFER_IN", "", "None", "10000"), (Text(opening[0], "type"), Text(opening[0], "symbol"), Text(opening[0], "side"), Text(opening[0], "cashBalance")));

        // In parts in and out, beyond flat, over a settlement, with money paid in between.
        await TradeAsync(client, server, "Buy", "0.03");
        await client.PostAsync("/v5/account/demo-apply-money", """{"utaDemoApplyMoney":[{"coin":"USDT","amountStr":"250.5"}]}""");
        await TradeAsync(client, server, "Sell", "0.01");
        await client.StepAsync(server, 40);
        await TradeAsync(client, server, "Sell", "0.05");
        await client.StepAsync(server, 33);

        var rows = await RowsAsync(client, "&limit=50");
        Assert.Contains(rows, r => Text(r, "type") == "SETTLEMENT");
        Assert.Contains(rows, r => Text(r, "type") == "TRANSFER_IN" && Text(r, "cashFlow") == "250.5" && Text(r, "category").Length == 0);
        var (balance, size) = (0m, 0m);
        foreach (var row in Enumerable.Reverse(rows))
        {
            Assert.Equal(Number(row, "cashFlow") + Number(row, "funding") - Number(row, "fee"), Number(row, "change"));
            balance += Number(row, "change");
            Assert.Equal(balance, Number(row, "cashBalance"));
            if (Text(row, "type") == "TRADE")
            {
                size += Text(row, "side") == "Buy" ? Number(row, "qty") : -Number(row, "qty");
            }

            Assert.Equal(Text(row, "symbol").Length == 0 ? 0 : size, Number(row, "size"));
        }

        Assert.Equal(server.State.Wallet.Balance, balance);
        Assert.Equal(-0.03m, size);

        // A rising rate takes from the long and gives to the short.
        foreach (var settled in rows.Where(r => Text(r, "type") == "SETTLEMENT"))
        {
            Assert.Equal(-Math.Sign(Number(settled, "feeRate")), Math.Sign(Number(settled, "funding")));
            Assert.Equal(Text(settled, "side") == "Buy" ? 1 : -1, Math.Sign(Number(settled, "size")));
        }
    }

    [Fact]
    public async Task Rows_are_chosen_by_category_coin_type_and_time_and_come_in_pages()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        for (var i = 0; i < 3; i++)
        {
            await TradeAsync(client, server, i % 2 == 0 ? "Buy" : "Sell", "0.01");
        }

        Assert.Equal(4, (await RowsAsync(client, "")).Count);
        Assert.Equal(3, (await RowsAsync(client, "&category=linear")).Count);
        Assert.Equal(3, (await RowsAsync(client, "&type=TRADE&baseCoin=BTC&currency=USDT")).Count);
        Assert.Empty(await RowsAsync(client, "&baseCoin=ETH"));
        Assert.Empty(await RowsAsync(client, "&currency=USDC"));
        Assert.Empty(await RowsAsync(client, "&category=spot"));

        var all = (await RowsAsync(client, "")).Select(r => Text(r, "id")).ToList();
        var (paged, cursor) = (new List<string>(), "");
        do
        {
            var page = (await client.SignedGetAsync(Path, $"accountType=UNIFIED&limit=1{(cursor.Length == 0 ? "" : "&cursor=" + cursor)}")).GetProperty("result");
            paged.Add(Text(Assert.Single(page.GetProperty("list").EnumerateArray().ToList()), "id"));
            cursor = page.GetProperty("nextPageCursor").GetString()!;
        }
        while (cursor.Length > 0);
        Assert.Equal(all, paged);

        Assert.Empty(await RowsAsync(client, "&endTime=1600000000000"));
        Assert.Equal(10001, (await client.SignedGetAsync(Path, "accountType=CONTRACT")).GetProperty("retCode").GetInt32());
        Assert.Equal(10001, (await client.SignedGetAsync(Path, "startTime=1600000000000&endTime=1700000000000")).GetProperty("retCode").GetInt32());
    }

    private static async Task TradeAsync(Client client, SimulatorServer server, string side, string quantity)
    {
        var answer = await client.PostAsync("/v5/order/create", $$"""{"category":"linear","symbol":"BTCUSDT","side":"{{side}}","orderType":"Market","qty":"{{quantity}}"}""");
        Assert.Equal(0, answer.GetProperty("retCode").GetInt32());
        await client.StepAsync(server);
    }

    private static async Task<List<JsonElement>> RowsAsync(Client client, string more)
    {
        var answer = await client.SignedGetAsync(Path, "accountType=UNIFIED" + more);
        Assert.Equal(0, answer.GetProperty("retCode").GetInt32());
        return [.. answer.GetProperty("result").GetProperty("list").EnumerateArray()];
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    private static decimal Number(JsonElement row, string name) => Text(row, name) is { Length: > 0 } text ? decimal.Parse(text, CultureInfo.InvariantCulture) : 0;

    private static GeneratedMarket Market() =>
        new(MarketSpec.Default, [new Symbol("BTCUSDT"), new Symbol("ETHUSDT")], Interval.FifteenMinutes, 1, 50, new Instant(1_700_006_400_000));
}
