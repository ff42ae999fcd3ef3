using System.Globalization;
using TicketBot.Simulator.Faults;

namespace TicketBot.Scenarios.Campaign.Rows;

/// <summary>Long plays: a simulated day of kills, a week of faults, a storm of lost connections. Behind <c>--kinds soak</c>.</summary>
internal static class SoakRows
{
    internal static IReadOnlyList<FaultRow> All { get; } =
    [
        new("K8", "1,000 cuts at random places in one simulated day", 1, 0, DayOfCutsAsync, RowKind.Soak),
        new("X5", "seven simulated days, 20 contracts, faults of every kind", 1, 0, WeekAsync, RowKind.Soak),
        new("X5b", "the daemon itself for seven simulated days, 20 contracts: its memory and handles", 1, 0, DaemonWeekAsync, RowKind.Soak),
        new("D8", "sockets cut 200 times within five minutes", 1, 0, StormAsync, RowKind.Soak),
    ];

    private static async Task<Played> DayOfCutsAsync(ulong seed)
    {
        const int Candles = 1_440;
        await using var scene = await Scene.SetAsync(seed, new SceneOptions { LiveCandles = Candles, TickMs = 2_000 });
        var (cuts, recoveries) = (0, new List<double>());
        while (cuts < 1_000)
        {
            var trader = scene.Start(new Blade(_ => true, 20 + (int)(scene.Random.NextDouble() * 60)));
            var fell = await trader.CutAsync();
            if (trader.Recovery is { } recovery)
            {
                recoveries.Add(recovery.TotalMilliseconds);
            }

            await trader.DisposeAsync();
            if (!fell)
            {
                break;
            }

            cuts++;
        }

        var last = scene.Start();
        await last.FinishAsync();
        recoveries.Sort();
        var p99 = recoveries[(int)(0.99 * (recoveries.Count - 1))];
        return new Played(
            await Oracle.ExamineAsync(scene, last.Options), p99, cuts > 500,
            string.Create(CultureInfo.InvariantCulture, $"{cuts} cuts, p99 of {recoveries.Count} recoveries {p99:F0} ms"));
    }

    private static async Task<Played> WeekAsync(ulong seed)
    {
        await using var scene = await Scene.SetAsync(seed, new SceneOptions { Symbols = SceneOptions.Twenty, LiveCandles = 7 * 1_440, TickMs = 10_000, Trading = o => o.MaxGrossFraction = 0.4m });
        foreach (var (kind, path) in new[] { (FaultKind.LoseAnswer, "/v5/order/create"), (FaultKind.LoseRequest, "/v5/order/create"), (FaultKind.Status, "/v5/") })
        {
            scene.Fail(new FaultRule { Kind = kind, Path = path, Probability = 0.01, Count = null, Until = scene.Calm() });
        }

        foreach (var kind in new[] { FaultKind.DropMessage, FaultKind.DuplicateMessage, FaultKind.ReorderMessage })
        {
            scene.Fail(new FaultRule { Kind = kind, Topic = "execution", Probability = 0.01, Count = null, Until = scene.Calm() });
            scene.Fail(new FaultRule { Kind = kind, Topic = "order", Probability = 0.01, Count = null, Until = scene.Calm() });
        }

        scene.Fail(new FaultRule { Kind = FaultKind.SwallowConfirm, Topic = "kline", Probability = 0.001, Count = null, Until = scene.Calm() });
        scene.Fail(new FaultRule { Kind = FaultKind.CutSocket, Path = "/v5/private", Probability = 0.0005, Count = null, Until = scene.Calm() });
        var trader = scene.Start();
        await trader.UpAsync();
        var before = (Bytes: GC.GetTotalMemory(forceFullCollection: true), Handles: Directory.GetFiles("/proc/self/fd").Length);
        await trader.FinishAsync(TimeSpan.FromHours(3));
        var after = (Bytes: GC.GetTotalMemory(forceFullCollection: true), Handles: Directory.GetFiles("/proc/self/fd").Length);
        return new Played(
            await Oracle.ExamineAsync(scene, trader.Options), null, true,
            string.Create(CultureInfo.InvariantCulture, $"{scene.Server.Faults.Log.Count} strikes; heap {before.Bytes >> 20} to {after.Bytes >> 20} MiB, handles {before.Handles} to {after.Handles}"));
    }

    // From the second day on, when everything is compiled and every buffer has been filled once.
    private static async Task<Played> DaemonWeekAsync(ulong seed)
    {
        const int Days = 7;
        await using var scene = await Scene.SetAsync(
            seed, new SceneOptions { Symbols = SceneOptions.Twenty, LiveCandles = Days * 1_440, TickMs = 10_000, InDaemonFolder = true });
        string[] more =
        [
            .. SceneOptions.Twenty.SelectMany((s, i) => new[] { "--set", string.Create(CultureInfo.InvariantCulture, $"Trading:Symbols:{i}={s}") }),
            "--set", "Trading:MaxGrossFraction=0.4",
        ];
        await using var daemon = DaemonPlay.Start(scene, more);
        await daemon.ReadyAsync();
        var (resident, handles) = (new List<double>(), new List<int>());
        for (var day = 1; day <= Days; day++)
        {
            while (scene.Server.State.MarketTimeMs < scene.Options.Begin.Plus(day * 86_400_000L).UnixMilliseconds && !daemon.Process.HasEnded)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }

            resident.Add(daemon.Process.ResidentMiB());
            handles.Add(daemon.Process.OpenHandles());
        }

        await daemon.FinishAsync();
        var slope = (resident[^1] / resident[1] - 1) / (Days - 2);
        var limits = DaemonPlay.Limits;
        limits.Symbols.Clear();
        foreach (var symbol in SceneOptions.Twenty)
        {
            limits.Symbols.Add(symbol);
        }

        limits.MaxGrossFraction = 0.4m;
        var breaks = new List<string>(await Oracle.ExamineAsync(scene, limits));
        if (handles[^1] > handles[1] + 20)
        {
            breaks.Add($"X5b: {handles[1]} handles became {handles[^1]}");
        }

        return new Played(breaks, null, true, string.Create(
            CultureInfo.InvariantCulture, $"resident {string.Join(", ", resident.Select(r => r.ToString("F0", CultureInfo.InvariantCulture)))} MiB at the days' ends ({slope:P2} a day), handles {string.Join(", ", handles)}"));
    }

    private static async Task<Played> StormAsync(ulong seed)
    {
        await using var scene = await Scene.SetAsync(seed, new SceneOptions { LiveCandles = 400, Simulator = o => o.Speed = 60, Bybit = o => o.ReconnectMaxDelayMs = 60_000 });
        var trader = scene.Start();
        await trader.UpAsync();
        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 200; i++)
        {
            scene.Server.Faults.Add(new FaultRule { Kind = FaultKind.CutSocket, Path = i % 2 == 0 ? "/v5/private" : "/v5/public" });
            await Task.Delay(TimeSpan.FromMilliseconds(1_500), TimeProvider.System);
        }

        var connects = scene.Server.Connections;
        var minutes = TimeProvider.System.GetElapsedTime(began).TotalMinutes;
        await trader.StopAsync();
        return new Played(
            connects > 100 * Math.Max(1, minutes / 5) ? [$"D8: {connects} connections in {minutes:F1} minutes"] : [], null, true,
            string.Create(CultureInfo.InvariantCulture, $"{connects} connections in {minutes:F1} minutes of 200 cuts"));
    }
}
