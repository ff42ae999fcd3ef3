using TicketBot.Domain;

namespace TicketBot.Scenarios.Campaign.Rows;

/// <summary>The disk is full, fails or has lost something.</summary>
internal static class DiskRows
{
    private const string Create = "/v5/order/create";

    internal static IReadOnlyList<FaultRow> All { get; } =
    [
        new("F1", "journal cannot be written for a while (disk full, read-only, fsync error), then can again", 100, 3, FullAsync),
        new("F1r", "a file system that is really full for a while, journal and candles on it", 20, 0, ReallyFullAsync, RowKind.Root),
        new("F2a", "journal's tail is gone when the daemon starts", 100, 2, seed => DamagedAsync(seed, Truncate)),
        new("F2b", "a page of the journal is overwritten when the daemon starts", 100, 2, seed => DamagedAsync(seed, Overwrite)),
    ];

    private static async Task<Played> FullAsync(ulong seed)
    {
        await using var scene = await Scene.SetAsync(seed, new SceneOptions { LiveCandles = 12 });
        var trader = scene.Start();
        var from = scene.Moment();
        var lasting = 60_000 + (long)(scene.Random.NextDouble() * 60_000);
        Instant? until = null; // From the first commit that is due, however late the trader comes to it, and over before the market ends.
        trader.Journal.Failing = () =>
        {
            var now = trader.Loop.Current.MarketTime;
            until ??= now >= from && now < scene.LastEntry ? now.Plus(lasting) : (Instant?)null;
            return now < until && now < scene.LastEntry;
        };
        trader.Sending = what =>
        {
            if (trader.Journal.HasUnwritten && what.StartsWith(Create, StringComparison.Ordinal) && !what.Contains("\"reduceOnly\":true", StringComparison.Ordinal))
            {
                scene.Break("F1: an entry left while its reason could not be written");
            }
        };
        await trader.FinishAsync();
        return new Played(await Oracle.ExamineAsync(scene, trader.Options), null, until is not null);
    }

    // A small file system of its own, filled to the last byte by somebody else.
    private static async Task<Played> ReallyFullAsync(ulong seed)
    {
        await using var scene = await Scene.SetAsync(seed, new SceneOptions { LiveCandles = 12, DiskMegabytes = 6 });
        var from = scene.Moment();
        var until = from.Plus(60_000 + (long)(scene.Random.NextDouble() * 60_000));
        var (filler, failed) = (scene.FileOf("somebody-elses-file"), false);
        scene.Server.Stepped += venue =>
        {
            if (venue.Time is var time && time >= from && time < until)
            {
                Fill(filler);
            }
            else
            {
                File.Delete(filler);
            }
        };
        var trader = scene.Start();
        trader.Sending = what =>
        {
            failed |= trader.Loop.Current.JournalFault is not null;
            if (trader.Journal.HasUnwritten && what.StartsWith(Create, StringComparison.Ordinal) && !what.Contains("\"reduceOnly\":true", StringComparison.Ordinal))
            {
                scene.Break("F1r: an entry left while its reason could not be written");
            }
        };
        await trader.FinishAsync();
        return new Played(await Oracle.ExamineAsync(scene, trader.Options), null, failed);
    }

    private static void Fill(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            var piece = new byte[4_096];
            while (true)
            {
                file.Write(piece);
            }
        }
        catch (IOException)
        {
            // Full: that is what it is for.
        }
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
