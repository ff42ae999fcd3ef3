using TicketBot.Domain;
using TicketBot.Scenarios.Running;
using TicketBot.Trading.Journal;

namespace TicketBot.Scenarios;

/// <summary>Simulator and journal keep the same account, each by itself, to the last digit.</summary>
[Collection(DaemonCollection.Name)]
public sealed class ReconciliationTests(PreparedTickets prepared)
{
    [Fact]
    public async Task Five_hundred_fills_with_funding_and_a_drawdown_halt_agree_to_the_last_digit()
    {
        using var folder = prepared.NewFolder();
        var port = Venue.FreePort();
        string[] limits =
            ["--set", "Trading:MaxPositionFraction=0.9", "--set", "Trading:MaxGrossFraction=0.9", "--set", "Trading:MaxDailyDrawdown=0.02"];
        await using var daemon = DaemonProcess.Start(
        [
            .. PreparedTickets.Market, "--data-folder", folder.Path, "--speed", "0", "--set", "Host:Jobs:Enabled=false", "--set", $"Simulator:Port={port}",
            .. limits,
        ]);
        await daemon.ReadyAsync(PreparedTickets.StartLimit);
        await daemon.UntilAsync(
            s => s.Fills() >= 500 && s.Count("fundingPayments") >= 3 && s.Count("halts") >= 1, TimeSpan.FromSeconds(150),
            "500 fills, three funding payments and a halt");

        Assert.InRange(daemon.ResidentMiB(), 1, 300);

        // Flat and halted, nothing moves the account while both sides are read.
        Assert.Equal(200, await daemon.PostAsync("/api/halt", folder.Token));
        var status = await daemon.UntilAsync(
            s => s.IsHaltedByOperator() && !s.Positions().Any(), TimeSpan.FromSeconds(30), "halted and flat");
        var venue = await Venue.StateAsync(port);
        Assert.Equal(0, (await daemon.TerminateAsync(TimeSpan.FromSeconds(10))).Code);

        var journal = await JournalFile.ReadAsync(folder);
        var account = journal.Account();
        Assert.Equal(venue.GetProperty("fills").GetInt64(), journal.Fills.Count);
        Assert.Equal(venue.GetProperty("fundings").GetInt64(), journal.Executions.Count(e => e.Kind == ExecutionKind.Funding));
        Assert.Equal(venue.Amount("fees"), account.Fees.Value);
        Assert.Equal(venue.Amount("funding"), account.Funding.Value);
        Assert.Equal(venue.Amount("realised"), account.Realised.Value);
        Assert.Equal(venue.Amount("walletBalance"), account.Wallet.Value);
        Assert.Equal(venue.Amount("walletBalance"), status.Trading().Amount("walletBalance"));
        Assert.Equal(venue.Amount("initialBalance"), account.Cash.Value);
        Assert.Empty(venue.GetProperty("openOrders").EnumerateArray());

        // By hand, from the executions alone: cash in and out, fees and funding.
        var byHand = venue.Amount("initialBalance") - journal.Fills.Sum(f => f.Side.Sign() * f.Price.Value * f.Quantity.Value) - journal.Executions.Sum(e => e.Fee.Value);
        Assert.Equal(byHand, account.Wallet.Value);

        await DaemonProcess.AssertReplaysAsync(folder, limits);

        // Each halt until the next UTC day opened nothing before it was over.
        foreach (var (at, halt) in journal.Facts.Where(f => f.Fact is Fact.StateChanged { Until: not null }))
        {
            var until = ((Fact.StateChanged)halt).Until!.Value;
            Assert.DoesNotContain(journal.Intents, i => !i.Request.ReduceOnly && i.Request.CausedAt > at && i.Request.CausedAt < until);
        }
    }
}
