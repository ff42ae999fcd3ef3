using TicketBot.Domain;
using TicketBot.Scenarios.Running;
using TicketBot.Simulator.Faults;
using TicketBot.Trading;
using TicketBot.Trading.Journal;

namespace TicketBot.Scenarios.Campaign.Rows;

/// <summary>Clocks that are off or jump, midnight, and a day's loss that outlives a restart.</summary>
internal static class ClockRows
{
    private static readonly long[] Offsets = [900, 1_100, 3_000, -4_000, -6_000, 60_000, -3_600_000];
    private static readonly Instant BeforeMidnight = Instant.From(new DateTimeOffset(2026, 3, 28, 23, 55, 0, TimeSpan.Zero)); // The night of a change to summer time.

    internal static IReadOnlyList<FaultRow> All { get; } =
    [
        new("C1", "clocks apart by +0.9 to +60 s and -4 s to -1 h, stepped or drifting, back and forth", 100, 3, seed => Plays.ThroughAsync(seed, Skew)),
        new("C2", "UTC midnight with an open position and a restart across it", 100, 2, MidnightAsync),
        new("X1", "daily loss over the limit, then a cut, then a restart", 100, 2, LossAsync),
    ];

    private static void Skew(Scene scene)
    {
        var offset = Offsets[scene.Seed % (ulong)Offsets.Length];
        var slew = scene.Random.NextDouble() < 0.5 ? 0 : 300;
        scene.Fail(new FaultRule { Kind = FaultKind.ClockSkew, OffsetMs = offset, SlewMs = slew, From = scene.Moment() });
        scene.Fail(new FaultRule { Kind = FaultKind.ClockSkew, OffsetMs = 0, From = scene.Calm().Plus(-1_000) });
    }

    private static async Task<Played> MidnightAsync(ulong seed)
    {
        await using var scene = await Scene.SetAsync(seed, new SceneOptions { Begin = BeforeMidnight, LiveCandles = 12 });
        var first = scene.Start(new Blade(c => c.Place is CutPlace.BeforeCommit or CutPlace.AfterAnswer, 12 + (int)(scene.Random.NextDouble() * 25)));
        var fell = await first.CutAsync();
        await first.DisposeAsync();
        scene.Move((int)(scene.Random.NextDouble() * 600));
        var second = scene.Start();
        await second.FinishAsync();
        return new Played(await Oracle.ExamineAsync(scene, second.Options), second.Recovery?.TotalMilliseconds, fell);
    }

    // The limit is set so low that fees alone reach it; the halt must hold until the next UTC day, whatever is killed meanwhile.
    private static async Task<Played> LossAsync(ulong seed)
    {
        var options = new SceneOptions
        {
            Begin = BeforeMidnight.Plus(-600_000),
            LiveCandles = 22,
            TickMs = 1_000,
            Trading = o => (o.MaxDailyDrawdown, o.MaxPositionFraction, o.MaxGrossFraction) = (0.001m, 0.9m, 0.9m),
        };
        await using var scene = await Scene.SetAsync(seed, options);
        var first = scene.Start(new Blade(c => c.Place == CutPlace.AfterCommit && c.What.Contains(FactJson.StateKind, StringComparison.Ordinal), 2 + (int)(scene.Random.NextDouble() * 2)));
        var fell = await first.CutAsync();
        await first.DisposeAsync();
        scene.Move((int)(scene.Random.NextDouble() * 300));
        var second = scene.Start();
        await second.FinishAsync();
        var journal = await JournalFile.ReadAsync(scene.FileOf("journal.db"));
        var breaks = new List<string>(await Oracle.ExamineAsync(scene, second.Options));
        Instant? until = null;
        foreach (var (time, fact) in journal.Facts)
        {
            if (fact is Fact.StateChanged(TradingState.Halted, _, { } end))
            {
                until = end;
            }
            else if (until is { } halted && time < halted && fact is Fact.Intended { Intent.Kind: Trading.Orders.IntentKind.Entry })
            {
                breaks.Add($"X1: an entry at {time}, halted until {halted}");
            }
            else if (until is { } stands && time < stands && fact is Fact.StateChanged(TradingState.Active, _, _))
            {
                breaks.Add($"X1: active again at {time}, halted until {stands}");
            }
        }

        return new Played(breaks, second.Recovery?.TotalMilliseconds, fell && until is not null);
    }
}
