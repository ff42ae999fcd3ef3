using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Bybit;
using TicketBot.Domain;
using TicketBot.Scenarios.Running;
using TicketBot.Simulator.Faults;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Scenarios.Campaign.Rows;

/// <summary>Cuts inside recovery itself, readings that lag behind the streams, races between a cancel and a fill, an address that is banned, and how long a start takes over a slow line.</summary>
internal static class RecoveryRows
{
    private static readonly string[] Reads =
        ["/v5/account/wallet-balance", "/v5/position/list", "/v5/order/realtime", "/v5/execution/list", "/v5/market/kline", "/v5/market/instruments-info"];

    internal static IReadOnlyList<FaultRow> All { get; } =
    [
        new("K7a", "cut inside reconciliation, before and after each of its reads, then again", 240, 3, InReconciliationAsync),
        new("K7b", "cut while closed candles are stored", 200, 2, seed => TwiceAsync(seed, c => c.Place == CutPlace.BeforeStore)),
        new("K7c", "cut while what recovery found is written", 200, 2, seed => TwiceAsync(seed, c => c.Place is CutPlace.BeforeCommit or CutPlace.AfterCommit)),
        new("K0", "start to reconciled with 100 ms round trip on every request", 100, 2, seed => SlowLineAsync(seed, new SceneOptions())),
        new("K0b", "the same with twenty contracts", 40, 1, seed => SlowLineAsync(seed, new SceneOptions { Symbols = SceneOptions.Twenty, Trading = o => o.MaxGrossFraction = 0.4m })),
        new("S7", "REST shows orders, executions and positions later than the stream tells them, up to 2 s", 100, 3, LaggingAsync),
        new("P2", "a cancel races the fill of a limit order", 100, 4, RaceAsync),
        new("R1b", "address banned (403): all but exits and stops rests", 60, 1, BannedAsync),
    ];

    private static Task<Played> InReconciliationAsync(ulong seed) => TwiceAsync(
        seed, c => c.Place == (seed % 2 == 0 ? CutPlace.BeforeSend : CutPlace.AfterAnswer) && c.What.StartsWith(Reads[seed / 2 % (ulong)Reads.Length], StringComparison.Ordinal));

    // The first cut leaves something to recover; the second falls while that is being done; the third trader must find everything in order.
    private static async Task<Played> TwiceAsync(ulong seed, Func<Cut, bool> here)
    {
        await using var scene = await Scene.SetAsync(seed, new SceneOptions { LiveCandles = 12 });
        var first = scene.Start(new Blade(c => c.Place is CutPlace.BeforeCommit or CutPlace.AfterAnswer, 12 + (int)(scene.Random.NextDouble() * 25)));
        await first.CutAsync();
        await first.DisposeAsync();
        scene.Move((int)(scene.Random.NextDouble() * 60));
        var second = scene.Start(new Blade(here, 1 + (int)(scene.Random.NextDouble() * 2)));
        var fell = await second.CutAsync();
        await second.DisposeAsync();
        scene.Move((int)(scene.Random.NextDouble() * 60));
        var third = scene.Start();
        await third.FinishAsync();
        return new Played(await Oracle.ExamineAsync(scene, third.Options), third.Recovery?.TotalMilliseconds, fell);
    }

    // Reads that lag matter where something is read: after a cut stream, lost messages, lost answers, and after a cut of the trader itself.
    private static async Task<Played> LaggingAsync(ulong seed)
    {
        await using var scene = await Scene.SetAsync(seed, new SceneOptions { LiveCandles = 12, Trading = o => o.ReconcileMs = 1_000 });
        foreach (var delayMs in new[] { 500, 1_000, 2_000 })
        {
            scene.Fail(new FaultRule { Kind = FaultKind.LagRead, DelayMs = delayMs, Probability = 0.5, Count = null });
        }

        foreach (var path in new[] { "/v5/position/list", "/v5/execution/list", "/v5/order/realtime" })
        {
            // One of the endpoints lags always, so that two of them tell different things time after time.
            scene.Fail(new FaultRule { Kind = FaultKind.LagRead, DelayMs = 2_000, Path = path, Probability = scene.Random.NextDouble() < 0.4 ? 1 : 0.2, Count = null });
        }

        var trader = scene.Start(seed % 4 == 0 ? new Blade(JustAfterAnExecution, 1 + (int)(scene.Random.NextDouble() * 4)) : Blade.None);
        switch (seed % 4)
        {
            case 0:
                await trader.CutAsync();
                await trader.DisposeAsync();
                scene.Move((int)(scene.Random.NextDouble() * 3));
                trader = scene.Start();
                break;
            case 1:
                scene.Fail(new FaultRule { Kind = FaultKind.CutSocket, Path = "/v5/private", Probability = 0.03, Count = null, Until = scene.Calm() });
                scene.Fail(new FaultRule { Kind = FaultKind.CutSocket, Topic = scene.Random.NextDouble() < 0.5 ? "execution" : "position", Count = null, Probability = 0.4, Until = scene.Calm() });
                break;
            case 2:
                scene.Fail(new FaultRule { Kind = FaultKind.LoseAnswer, Path = "/v5/order/create", Probability = 0.4, Count = null, Until = scene.Calm() });
                scene.Fail(new FaultRule { Kind = FaultKind.LoseRequest, Path = "/v5/order/create", Probability = 0.2, Count = null, Until = scene.Calm() });
                break;
            default:
                foreach (var topic in new[] { "order", "execution", "position" })
                {
                    scene.Fail(new FaultRule { Kind = FaultKind.DropMessage, Topic = topic, Probability = 0.3, Count = null, Until = scene.Calm() });
                }

                break;
        }

        await trader.FinishAsync();
        var journal = await JournalFile.ReadAsync(scene.FileOf("journal.db"));
        var breaks = new List<string>(await Oracle.ExamineAsync(scene, trader.Options));
        foreach (var (time, fact) in journal.Facts)
        {
            // Nobody else traded and no money moved: what a late reading lacks must not be taken for the truth.
            if (fact is Fact.Adopted(var report, var ours))
            {
                breaks.Add(string.Create(CultureInfo.InvariantCulture, $"S7: {report.Symbol} {report.SignedQuantity} was taken over instead of {ours} at {time}"));
            }
            else if (fact is Fact.CashChanged(var change, false))
            {
                breaks.Add($"S7: cash of {change} at {time} that nobody moved");
            }
        }

        return new Played(breaks, null, scene.Server.Faults.Log.Any(s => s.Kind == FaultKind.LagRead));
    }

    private static bool JustAfterAnExecution(Cut cut) => cut.Place == CutPlace.AfterCommit && cut.What.Contains(FactJson.ExecutionKind, StringComparison.Ordinal);

    private static async Task<Played> SlowLineAsync(ulong seed, SceneOptions options)
    {
        await using var scene = await Scene.SetAsync(seed, options with { Bybit = o => o.RequestTimeoutMs = 10_000 });
        var first = scene.Start(new Blade(c => c.Place is CutPlace.BeforeCommit or CutPlace.AfterAnswer, 12 + (int)(scene.Random.NextDouble() * 20)));
        var fell = await first.CutAsync();
        await first.DisposeAsync();
        scene.Fail(new FaultRule { Kind = FaultKind.DelayRequest, DelayMs = 100, Path = "/v5/", Count = null });
        var second = scene.Start();
        await second.UpAsync();
        scene.Server.Faults.Clear();
        await second.FinishAsync();
        var breaks = new List<string>(await Oracle.ExamineAsync(scene, second.Options));
        return new Played(breaks, second.Recovery?.TotalMilliseconds, fell);
    }

    private static async Task<Played> RaceAsync(ulong seed)
    {
        await using var scene = await Scene.SetAsync(seed);
        var options = new BybitOptions
        {
            RestAddress = scene.Server.RestAddress.ToString(),
            PublicStreamAddress = new Uri(scene.Server.WebSocketAddress, "v5/public/linear").ToString(),
            PrivateStreamAddress = new Uri(scene.Server.WebSocketAddress, "v5/private").ToString(),
        };
        await using var exchange = new BybitExchange(
            options, new BybitCredentials(Scene.Key, Scene.Secret), TimeProvider.System, NullLogger<BybitExchange>.Instance, seed);
        var symbol = scene.Market.Series[0].Symbol;
        var last = scene.Read((venue, _) => venue.LastPrice(symbol));
        var buys = scene.Random.NextDouble() < 0.5;
        var request = new OrderRequest
        {
            Id = new ClientOrderId($"race-{seed}"),
            Symbol = symbol,
            Side = buys ? Side.Buy : Side.Sell,
            Type = OrderType.Limit,
            Quantity = new Quantity(0.01m),
            LimitPrice = new Price(last + ((buys ? -1 : 1) * 0.1m * (int)(scene.Random.NextDouble() * 60))),
            CausedAt = scene.Options.Begin,
        };
        var breaks = new List<string>();
        if (await exchange.SubmitAsync(request, CancellationToken.None) is not SubmitAnswer.Acknowledged)
        {
            breaks.Add("P2: a plain limit order was not taken");
        }

        scene.Server.Move((int)(scene.Random.NextDouble() * 40));
        var answer = await exchange.CancelAsync(symbol, request.Id, CancellationToken.None);
        scene.Server.Move(4);
        var found = await exchange.FindOrderAsync(symbol, request.Id, true, CancellationToken.None);
        var truth = scene.Read((_, account) => account.OrderByLink(request.Id.Value))!;
        if (answer is not RequestAnswer.Done || found is null || !Order.IsFinalStatus(found.Status) || found.FilledQuantity.Value != truth.Filled)
        {
            breaks.Add($"P2: the cancel was answered {answer}, the order is {found?.Status} with {found?.FilledQuantity} filled, at the venue {truth.Status} with {truth.Filled}");
        }

        return new Played(breaks, null, true, "");
    }

    private static async Task<Played> BannedAsync(ulong seed)
    {
        await using var scene = await Scene.SetAsync(seed, new SceneOptions { LiveCandles = 10 });
        var trader = scene.Start();
        await trader.UpAsync();
        var sentBefore = -1;
        scene.Server.Faults.Struck = _ => sentBefore = trader.Sent.Count;
        scene.IsVenueWell = false;
        scene.Fail(new FaultRule { Kind = FaultKind.Status, Status = 403, Method = "GET", Count = null, Nth = 1 });
        await trader.UntilAsync(s => s.MarketTime >= scene.End, "the market's end");
        var after = sentBefore < 0 ? [] : trader.Sent.Skip(sentBefore + 1).Where(s => !IsUrgent(s)).ToList();
        await trader.DisposeAsync();
        return new Played([.. scene.Breaks, .. after.Count > 2 ? [$"R1b: {after.Count} requests after the ban, the first {after[0]}"] : Array.Empty<string>()], null, sentBefore >= 0);
    }

    private static bool IsUrgent(string what) =>
        what.StartsWith("/v5/order/cancel", StringComparison.Ordinal) || what.StartsWith("/v5/position/trading-stop", StringComparison.Ordinal)
        || (what.StartsWith("/v5/order/create", StringComparison.Ordinal) && what.Contains("\"reduceOnly\":true", StringComparison.Ordinal));
}
