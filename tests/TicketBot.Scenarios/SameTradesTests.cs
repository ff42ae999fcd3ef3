using TicketBot.Domain;
using TicketBot.Host.Configuration;
using TicketBot.Research.Backtests;
using TicketBot.Scenarios.Running;
using TicketBot.Simulator;
using TicketBot.Simulator.Matching;
using TicketBot.Storage;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Scenarios;

/// <summary>Latency, fills and decisions are functions of market time and seed: pace and wire change nothing.</summary>
[Collection(DaemonCollection.Name)]
public sealed class SameTradesTests(PreparedTickets prepared)
{
    private const int Fills = 30;

    private sealed record Trade(Instant Time, Side Side, decimal Quantity, decimal Price, decimal Fee, ExecutionKind Kind)
    {
        public static Trade Of(Execution e) => new(e.Time, e.Side, e.Quantity.Value, e.Price.Value, e.Fee.Value, e.Kind);
    }

    [Fact]
    public async Task Two_speeds_and_the_backtest_of_the_candles_give_the_same_trades()
    {
        using var folder = prepared.NewFolder();
        var fast = await TradesAsync(folder, "0");
        using var other = prepared.NewFolder();
        var paced = await TradesAsync(other, "100000");
        Assert.True(fast.Count >= Fills && paced.Count >= Fills);
        var both = Math.Min(fast.Count, paced.Count);
        Assert.Equal(fast.Take(both), paced.Take(both));

        var backtest = await BacktestAsync(folder);
        Assert.True(backtest.Count >= both);
        Assert.Equal(backtest.Take(both), fast.Take(both));
    }

    private static async Task<IReadOnlyList<Trade>> TradesAsync(ScenarioFolder folder, string speed)
    {
        await using var daemon = DaemonProcess.Start(
            [.. PreparedTickets.Market, "--data-folder", folder.Path, "--speed", speed, "--set", "Host:Jobs:Enabled=false"]);
        await daemon.ReadyAsync(PreparedTickets.StartLimit);
        await daemon.UntilAsync(s => s.Fills() >= Fills + 5, TimeSpan.FromSeconds(90), $"{Fills + 5} fills at speed {speed}");
        Assert.Equal(0, (await daemon.TerminateAsync(TimeSpan.FromSeconds(10))).Code);
        return [.. (await JournalFile.ReadAsync(folder)).Executions.Select(Trade.Of)];
    }

    private static async Task<IReadOnlyList<Trade>> BacktestAsync(ScenarioFolder folder)
    {
        var settings = Settings.Of([Layer.OfFile(Path.Combine(Repository.Root, "appsettings.json"))]);
        var trading = settings.Get<TradingOptions>();
        (trading.Costs.ImpactCoefficient, trading.Costs.ImpactFreeNotional) = (PreparedTickets.ImpactCoefficient, 0);
        var simulator = settings.Get<SimulatorOptions>();
        var interval = Interval.Parse(trading.Interval);
        using var store = SqliteCandleStore.Open(folder.FileOf("market.db"));
        using var registry = SqliteTicketRegistry.Open(folder.FileOf("research.db"));
        var candles = new Dictionary<SeriesKey, IReadOnlyList<Candle>>();
        var tickets = new List<Tickets.TicketSet>();
        foreach (var symbol in trading.Symbols.Select(s => new Symbol(s)))
        {
            candles[new SeriesKey(symbol, interval)] = await store.ReadAsync(symbol, interval, null, null, CancellationToken.None);
            tickets.Add((await registry.ActiveSetAsync(symbol, interval, CancellationToken.None))!);
        }

        var journal = await JournalFile.ReadAsync(folder);
        var request = new BacktestRequest
        {
            Candles = candles,
            LiveFrom = journal.Facts.Select(f => f.Fact).OfType<Fact.Started>().First().Time,
            Tickets = tickets,
            Trading = trading,
            Venue = new VenueSettings { Costs = trading.Costs, Seed = PreparedTickets.Seed, MinLatencyMs = simulator.MinLatencyMs, MaxLatencyMs = simulator.MaxLatencyMs },
            Balance = simulator.InitialBalance,
        };
        var result = await BacktestRunner.RunAsync(request, null, null, CancellationToken.None);
        var ahead = await BacktestRunner.RunAsync(request.Prepare(), null, null, CancellationToken.None);
        trading.Costs.ImpactCoefficient = 0;
        var free = await BacktestRunner.RunAsync(request, null, null, CancellationToken.None);
        Assert.NotEqual(result.Executions.Take(Fills).Select(e => e.Price), free.Executions.Take(Fills).Select(e => e.Price)); // Size decides something here.
        Assert.Equal(result.VenueWallet, result.Wallet);
        Assert.Equal(result.Executions, ahead.Executions);
        Assert.Equal(result.Decisions, ahead.Decisions);
        return [.. result.Executions.Select(Trade.Of)];
    }
}
