namespace TicketBot.Scenarios.Campaign.Rows;

/// <summary>The disk is full, fails or has lost something.</summary>
internal static class DiskRows
{
    private const string Create = "/v5/order/create";

    internal static IReadOnlyList<FaultRow> All { get; } =
    [
        new("F1", "journal cannot be written for a while (disk full, read-only, fsync error), then can again", 100, 3, FullAsync),
        new("F2a", "journal's tail is gone when the daemon starts", 100, 2, seed => DamagedAsync(seed, Truncate)),
        new("F2b", "a page of the journal is overwritten when the daemon starts", 100, 2, seed => DamagedAsync(seed, Overwrite)),
    ];

    private static async Task<Played> FullAsync(ulong seed)
    {
        await using var scene = await Scene.SetAsync(seed, new SceneOptions { LiveCandles = 12 });
        var trader = scene.Start();
        var (from, until) = (scene.Moment(), scene.Moment().Plus(30_000 + (long)(scene.Random.NextDouble() * 60_000)));
        var failed = false;
        trader.Journal.Failing = () =>
        {
            var now = trader.Loop.Current.MarketTime;
            var failing = now >= from && now < until;
            failed |= failing;
            return failing;
        };
        trader.Sending = what =>
        {
            if (trader.Journal.HasUnwritten && what.StartsWith(Create, StringComparison.Ordinal) && !what.Contains("\"reduceOnly\":true", StringComparison.Ordinal))
            {
                scene.Break("F1: an entry left while its reason could not be written");
            }
        };
        await trader.FinishAsync();
        return new Played(await Oracle.ExamineAsync(scene, trader.Options), null, failed);
    }

    private static async Task<Played> DamagedAsync(ulong seed, Action<Scene, string> damage)
    {
        await using var scene = await Scene.SetAsync(seed, new SceneOptions { LiveCandles = 12 });
        var first = scene.Start(new Blade(c => c.Place == CutPlace.BeforeCommit, 5 + (int)(scene.Random.NextDouble() * 30)));
        await first.CutAsync();
        await first.DisposeAsync();
        damage(scene, scene.FileOf("journal.db"));
        var second = scene.Start();
        await second.FinishAsync();
        var breaks = await Oracle.ExamineAsync(scene, second.Options, new OracleScope(OutsideTrades: true, MayEndOpen: true, JournalWasDamaged: true));
        return new Played(breaks, second.Recovery?.TotalMilliseconds);
    }

    private static void Truncate(Scene scene, string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.SetLength(Math.Max(8_192, file.Length - 1 - (long)(scene.Random.NextDouble() * 12_000)));
    }

    private static void Overwrite(Scene scene, string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.Position = 4_096 + (long)(scene.Random.NextDouble() * Math.Max(1, file.Length - 4_096 - 200));
        var garbage = new byte[200];
        for (var i = 0; i < garbage.Length; i++)
        {
            garbage[i] = (byte)(scene.Random.NextDouble() * 256);
        }

        file.Write(garbage);
    }
}
