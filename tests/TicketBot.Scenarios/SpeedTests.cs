using TicketBot.Domain;
using TicketBot.Scenarios.Running;

namespace TicketBot.Scenarios;

[Collection(DaemonCollection.Name)]
public sealed class SpeedTests(PreparedTickets prepared)
{
    private const int Fills = 30;

    [Fact]
    public async Task The_same_market_at_two_speeds_gives_the_same_trades()
    {
        var fast = await TradesAsync("0");
        var paced = await TradesAsync("100000");
        Assert.True(fast.Length >= Fills && paced.Length >= Fills);
        Assert.Equal(fast[..Fills], paced[..Fills]);
    }

    private async Task<(Instant Time, Side Side, decimal Quantity, decimal Price, decimal Fee, ExecutionKind Kind)[]> TradesAsync(string speed)
    {
        using var folder = prepared.NewFolder();
        await using var daemon = DaemonProcess.Start(
            [.. PreparedTickets.Market, "--data-folder", folder.Path, "--speed", speed, "--set", "Host:Jobs:Enabled=false"]);
        await daemon.ReadyAsync(PreparedTickets.StartLimit);
        await daemon.UntilAsync(s => s.Fills() >= Fills + 5, TimeSpan.FromSeconds(90), $"{Fills + 5} fills at speed {speed}");
        Assert.Equal(0, (await daemon.TerminateAsync(TimeSpan.FromSeconds(10))).Code);
        return [.. (await JournalFile.ReadAsync(folder)).Executions.Select(e => (e.Time, e.Side, e.Quantity.Value, e.Price.Value, e.Fee.Value, e.Kind))];
    }
}
