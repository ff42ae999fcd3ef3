using TicketBot.Scenarios.Running;

namespace TicketBot.Scenarios;

/// <summary>A research child that hangs, dies or eats memory is an entry in the list of jobs and nothing else.</summary>
[Collection(DaemonCollection.Name)]
public sealed class ResearchChildTests(PreparedTickets prepared)
{
    // Six market hours between two searches: at this speed one starts within seconds, and there is always a next one.
    private static readonly string[] OftenSearched =
        ["--speed", "20000", "--set", "Host:Jobs:AgreementCron=0 0 0 29 2 ?", "--set", "Host:Jobs:ChallengeCron=0 0 0 29 2 ?", "--set", "Host:Jobs:SimilarityCron=0 0 0 29 2 ?",
         "--set", "Host:Jobs:ReidentifyCron=0 0 0/6 * * ?", "--set", "Host:Jobs:TimeLimitMinutes=1"];

    [Fact]
    public async Task A_child_that_hangs_is_killed_at_its_limit_and_trading_goes_on()
    {
        using var folder = prepared.NewFolder();
        await using var daemon = DaemonProcess.Start([.. PreparedTickets.Market, "--data-folder", folder.Path, .. OftenSearched]);
        await daemon.ReadyAsync(PreparedTickets.StartLimit);
        var child = await ChildAsync(daemon);
        DaemonProcess.Signal("STOP", child);
        var before = (await daemon.GetAsync("/api/status")).Count("decisions");
        var status = await daemon.UntilAsync(s => LastOutcome(s).Contains("time limit", StringComparison.Ordinal), TimeSpan.FromSeconds(100), "the hanging child was killed");
        Assert.True(status.Count("decisions") > before + 100, $"decisions stood at {before} and then at {status.Count("decisions")}");
        Assert.DoesNotContain(child, daemon.Children());
        Assert.Equal(0, (await daemon.TerminateAsync(TimeSpan.FromSeconds(10))).Code);
    }

    [Fact]
    public async Task A_child_that_dies_leaves_tickets_and_trading_as_they_were()
    {
        using var folder = prepared.NewFolder();
        await using var daemon = DaemonProcess.Start([.. PreparedTickets.Market, "--data-folder", folder.Path, .. OftenSearched]);
        await daemon.ReadyAsync(PreparedTickets.StartLimit);
        var tickets = TicketsOf(await daemon.GetAsync("/api/status"));
        DaemonProcess.Signal("KILL", await ChildAsync(daemon));
        var status = await daemon.UntilAsync(s => LastOutcome(s).Contains("code", StringComparison.Ordinal), TimeSpan.FromSeconds(60), "the death was noticed");
        Assert.Equal(tickets, TicketsOf(status));
        var before = status.Count("decisions");
        await daemon.UntilAsync(s => s.Count("decisions") > before + 20, TimeSpan.FromSeconds(30), "trading goes on");
        Assert.Equal(0, (await daemon.TerminateAsync(TimeSpan.FromSeconds(10))).Code);
    }

    [Fact]
    public async Task A_child_that_eats_memory_is_stopped_by_its_cap()
    {
        using var folder = prepared.NewFolder();
        await using var daemon = DaemonProcess.Start(
            [.. PreparedTickets.Market, "--data-folder", folder.Path, .. OftenSearched, "--set", "Host:Jobs:MemoryLimitMiB=128", "--set", "Research:Architecture=dense:8192,dense:8192"]);
        await daemon.ReadyAsync(PreparedTickets.StartLimit);

        // 67 million weights do not fit into 128 MiB: the runtime refuses them, or the watch on resident memory sees them.
        var status = await daemon.UntilAsync(
            s => LastOutcome(s) is var o && (o.Contains("MiB", StringComparison.Ordinal) || o.Contains("code", StringComparison.Ordinal)), TimeSpan.FromSeconds(100),
            "the child met its cap");
        var before = status.Count("decisions");
        await daemon.UntilAsync(s => s.Count("decisions") > before + 20, TimeSpan.FromSeconds(30), "trading goes on");
        Assert.Equal(0, (await daemon.TerminateAsync(TimeSpan.FromSeconds(10))).Code);
    }

    private static async Task<int> ChildAsync(DaemonProcess daemon)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60))
        {
            if (daemon.Children() is [var child, ..])
            {
                return child;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        Assert.Fail($"no research child was started:\n{daemon.Output}");
        return 0;
    }

    private static string LastOutcome(System.Text.Json.JsonElement status) =>
        status.GetProperty("jobs").EnumerateArray().First(j => j.GetProperty("name").GetString() == "reidentify").GetProperty("lastOutcome").GetString() ?? "";

    private static string TicketsOf(System.Text.Json.JsonElement status) =>
        status.Trading().GetProperty("series").EnumerateArray().First().GetProperty("ticketsByRegime").GetRawText();
}
