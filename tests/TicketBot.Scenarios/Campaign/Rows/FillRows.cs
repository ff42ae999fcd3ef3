using TicketBot.Domain;
using TicketBot.Scenarios.Running;
using TicketBot.Simulator.Faults;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;

namespace TicketBot.Scenarios.Campaign.Rows;

/// <summary>Fills come in parts, late, twice or not at all, and somebody else acts on the account.</summary>
internal static class FillRows
{
    private static readonly Symbol Bitcoin = new("BTCUSDT");

    internal static IReadOnlyList<FaultRow> All { get; } =
    [
        new("P1", "market orders filled in part, the rest cancelled by the venue", 100, 3, seed => Plays.ThroughAsync(seed, PartFill, Larger)),
        new("P3", "private messages lost, doubled, reordered and late", 100, 3, seed => Plays.ThroughAsync(seed, Shuffle)),
        new("P4a", "position closed from outside", 100, 2, seed => OutsideAsync(seed, s => new FaultRule { Kind = FaultKind.ManualClose, From = s.Moment() })),
        new("P4b", "position opened, enlarged or turned from outside", 100, 2, seed => OutsideAsync(seed, s => new FaultRule
        {
            Kind = FaultKind.ManualTrade, Symbol = Bitcoin, Side = s.Random.NextDouble() < 0.5 ? Side.Buy : Side.Sell, Quantity = 0.001m + (0.001m * (int)(s.Random.NextDouble() * 6)), From = s.Moment(),
        })),
        new("P4c", "position liquidated", 100, 2, seed => OutsideAsync(seed, s => new FaultRule { Kind = FaultKind.Liquidate, From = s.Moment() })),
        new("P4d", "position reduced by automatic deleveraging", 100, 2, seed => OutsideAsync(seed, s => new FaultRule { Kind = FaultKind.Deleverage, Symbol = Bitcoin, Fraction = 0.5m, From = s.Moment() })),
        new("P4e", "stop removed from outside", 100, 2, seed => OutsideAsync(seed, s => new FaultRule { Kind = FaultKind.RemoveStop, From = s.Moment() })),
        new("P4f", "entry taken by the venue without its stop", 100, 2, seed => OutsideAsync(seed, s => new FaultRule { Kind = FaultKind.LoseStop, Nth = 1 + (int)(s.Random.NextDouble() * 2) })),
        new("P4g", "money moved into and out of the account", 100, 2, seed => Plays.ThroughAsync(seed, Move)),
        new("P5", "leverage changed from outside", 100, 2, seed => Plays.ThroughAsync(
            seed, s => s.Fail(new FaultRule { Kind = FaultKind.SetLeverage, Symbol = Bitcoin, Amount = 10, From = s.Moment() }), more: NoEntryUnderLeverage)),
    ];

    private static SceneOptions Larger { get; } = new() { Trading = o => (o.MaxPositionFraction, o.MaxGrossFraction) = (0.5m, 0.6m) };

    private static void PartFill(Scene scene)
    {
        scene.Fail(new FaultRule { Kind = FaultKind.PartialFill, Fraction = 0.1m + (0.8m * (decimal)scene.Random.NextDouble()), Probability = 0.5, Count = null, Until = scene.Calm() });
        scene.Fail(new FaultRule { Kind = FaultKind.PartialFill, Fraction = 0.5m, Nth = 1 + (int)(scene.Random.NextDouble() * 3) });
    }

    private static void Shuffle(Scene scene)
    {
        foreach (var topic in new[] { "order", "execution", "position", "wallet" })
        {
            scene.Fail(new FaultRule { Kind = FaultKind.DuplicateMessage, Topic = topic, Probability = 0.2, Count = null, Until = scene.Calm() });
            scene.Fail(new FaultRule { Kind = FaultKind.ReorderMessage, Topic = topic, Hold = 1 + (int)(scene.Random.NextDouble() * 3), Probability = 0.2, Count = null, Until = scene.Calm() });
            scene.Fail(new FaultRule { Kind = FaultKind.LagMessage, Topic = topic, DelayMs = 500 * (1 + (int)(scene.Random.NextDouble() * 6)), Probability = 0.1, Count = null, Until = scene.Calm() });
            scene.Fail(new FaultRule { Kind = FaultKind.DropMessage, Topic = topic, Probability = 0.1, Count = null, Until = scene.Calm() });
        }
    }

    private static void Move(Scene scene)
    {
        scene.Fail(new FaultRule { Kind = FaultKind.Transfer, Amount = 1_000, From = scene.Moment() });
        scene.Fail(new FaultRule { Kind = FaultKind.Transfer, Amount = -500, From = scene.Moment() });
    }

    // What somebody else did is adopted and protected; nothing is added to it.
    private static Task<Played> OutsideAsync(ulong seed, Func<Scene, FaultRule> rule) =>
        Plays.ThroughAsync(seed, scene => scene.Fail(rule(scene)), new SceneOptions { LiveCandles = 12 }, new OracleScope(OutsideTrades: true, MayEndOpen: true, StopsAreLost: true));

    private static IEnumerable<string> NoEntryUnderLeverage(Scene scene, Trader trader, JournalFile journal)
    {
        if (scene.Server.Faults.Log is not [var strike, ..])
        {
            yield break;
        }

        // Noticed within a minute of market time at most: the entries after it are those of a trader that does not look.
        var noticed = strike.MarketTime.Plus(60_000);
        foreach (var intent in journal.Facts.Where(f => f.Fact is Fact.Intended { Intent.Kind: IntentKind.Entry }))
        {
            if (intent.Time > noticed)
            {
                yield return $"P5: an entry at {intent.Time}, more than a minute after the leverage was changed at {strike.MarketTime}";
            }
        }
    }
}
