using TicketBot.Domain;
using TicketBot.Scenarios.Running;
using TicketBot.Simulator.Faults;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;

namespace TicketBot.Scenarios.Campaign.Rows;

/// <summary>Requests and answers get lost, are refused for a passing reason, are unreadable, or come too late.</summary>
internal static class AnswerRows
{
    private const string Create = "/v5/order/create";

    internal static IReadOnlyList<FaultRow> All { get; } =
    [
        new("S1", "5xx, HTML or a reset after the venue took the order, 30 % of creates", 100, 3, seed => Plays.ThroughAsync(seed, LoseAnswers)),
        new("S2", "5xx, overload or a reset before the venue took it, 30 % of creates", 100, 3, seed => Plays.ThroughAsync(seed, LoseRequests, more: NeverSentTwice)),
        new("S3", "empty, truncated and HTML bodies, on every request", 100, 3, seed => Plays.ThroughAsync(seed, Garble)),
        new("S4", "duplicate id (110072) answered to an order that exists", 100, 3, seed => Plays.ThroughAsync(seed, Duplicate)),
        new("S5", "outage of 1 s, 30 s, 10 min or 2 h, then a restart that forgot closed orders", 100, 2, OutageAsync),
        new("S6", "order rejected after a positive acknowledgement, 20 %", 100, 3, seed => Plays.ThroughAsync(seed, RejectLater)),
        new("R1", "rate limit (10006) on creates and reads", 100, 3, seed => Plays.ThroughAsync(seed, LimitRate)),
        new("R2", "the line slows down until answers miss the timeout and orders their window of validity", 40, 1, seed => Plays.ThroughAsync(seed, Slow, Impatient, more: NothingArrivesLate)),
    ];

    private static SceneOptions Impatient { get; } = new() { Bybit = o => (o.RequestTimeoutMs, o.RecvWindowMs) = (500, 1_000) };

    private static void LoseAnswers(Scene scene)
    {
        scene.Fail(new FaultRule { Kind = FaultKind.LoseAnswer, Path = Create, Probability = 0.1, Count = null, Until = scene.Calm() });
        scene.Fail(new FaultRule { Kind = FaultKind.Status, Status = 502, AfterApplying = true, Path = Create, Probability = 0.1, Count = null, Until = scene.Calm() });
        scene.Fail(new FaultRule { Kind = FaultKind.HtmlBody, Status = 504, AfterApplying = true, Path = Create, Probability = 0.1, Count = null, Until = scene.Calm() });
        scene.Fail(new FaultRule { Kind = FaultKind.LoseAnswer, Path = Create, Nth = 1 + (int)(scene.Random.NextDouble() * 3) });
    }

    private static void LoseRequests(Scene scene)
    {
        scene.Fail(new FaultRule { Kind = FaultKind.LoseRequest, Path = Create, Probability = 0.1, Count = null, Until = scene.Calm() });
        scene.Fail(new FaultRule { Kind = FaultKind.Status, Status = 503, Path = Create, Probability = 0.1, Count = null, Until = scene.Calm() });
        scene.Fail(new FaultRule { Kind = FaultKind.Code, Code = 10016, Path = Create, Probability = 0.1, Count = null, Until = scene.Calm() });
        scene.Fail(new FaultRule { Kind = FaultKind.LoseRequest, Path = Create, Nth = 1 + (int)(scene.Random.NextDouble() * 3) });
    }

    // An entry leaves once; only two look-ups that missed, apart in time, say that it never arrived.
    private static IEnumerable<string> NeverSentTwice(Scene scene, Trader trader, JournalFile journal)
    {
        foreach (var intent in journal.Intents.Where(i => i.Kind == IntentKind.Entry))
        {
            var sent = trader.Sent.Count(s => s.StartsWith(Create, StringComparison.Ordinal) && s.Contains(intent.Request.Id.Value, StringComparison.Ordinal));
            if (sent > 1)
            {
                yield return $"S2: entry {intent.Request.Id} was sent {sent} times";
            }
        }

        var missed = new Dictionary<ClientOrderId, Instant>();
        foreach (var (time, fact) in journal.Facts)
        {
            if (fact is Fact.LookedUp(var id, null))
            {
                missed.TryAdd(id, time);
            }
            else if (fact is Fact.ProvedAbsent(var absent) && (!missed.TryGetValue(absent, out var first) || time.Since(first) < trader.Options.AbsenceProofMs))
            {
                yield return $"S2: {absent} was called absent without two look-ups apart in time";
            }
        }
    }

    private static void Garble(Scene scene)
    {
        foreach (var kind in new[] { FaultKind.TruncatedJson, FaultKind.EmptyBody, FaultKind.HtmlBody })
        {
            scene.Fail(new FaultRule { Kind = kind, Path = "/v5/", Probability = 0.08, AfterApplying = true, Status = 200, Count = null, Until = scene.Calm() });
        }

        scene.Fail(new FaultRule { Kind = FaultKind.TruncatedJson, Path = Create, Nth = 1 + (int)(scene.Random.NextDouble() * 2) });
    }

    private static void Duplicate(Scene scene) => scene.Fail(new FaultRule
    {
        Kind = FaultKind.Code, Code = 110072, AfterApplying = true, Path = Create, Nth = 1 + (int)(scene.Random.NextDouble() * 3), Count = 3, Until = scene.Calm(),
    });

    private static void RejectLater(Scene scene)
    {
        scene.Fail(new FaultRule { Kind = FaultKind.RejectLater, Path = Create, Probability = 0.2, Count = null, Until = scene.Calm() });
        scene.Fail(new FaultRule { Kind = FaultKind.RejectLater, Path = Create, Nth = 1 + (int)(scene.Random.NextDouble() * 4) });
    }

    private static void LimitRate(Scene scene)
    {
        scene.Fail(new FaultRule { Kind = FaultKind.Code, Code = 10006, Path = Create, Nth = 1 + (int)(scene.Random.NextDouble() * 3), Count = 2, Until = scene.Calm() });
        scene.Fail(new FaultRule { Kind = FaultKind.Code, Code = 10006, Method = "GET", Probability = 0.1, Count = null, Until = scene.Calm() });
    }

    // Milliseconds on the way there, create by create; the answer may take 500, an order is valid for 1,000.
    private static int[] RampOf(Scene scene) => scene.Seed % 2 == 0 ? [50, 200, 450, 700, 1_500, 2_500] : [1_200, 800, 50, 2_000, 1_500, 300];

    private static void Slow(Scene scene)
    {
        var ramp = RampOf(scene);
        for (var i = 0; i < ramp.Length; i++)
        {
            scene.Fail(new FaultRule { Kind = FaultKind.DelayRequest, DelayMs = ramp[i], Path = Create, Nth = i + 1 });
        }

        scene.Fail(new FaultRule { Kind = FaultKind.DelayAnswer, DelayMs = 700, Path = Create, Nth = ramp.Length + 1 });
    }

    private static IEnumerable<string> NothingArrivesLate(Scene scene, Trader trader, JournalFile journal)
    {
        var taken = scene.Read((_, account) => account.Orders.Select(o => o.Request.LinkId).ToHashSet());
        foreach (var (sent, delay) in trader.Sent.Where(s => s.StartsWith(Create, StringComparison.Ordinal)).Zip(RampOf(scene)))
        {
            if (delay > 1_100 && !sent.Contains("\"reduceOnly\":true", StringComparison.Ordinal) && taken.Any(id => id.Length > 0 && sent.Contains(id, StringComparison.Ordinal)))
            {
                yield return $"R2: an entry that was {delay} ms on its way was taken: {sent}";
            }
        }
    }

    private static async Task<Played> OutageAsync(ulong seed)
    {
        var (duration, candles, tick) = (seed % 4) switch { 0 => (1_000L, 8, 500), 1 => (30_000L, 8, 500), 2 => (600_000L, 18, 1_000), _ => (7_200_000L, 128, 5_000) };
        return await Plays.ThroughAsync(
            seed,
            scene =>
            {
                var from = scene.CloseOf((int)(scene.Random.NextDouble() * 2)).Plus((long)(scene.Random.NextDouble() * 60_000));
                scene.Fail(new FaultRule { Kind = FaultKind.Outage, From = from, DurationMs = duration });
                scene.Fail(new FaultRule { Kind = FaultKind.Restart, From = from.Plus(duration) });
                scene.IsVenueWell = false; // Nobody can set a stop at a venue that does not answer; attached stops are still checked at the end.
            },
            new SceneOptions { LiveCandles = candles, TickMs = tick, Bybit = o => o.ReadRetries = 0 });
    }
}
