using TicketBot.Scenarios.Running;

namespace TicketBot.Scenarios;

[Collection(DaemonCollection.Name)]
public sealed class KillAndRestartTests(PreparedTickets prepared)
{
    [Fact]
    public async Task A_kill_with_an_open_position_loses_nothing_and_sends_nothing_twice()
    {
        using var folder = prepared.NewFolder();
        var port = Venue.FreePort();
        string[] Arguments(string speed) =>
        [
            .. PreparedTickets.Market, "--data-folder", folder.Path, "--speed", speed, "--set", "Host:Jobs:Enabled=false", "--set", $"Simulator:Port={port}",
        ];

        // On a busy machine the position that was seen may be closed before the kill falls: then there is nothing to compare, and it is done again.
        JournalFile killed;
        var round = 0;
        do
        {
            // A candle takes about half a second, so that the kill finds the position that was seen.
            await using (var first = DaemonProcess.Start(Arguments("1800")))
            {
                await first.ReadyAsync(PreparedTickets.StartLimit);
                await first.UntilAsync(s => s.Positions().Any(), TimeSpan.FromSeconds(90), "an open position");
                await first.KillAsync();
            }

            killed = await JournalFile.ReadAsync(folder);
        }
        while (!await FindsItsPositionAsync(Arguments("2"), port) && ++round < 5);
        Assert.True(round < 5, "no kill of five found a position open");

        await using var third = DaemonProcess.Start(Arguments("0"));
        await third.ReadyAsync(PreparedTickets.StartLimit);
        await third.UntilAsync(s => s.Fills() >= killed.Fills.Count + 10, TimeSpan.FromSeconds(60), "ten more fills");
        await third.PostAsync("/api/halt", folder.Token);
        await third.UntilAsync(s => !s.Positions().Any() && s.IsHaltedByOperator(), TimeSpan.FromSeconds(30), "flat");
        var end = await Venue.StateAsync(port);
        Assert.Equal(0, (await third.TerminateAsync(TimeSpan.FromSeconds(10))).Code);

        var journal = await JournalFile.ReadAsync(folder);
        Assert.Equal(journal.Intents.Count, journal.Intents.Select(i => i.Request.Id).Distinct().Count());
        Assert.Equal(journal.Executions.Count, journal.Executions.Select(e => e.Id).Distinct().Count());
        Assert.Equal(end.GetProperty("fills").GetInt64(), journal.Fills.Count);
        Assert.Equal(end.Amount("walletBalance"), journal.Account().Wallet.Value);
        Assert.Equal(killed.Executions, journal.Executions.Take(killed.Executions.Count));

        await DaemonProcess.AssertReplaysAsync(folder);

        // Every entry was filled once: as many opening fills as entry orders that filled, each with its own id.
        var opening = journal.Fills.Where(f => !f.ClientOrderId.IsDefault).GroupBy(f => f.ClientOrderId);
        Assert.All(opening, fills => Assert.Single(fills));
    }

    // A candle takes minutes: what the daemon finds stands still while it is compared.
    private static async Task<bool> FindsItsPositionAsync(string[] arguments, int port)
    {
        await using var second = DaemonProcess.Start(arguments);
        await second.ReadyAsync(PreparedTickets.StartLimit);
        var status = await second.UntilAsync(s => s.Trading().GetProperty("state").GetString() == "active", TimeSpan.FromSeconds(30), "active again");
        var venue = await Venue.StateAsync(port);
        if (venue.GetProperty("positions").GetArrayLength() == 0)
        {
            Assert.Empty(status.Positions());
            return false;
        }

        var held = Assert.Single(venue.GetProperty("positions").EnumerateArray().ToList());
        var known = Assert.Single(status.Positions().ToList());
        Assert.NotEqual(0m, held.Amount("signedQuantity"));
        Assert.Equal(held.Amount("signedQuantity"), known.Amount("signedQuantity"));
        Assert.Equal(held.Amount("averageEntry"), known.Amount("averageEntry"));
        Assert.Equal(held.Amount("stopLoss"), known.Amount("stop"));
        Assert.True(known.GetProperty("stopConfirmed").GetBoolean());
        Assert.NotEqual("", known.GetProperty("ticketId").GetString());

        // The stop stands; beside it at most the one exit whose horizon was over.
        var orders = venue.GetProperty("openOrders").EnumerateArray().ToLookup(o => o.GetProperty("stopOrderType").GetString() == "StopLoss");
        Assert.Equal(held.Amount("stopLoss"), Assert.Single(orders[true]).Amount("triggerPrice"));
        Assert.True(orders[false].Count() <= 1 && orders[false].All(o => o.GetProperty("reduceOnly").GetBoolean()));
        Assert.Equal(venue.Amount("walletBalance"), status.Trading().Amount("walletBalance"));
        Assert.Equal(0, (await second.TerminateAsync(TimeSpan.FromSeconds(10))).Code);
        return true;
    }
}
