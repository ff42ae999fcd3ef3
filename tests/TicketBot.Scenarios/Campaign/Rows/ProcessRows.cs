using TicketBot.Scenarios.Running;
using TicketBot.Simulator.Faults;
using TicketBot.Storage;
using TicketBot.Tickets;

namespace TicketBot.Scenarios.Campaign.Rows;

/// <summary>The real daemon is killed with SIGKILL at every step of an order's life and started again.</summary>
internal static class ProcessRows
{
    private const string Create = "/v5/order/create";
    private const string Kill = "kill";

    internal static IReadOnlyList<FaultRow> All { get; } =
    [
        new("PK0", "kill -9, then start to reconciled with 100 ms round trip on every request", 20, 0, SlowLineAsync, RowKind.Process),
        Row("PK1", "kill -9 when an order is on its way and never arrives", new FaultRule { Kind = FaultKind.LoseRequest, Path = Create }),
        Row("PK2", "kill -9 when the venue has taken an order and its answer is lost", new FaultRule { Kind = FaultKind.LoseAnswer, Path = Create }),
        Row("PK3", "kill -9 when the acknowledged order's report is sent", new FaultRule { Kind = FaultKind.DuplicateMessage, Topic = "order" }),
        Row("PK4", "kill -9 when a part of an order has filled", new FaultRule { Kind = FaultKind.DuplicateMessage, Topic = "execution" }, new FaultRule { Kind = FaultKind.PartialFill, Fraction = 0.5m, Count = null }) with { Full = 40 }, // Not every seed has parts where it looks for them.
        Row("PK5", "kill -9 when the fill is told and the stop is not yet known", new FaultRule { Kind = FaultKind.DuplicateMessage, Topic = "position" }),
        Row("PK6a", "kill -9 when an exit is on its way and never arrives", new FaultRule { Kind = FaultKind.LoseRequest, Path = Create, Contains = "\"reduceOnly\":true" }),
        Row("PK6b", "kill -9 when the venue has taken an exit and its answer is lost", new FaultRule { Kind = FaultKind.LoseAnswer, Path = Create, Contains = "\"reduceOnly\":true" }),
        new("PK7a", "kill -9 inside reconciliation, at each of its reads", 24, 0, InReconciliationAsync, RowKind.Process),
        new("PK7b", "kill -9 while the databases are made and opened, at any moment of the start", 24, 0, InStartAsync, RowKind.Process),
        new("PK7c", "kill -9 while tickets are swapped again and again", 20, 0, InSwapAsync, RowKind.Process),
        new("K9", "SIGTERM with an open position", 50, 1, TerminateAsync, RowKind.Process),
    ];

    private static FaultRow Row(string id, string fault, FaultRule rule, params FaultRule[] beside) =>
        new(id, fault, 20, id is "PK2" ? 1 : 0, seed => KillOnAsync(seed, rule, beside), RowKind.Process);

    private static async Task<Played> KillOnAsync(ulong seed, FaultRule rule, IEnumerable<FaultRule> beside)
    {
        await using var scene = await DaemonPlay.SetAsync(seed);
        foreach (var other in beside)
        {
            scene.Fail(other with { Until = scene.Calm() }); // Or the last exit would never be whole.
        }

        bool struck;
        await using (var first = DaemonPlay.Start(scene))
        {
            first.KillOn(Kill);
            scene.Fail(rule with { Id = Kill, Nth = 1 + (int)(scene.Random.NextDouble() * 3) });
            struck = await first.Process.EndsAsync(() => scene.Server.State.HasEnded);
        }

        scene.Server.Faults.Struck = null;
        scene.Move((int)(scene.Random.NextDouble() * 120));
        return await SettleAsync(scene, struck);
    }

    private static async Task<Played> SlowLineAsync(ulong seed)
    {
        await using var scene = await DaemonPlay.SetAsync(seed);
        bool struck;
        await using (var first = DaemonPlay.Start(scene))
        {
            first.KillOn(Kill);
            scene.Fail(new FaultRule { Id = Kill, Kind = FaultKind.DuplicateMessage, Topic = "execution", Nth = 1 + (int)(scene.Random.NextDouble() * 3) });
            struck = await first.Process.EndsAsync(() => scene.Server.State.HasEnded);
        }

        scene.Server.Faults.Struck = null;
        scene.Fail(new FaultRule { Kind = FaultKind.DelayRequest, DelayMs = 100, Path = "/v5/", Count = null });
        await using var last = DaemonPlay.Start(scene);
        var recovery = await last.ReadyAsync();
        scene.Server.Faults.Clear();
        await last.FinishAsync();
        return new Played(await Oracle.ExamineAsync(scene, DaemonPlay.Limits), recovery, struck);
    }

    private static async Task<Played> InReconciliationAsync(ulong seed)
    {
        string[] reads = ["/v5/account/wallet-balance", "/v5/position/list", "/v5/order/realtime", "/v5/execution/list"];
        await using var scene = await DaemonPlay.SetAsync(seed);
        await using (var first = DaemonPlay.Start(scene))
        {
            first.KillOn(Kill);
            scene.Fail(new FaultRule { Id = Kill, Kind = FaultKind.DuplicateMessage, Topic = "execution", Nth = 1 + (int)(scene.Random.NextDouble() * 3) });
            await first.Process.EndsAsync(() => scene.Server.State.HasEnded);
        }

        bool struck;
        await using (var second = DaemonPlay.Start(scene))
        {
            second.KillOn("again");
            scene.Fail(new FaultRule { Id = "again", Kind = FaultKind.LoseAnswer, Path = reads[seed % 4] });
            struck = await second.Process.EndsAsync(() => scene.Server.State.HasEnded);
        }

        scene.Server.Faults.Struck = null;
        return await SettleAsync(scene, struck);
    }

    private static async Task<Played> InStartAsync(ulong seed)
    {
        await using var scene = await DaemonPlay.SetAsync(seed);
        for (var i = 0; i < 3; i++)
        {
            await using var daemon = DaemonPlay.Start(scene);
            await daemon.KillAfterAsync(300 + (scene.Random.NextDouble() * 1_500));
        }

        return await SettleAsync(scene, true);
    }

    private static async Task<Played> InSwapAsync(ulong seed)
    {
        await using var scene = await DaemonPlay.SetAsync(seed, liveCandles: 40);
        await using (var first = DaemonPlay.Start(scene))
        {
            await first.ReadyAsync();
            using var registry = SqliteTicketRegistry.Open(scene.FileOf("research.db"));
            var symbol = scene.Market.Series[0].Symbol;
            var began = TimeProvider.System.GetTimestamp();
            var life = TimeSpan.FromMilliseconds(200 + (scene.Random.NextDouble() * 1_200));
            for (var i = 0; TimeProvider.System.GetElapsedTime(began) < life; i++)
            {
                var set = Scene.TicketsFor(symbol, i % 2 == 0 ? 0.8 : 0.2, scene.LastEntry);
                await registry.AddAsync(symbol, Scene.Interval, set.Regimes, set.Tickets, scene.Options.Begin, CancellationToken.None);
                await registry.ActivateAsync(
                    symbol, Scene.Interval, set.Regimes.Id, set.Tickets.ToDictionary(t => t.Id, _ => TicketState.Live), "swap", scene.Options.Begin, CancellationToken.None);
            }

            await first.Process.KillAsync();
        }

        return await SettleAsync(scene, true);
    }

    private static async Task<Played> TerminateAsync(ulong seed)
    {
        await using var scene = await DaemonPlay.SetAsync(seed);
        double seconds;
        bool held;
        await using (var first = DaemonPlay.Start(scene))
        {
            await first.ReadyAsync();
            scene.Server.Faults.Struck = strike => DaemonProcess.Signal("TERM", first.Process.Id);
            scene.Fail(new FaultRule { Kind = FaultKind.DuplicateMessage, Topic = "execution" });
            var began = TimeProvider.System.GetTimestamp();
            await first.Process.ExitAsync(TimeSpan.FromSeconds(30));
            seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            held = scene.Server.State is { Positions.Count: > 0 };
        }

        scene.Server.Faults.Struck = null;
        var settled = await SettleAsync(scene, held);
        return settled with { Breaks = seconds > 10 ? [.. settled.Breaks, $"K9: the stop took {seconds:F1} s"] : settled.Breaks };
    }

    // One more daemon plays the rest; then venue, journal and candles must agree.
    private static async Task<Played> SettleAsync(Scene scene, bool struck)
    {
        await using var last = DaemonPlay.Start(scene);
        var recovery = await last.ReadyAsync();
        await last.FinishAsync();
        return new Played(await Oracle.ExamineAsync(scene, DaemonPlay.Limits), recovery, struck);
    }
}
