using TicketBot.Domain;
using TicketBot.Scenarios.Running;
using TicketBot.Simulator.Faults;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Signals;

namespace TicketBot.Scenarios.Campaign.Rows;

/// <summary>Streams fall silent, break, repeat and contradict themselves; what is stored and decided must be that of a clean run.</summary>
internal static class StreamRows
{
    // A silent topic is noticed this long after the close at the latest, and repaired soon after.
    private const long NoticedMs = 5_000;
    private const long RepairedMs = 8_000;

    internal static IReadOnlyList<FaultRow> All { get; } =
    [
        new("D1", "socket open, one candle topic of three mute", 100, 3, seed => Plays.ThroughAsync(seed, Mute, Three, more: NoticedAndRepaired)),
        new("D2", "reconnect with 1, 60 or 1,500 candles missed", 100, 3, MissedAsync),
        new("D3a", "candles doubled and reordered on the stream, inside the deadline", 100, 3, seed => Plays.ThroughAsync(seed, Repeat, more: SameAsClean)),
        new("D3b", "candles revised, unconfirmed and future-dated on the stream", 100, 3, seed => Plays.ThroughAsync(seed, Disturb, more: SeesTheSame)),
        new("D4", "garbage frames and impossible numbers on every stream", 100, 3, seed => Plays.ThroughAsync(seed, Garbage, more: SeesTheSame)),
        new("D5", "REST candles that disagree with the stream's", 100, 2, seed => Plays.ThroughAsync(seed, Disagree, scope: new OracleScope(HistoryLies: true))),
        new("D6a", "private stream cut again and again, public alive", 100, 3, seed => Plays.ThroughAsync(seed, s => CutSockets(s, "/v5/private"))),
        new("D6b", "public stream cut again and again, private alive", 100, 3, seed => Plays.ThroughAsync(seed, s => CutSockets(s, "/v5/public"))),
        new("D6c", "private stream open but silent", 40, 1, seed => Plays.ThroughAsync(seed, Silence, Watchful)),
        new("D7", "key revoked in mid-trade (10003, 10004, 10005, 10009, 10010, 33004), later valid again", 100, 1, seed => Plays.ThroughAsync(seed, Revoke, Paced, more: NoStorm)),
    ];

    // What is under way when the key is revoked, then one request and one connection per pause for as long as it stands refused.
    private const int MostRefused = 12;

    private static SceneOptions Three { get; } = new() { Symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT"], LiveCandles = 9 };

    // A held market has nothing to wait for while the account is refused and would be over before the key is tried again; this one takes two seconds a candle.
    private static SceneOptions Paced { get; } = new()
    {
        LiveCandles = 16, Patience = TimeSpan.FromMinutes(3), Simulator = o => o.Speed = 30, Bybit = o => (o.RefusedKeyPauseMs, o.ReconnectMaxDelayMs) = (2_000, 300),
    };

    private static SceneOptions Watchful { get; } = new() { LiveCandles = 10, Bybit = o => (o.PingIntervalMs, o.SilenceTimeoutMs) = (200, 500) };

    private static void Mute(Scene scene) => scene.Fail(new FaultRule
    {
        Kind = FaultKind.SilentTopic, Topic = $"kline.1.{scene.Options.Symbols[(int)(scene.Random.NextDouble() * 3)]}", From = scene.Moment(), DurationMs = 130_000,
    });

    private static IEnumerable<string> NoticedAndRepaired(Scene scene, Trader trader, JournalFile journal)
    {
        if (scene.Server.Faults.Log is not [var strike, ..])
        {
            yield break;
        }

        var symbol = scene.Server.Faults.Log.Select(s => s.On).Select(on => scene.Options.Symbols.FirstOrDefault(s => on.Contains(s, StringComparison.Ordinal))).FirstOrDefault(s => s is not null)
            ?? scene.Server.Faults.Rules[0].Topic!.Split('.')[^1];
        var series = new SeriesKey(new Symbol(symbol), Scene.Interval);
        var name = StreamNames.OfCandles(series);
        var close = Scene.Interval.CloseOf(Scene.Interval.OpenOf(strike.MarketTime));
        var noticed = journal.Facts.Where(f => f.Fact is Fact.StreamInterrupted(var stream, _) && stream == name && f.Time >= close).Select(f => (Instant?)f.Time).FirstOrDefault();
        if (noticed is null || noticed.Value.Since(close) > NoticedMs + scene.Options.TickMs)
        {
            yield return $"D1: the silence of {series} from {strike.MarketTime} on was noticed at {noticed?.ToString() ?? "no time"}";
        }

        var received = journal.Facts.Select((f, i) => (f.Fact, i)).Where(f => f.Fact is Fact.CandleClosed(var key, var candle) && key == series && Scene.Interval.CloseOf(candle.OpenTime) == close).Select(f => f.i).ToList();
        if (received is not [var at, ..] || TimeAt(journal, at).Since(close) > RepairedMs + scene.Options.TickMs)
        {
            yield return $"D1: the candle of {series} that closed at {close} was repaired {(received.Count == 0 ? "never" : $"at {TimeAt(journal, received[0])}")}";
        }
    }

    // A candle's fact bears its close; when it came in is told by the last fact before it.
    private static Instant TimeAt(JournalFile journal, int index) => journal.Facts.Take(index + 1).Max(f => f.Time);

    private static async Task<Played> MissedAsync(ulong seed)
    {
        var missed = (seed % 3) switch { 0 => 1, 1 => 60, _ => 1_500 };
        await using var scene = await Scene.SetAsync(seed, new SceneOptions { LiveCandles = missed + 9, TickMs = 1_000 });
        var first = scene.Start(new Blade(c => c.Place is CutPlace.BeforeCommit or CutPlace.AfterAnswer, 12 + (int)(scene.Random.NextDouble() * 20)));
        var fell = await first.CutAsync();
        await first.DisposeAsync();
        scene.Move(missed * 60);
        var second = scene.Start();
        await second.FinishAsync();
        return new Played(await Oracle.ExamineAsync(scene, second.Options), second.Recovery?.TotalMilliseconds, fell);
    }

    private static void Repeat(Scene scene)
    {
        scene.Fail(new FaultRule { Kind = FaultKind.DuplicateConfirm, Topic = "kline", Probability = 0.4, Count = null });
        scene.Fail(new FaultRule { Kind = FaultKind.ReorderMessage, Topic = "kline", Hold = 1 + (int)(scene.Random.NextDouble() * 3), Probability = 0.2, Count = null, Until = scene.Calm() });
        scene.Fail(new FaultRule { Kind = FaultKind.DuplicateConfirm, Topic = "kline", Nth = 2 });
    }

    private static void Disturb(Scene scene)
    {
        foreach (var kind in new[] { FaultKind.FutureFrame, FaultKind.UnconfirmedFrame, FaultKind.ReviseConfirm })
        {
            scene.Fail(new FaultRule { Kind = kind, Topic = "kline", Probability = 0.25, Fraction = 0.01m, Count = null });
        }

        scene.Fail(new FaultRule { Kind = FaultKind.FutureFrame, Topic = "kline", Nth = 2 });
    }

    private static void Garbage(Scene scene)
    {
        scene.Fail(new FaultRule { Kind = FaultKind.GarbageFrame, Topic = "kline", Probability = 0.3, Count = null });
        scene.Fail(new FaultRule { Kind = FaultKind.GarbageFrame, Topic = "order", Probability = 0.2, Count = null, Until = scene.Calm() });
        scene.Fail(new FaultRule { Kind = FaultKind.GarbageFrame, Topic = "execution", Probability = 0.2, Count = null, Until = scene.Calm() });
    }

    private static void Disagree(Scene scene)
    {
        scene.Fail(new FaultRule { Kind = FaultKind.SwallowConfirm, Topic = "kline", Nth = 2, Count = 1 });
        scene.Fail(new FaultRule { Kind = FaultKind.WrongCandle, Path = "/v5/market/kline", Fraction = 0.001m, From = scene.CloseOf(4), Probability = 0.5, Count = 2 });
    }

    private static void CutSockets(Scene scene, string path)
    {
        for (var i = 0; i < 3; i++)
        {
            scene.Fail(new FaultRule { Kind = FaultKind.CutSocket, Path = path, From = scene.Moment() });
        }

        scene.Fail(new FaultRule { Kind = FaultKind.RefuseConnect, Path = path, Probability = 0.5, Count = 4 });
    }

    private static void Silence(Scene scene) => scene.Fail(new FaultRule { Kind = FaultKind.SilentSocket, Path = "/v5/private", From = scene.Moment() });

    private static void Revoke(Scene scene)
    {
        int[] codes = [10003, 10004, 10005, 10009, 10010, 33004];
        scene.IsVenueWell = false; // A key that is refused cannot set a stop; the attached ones are checked at the end.
        scene.Fail(new FaultRule { Kind = FaultKind.RevokeKey, Code = codes[scene.Seed % 6], From = scene.Moment(), DurationMs = 90_000 });
    }

    private static IEnumerable<string> NoStorm(Scene scene, Trader trader, JournalFile journal)
    {
        var isRefused = false;
        foreach (var (time, fact) in journal.Facts)
        {
            isRefused = fact switch
            {
                Fact.StreamInterrupted(StreamNames.Account, _) => true,
                Fact.StreamRestored(StreamNames.Account) => false,
                _ => isRefused,
            };
            if (isRefused && fact is Fact.Intended { Intent.Kind: Trading.Orders.IntentKind.Entry })
            {
                yield return $"D7: an entry at {time} while the key was refused";
            }
        }

        var refused = scene.Server.Faults.Log.Count;
        if (refused > MostRefused)
        {
            yield return $"D7: {refused} requests were made with the refused key";
        }
    }

    private static IEnumerable<string> SameAsClean(Scene scene, Trader trader, JournalFile journal) => Differences(scene, journal, Plays.Whole);

    // Entries may be denied meanwhile, but what is seen and predicted is what the clean run sees and predicts.
    private static IEnumerable<string> SeesTheSame(Scene scene, Trader trader, JournalFile journal) => Differences(scene, journal, Plays.Seen);

    private static IEnumerable<string> Differences(Scene scene, JournalFile journal, Func<Decision, string> text)
    {
        var clean = Plays.CleanAsync(scene.Seed, scene.Options).GetAwaiter().GetResult().ToDictionary(d => (d.Series, d.Time), text);
        foreach (var decision in Plays.Decisions(journal))
        {
            var (now, then) = (text(decision), clean.GetValueOrDefault((decision.Series, decision.Time)) ?? "none");
            if (now != then && now.Length > 0 && then.Length > 0)
            {
                yield return $"I7: decided {now}, in the clean run {then}";
                yield break;
            }
        }
    }
}
