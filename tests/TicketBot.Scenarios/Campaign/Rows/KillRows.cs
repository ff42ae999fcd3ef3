using TicketBot.Simulator.Faults;
using TicketBot.Trading.Journal;

namespace TicketBot.Scenarios.Campaign.Rows;

/// <summary>The trader is cut off at every step of an order's life and composed anew on the same files, while the venue goes on.</summary>
internal static class KillRows
{
    private const string Create = "/v5/order/create";
    private const string ReduceOnly = "\"reduceOnly\":true";

    internal static IReadOnlyList<FaultRow> All { get; } =
    [
        Row("K1", "cut after the intent is on disk, before it is sent", 200, c => c.Place == CutPlace.AfterCommit && Has(c, FactJson.IntentKind)),
        Row("K2", "cut after the order's bytes are sent, before its answer is read", 500, c => c.Place == CutPlace.AfterAnswer && c.What.StartsWith(Create, StringComparison.Ordinal)),
        Row("K3", "cut after the acknowledgement, before it is on disk", 200, c => c.Place == CutPlace.BeforeCommit && Has(c, "event.answer")),
        new("K4", "cut after a part of the order has filled, before that is on disk", 200, 3, seed => CutOnceAsync(
            seed, c => c.Place == CutPlace.Append && c.What == FactJson.ExecutionKind,
            scene => scene.Fail(new FaultRule { Kind = FaultKind.PartialFill, Fraction = 0.2m + (0.6m * (decimal)scene.Random.NextDouble()), Count = null, Until = scene.Calm() }), Larger)),
        Row("K5", "cut after the fill, before the stop is known", 500, c => c.Place == CutPlace.Append && c.What == FactJson.ExecutionKind),
        Row("K6a", "cut when an exit is about to be sent", 200, c => c.Place == CutPlace.BeforeSend && IsExit(c)),
        Row("K6b", "cut when an exit is sent, before its answer is read", 200, c => c.Place == CutPlace.AfterAnswer && IsExit(c)),
        Row("K6c", "cut when a position's report follows a fill", 200, c => c.Place == CutPlace.Append && c.What == "event.position"),
    ];

    private static FaultRow Row(string id, string fault, int seeds, Func<Cut, bool> here) => new(id, fault, seeds, 3, seed => CutOnceAsync(seed, here));

    private static bool Has(Cut cut, string kind) => cut.What.Split(',').Contains(kind);

    private static bool IsExit(Cut cut) => cut.What.StartsWith(Create, StringComparison.Ordinal) && cut.What.Contains(ReduceOnly, StringComparison.Ordinal);

    private static SceneOptions Larger { get; } = new() { Trading = o => (o.MaxPositionFraction, o.MaxGrossFraction) = (0.5m, 0.6m) };

    private static async Task<Played> CutOnceAsync(ulong seed, Func<Cut, bool> here, Action<Scene>? arrange = null, SceneOptions? options = null)
    {
        await using var scene = await Scene.SetAsync(seed, options);
        arrange?.Invoke(scene);
        var first = scene.Start(new Blade(here, 1 + (int)(scene.Random.NextDouble() * 3)));
        var fell = await first.CutAsync();
        await first.DisposeAsync();
        if (scene.Random.NextDouble() < 0.5)
        {
            scene.Move((int)(scene.Random.NextDouble() * 2 * 60_000 / scene.Options.TickMs)); // The market did not wait for us.
        }

        var second = scene.Start();
        await second.FinishAsync();
        return new Played(await Oracle.ExamineAsync(scene, second.Options), second.Recovery?.TotalMilliseconds, fell);
    }
}
