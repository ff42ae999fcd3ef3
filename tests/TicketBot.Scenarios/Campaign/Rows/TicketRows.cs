using TicketBot.Scenarios.Running;
using TicketBot.Storage;
using TicketBot.Tickets;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;

namespace TicketBot.Scenarios.Campaign.Rows;

/// <summary>Tickets are damaged, swapped while candles are decided, or too old; sizes meet every lot rule and balance.</summary>
internal static class TicketRows
{
    internal static IReadOnlyList<FaultRow> All { get; } =
    [
        new("M1", "a stored ticket is damaged when the daemon starts", 100, 2, DamagedAsync),
        new("M4", "tickets expire with nothing to follow them", 100, 1, ExpiredAsync),
        new("M5", "tickets swapped while candles are being decided, hundreds of times", 100, 2, SwapAsync),
        new("X2", "balances and contracts at which a size falls below the smallest lot or the smallest value", 100, 4, SizesAsync),
    ];

    private static async Task<Played> DamagedAsync(ulong seed)
    {
        await using var scene = await Scene.SetAsync(seed, new SceneOptions { LiveCandles = 12 });
        var first = scene.Start(new Blade(c => c.Place == CutPlace.BeforeCommit, 3 + (int)(scene.Random.NextDouble() * 20)));
        await first.CutAsync();
        await first.DisposeAsync();
        var damaged = TicketDamage.Strike(scene.Folder, scene.Random);
        var before = (await JournalFile.ReadAsync(scene.FileOf("journal.db"))).Facts.Count;
        var second = scene.Start();
        await second.FinishAsync();
        var journal = await JournalFile.ReadAsync(scene.FileOf("journal.db"));
        var breaks = new List<string>(await Oracle.ExamineAsync(scene, second.Options, new OracleScope(JournalWasDamaged: true)));
        if (journal.Facts.Skip(before).Any(f => f.Fact is Fact.Intended { Intent.Kind: IntentKind.Entry }))
        {
            breaks.Add("M1: a position was opened by a damaged ticket");
        }

        return new Played(breaks, second.Recovery?.TotalMilliseconds, damaged);
    }

    private static async Task<Played> ExpiredAsync(ulong seed)
    {
        var played = await Plays.ThroughAsync(seed, _ => { }, new SceneOptions { LiveCandles = 14, EntryCandles = 4 + (int)(seed % 5) }, more: NothingAfterExpiry);
        return played with { Struck = true };
    }

    private static IEnumerable<string> NothingAfterExpiry(Scene scene, Trader trader, JournalFile journal) =>
        journal.Facts.Where(f => f.Fact is Fact.Intended { Intent.Kind: IntentKind.Entry } && f.Time >= scene.LastEntry)
            .Select(f => $"M4: an entry at {f.Time}, the tickets expired at {scene.LastEntry}").Take(1);

    private static async Task<Played> SwapAsync(ulong seed)
    {
        await using var scene = await Scene.SetAsync(seed, new SceneOptions { LiveCandles = 14 });
        var series = scene.Market.Series[0];
        var sets = new[] { Scene.TicketsFor(series.Symbol, 0.8, scene.LastEntry), Scene.TicketsFor(series.Symbol, 0.2, scene.LastEntry) };
        using (var registry = SqliteTicketRegistry.Open(scene.FileOf("research.db")))
        {
            foreach (var set in sets)
            {
                await registry.AddAsync(set.Symbol, set.Interval, set.Regimes, set.Tickets, scene.Options.Begin, CancellationToken.None);
            }
        }

        var trader = scene.Start();
        await trader.UpAsync();
        var swaps = 0;
        while (!trader.Exchange.MarketEnded.IsCompleted && !trader.Running.IsCompleted && swaps < 500)
        {
            trader.Loop.Activate(sets[swaps++ % 2]);
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        await trader.FinishAsync();
        var journal = await JournalFile.ReadAsync(scene.FileOf("journal.db"));
        var breaks = new List<string>(await Oracle.ExamineAsync(scene, trader.Options));
        IReadOnlyCollection<TicketId> inForce = [];
        TicketId? owner = null;
        foreach (var fact in journal.Facts.Select(f => f.Fact))
        {
            switch (fact)
            {
                case Fact.Activated(_, _, var tickets):
                    inForce = [.. tickets.Values];
                    break;
                case Fact.Intended { Intent: { Kind: IntentKind.Entry, Ticket: { } ticket } }:
                    owner = ticket;
                    break;
                case Fact.Decided({ Ticket: { } asked } decision) when !inForce.Contains(asked) && asked != owner:
                    breaks.Add($"M5: the decision at {decision.Time} names a ticket that is neither in force nor the position's");
                    break;
                default:
                    break;
            }
        }

        return new Played(breaks, null, swaps > 20, $"{swaps} swaps in seed {seed}");
    }

    private static async Task<Played> SizesAsync(ulong seed)
    {
        string[] symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "WIFUSDT", "XRPUSDT", "DOGEUSDT", "SUIUSDT", "1000PEPEUSDT", "TRUMPUSDT"];
        var chance = new Testing.SeededRandom(seed);
        var symbol = symbols[(int)(chance.NextDouble() * symbols.Length)];
        var balance = Math.Round(20m + (decimal)Math.Exp(chance.NextDouble() * 9), 2);
        var fraction = chance.NextDouble() < 0.5 ? 0.02m : 0.2m;
        var options = new SceneOptions
        {
            Symbols = [symbol],
            Simulator = o => o.InitialBalance = balance,
            Trading = o => (o.MaxPositionFraction, o.MaxGrossFraction) = (fraction, 0.5m),
        };
        var played = await Plays.ThroughAsync(seed, _ => { }, options, more: (_, _, journal) =>
        {
            var denied = journal.Facts.Select(f => f.Fact).OfType<Fact.Decided>().Select(d => d.Decision.Denial).ToHashSet();
            var refused = journal.Facts.Select(f => f.Fact).OfType<Fact.Answered>().Where(a => a.Outcome == AnswerOutcome.Refused).Select(a => a.Text).FirstOrDefault();
            return refused is null ? [] : [$"X2: the venue refused a size that risk had passed: {refused} (denials: {string.Join(", ", denied)})"];
        });
        return played with { Struck = true };
    }
}
