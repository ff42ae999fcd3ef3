using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Bybit;
using TicketBot.Domain;
using TicketBot.Host.Running;
using TicketBot.Simulator;
using TicketBot.Simulator.Faults;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Tests.Running;

// The connector over the wire of the simulator, whose market stands still until each tick is reported. Invariant: whatever a fault does to
// frames and sockets, the candles that come out are those of the clean run, each once and in order.
public sealed class ConnectorOnSimulatorTests
{
    private const int Candles = 6;
    private static readonly Symbol Btc = new("BTCUSDT");
    private static readonly SeriesKey Series = new(Btc, Interval.OneMinute);

    [Theory]
    [InlineData(FaultKind.SwallowConfirm)]
    [InlineData(FaultKind.DuplicateConfirm)]
    [InlineData(FaultKind.ReviseConfirm)]
    [InlineData(FaultKind.UnconfirmedFrame)]
    [InlineData(FaultKind.FutureFrame)]
    [InlineData(FaultKind.GarbageFrame)]
    [InlineData(FaultKind.CutSocket)]
    [InlineData(FaultKind.DropMessage)]
    [InlineData(FaultKind.DuplicateMessage)]
    public async Task Faults_of_frames_and_sockets_change_no_candle(FaultKind kind)
    {
        var (clean, _) = await RunAsync(observe: false);
        var rule = kind == FaultKind.CutSocket
            ? new FaultRule { Kind = kind, Path = "/v5/public" }
            : new FaultRule { Kind = kind, Topic = "kline", Nth = 2, Count = 3 };
        var (faulty, told) = await RunAsync(observe: false, rule);
        Assert.Equal(clean, faulty);
        Assert.Equal(told.Count(word => word.StartsWith("interrupted", StringComparison.Ordinal)), told.Count(word => word.StartsWith("restored", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_swallowed_confirmation_is_announced_for_its_series_and_restored_before_its_candle()
    {
        var (_, told) = await RunAsync(observe: false, new FaultRule { Kind = FaultKind.SwallowConfirm, Topic = "kline", Nth = 2 });
        var lost = told.IndexOf("interrupted candles BTCUSDT/1m");
        Assert.Equal(["interrupted candles BTCUSDT/1m", "restored candles BTCUSDT/1m", "candle"], told.Skip(lost).Take(3));
        Assert.Single(told, word => word.StartsWith("interrupted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Candles_carry_what_was_observed_to_the_same_bits_in_every_run()
    {
        var (first, _) = await RunAsync(observe: true);
        var (second, _) = await RunAsync(observe: true);
        Assert.Equal(first, second);
        Assert.All(first.Skip(1), candle =>
        {
            var seen = candle.Observations;
            Assert.InRange(seen.SpreadBp!.Value, 0, 100);
            Assert.InRange(seen.BookImbalance!.Value, -1, 1);
            Assert.InRange(seen.SignedFlow!.Value, -1, 1);
            Assert.NotNull(seen.FundingRate);
        });
    }

    [Fact]
    public async Task An_interruption_inside_a_candle_leaves_that_candle_without_book_and_flow_and_the_later_ones_with_them()
    {
        var (clean, _) = await RunAsync(observe: true);
        var (cut, _) = await RunAsync(observe: true, new FaultRule { Kind = FaultKind.CutSocket, Path = "/v5/public", From = clean[2].OpenTime.Plus(20_000) });
        Assert.Equal(clean.Select(candle => candle with { Observations = default }), cut.Select(candle => candle with { Observations = default }));
        Assert.Equal(default, cut[2].Observations with { FundingRate = null });
        Assert.Equal(clean[^1], cut[^1]);
    }

    [Fact]
    public async Task The_writes_of_tools_work_against_the_wire()
    {
        await using var server = await ServerAsync();
        await using var exchange = Connect(server, observe: false);
        var account = exchange.AccountData;
        var now = await exchange.GetMarketTimeAsync(default);
        Assert.IsType<RequestAnswer.Done>(await account.SetLeverageAsync(Btc, 3, default));
        Assert.Equal(3, (await account.PositionAsync(Btc, now, default)).Leverage);
        Assert.IsType<RequestAnswer.Done>(await account.SwitchModeAsync(Btc, hedged: false, default));
        await exchange.PrepareAsync([Btc], default);
        var prepared = await account.PositionAsync(Btc, now, default);
        Assert.Equal((1m, false), (prepared.Leverage, prepared.IsHedged));

        var price = (await exchange.MarketData.TickerAsync(Btc, default)).Last.Value;
        var instrument = (await exchange.MarketData.InstrumentsAsync(default)).Single(one => one.Symbol == Btc);
        var resting = new OrderRequest
        {
            Id = new ClientOrderId("resting"), Symbol = Btc, Side = Side.Buy, Type = OrderType.Limit, LimitPrice = instrument.NearestTick((double)price * 0.9),
            Quantity = new Quantity(0.01m), CausedAt = now,
        };
        Assert.IsType<SubmitAnswer.Acknowledged>(await exchange.SubmitAsync(resting, default));
        await PassAsync(exchange, ticks: 3); // It travels in market time.
        Assert.IsType<RequestAnswer.Done>(await account.AmendAsync(Btc, resting.Id, new Quantity(0.02m), null, null, default));
        Assert.IsType<RequestAnswer.Done>(await account.CancelAllAsync(Btc, default));
        Assert.True((await account.KeyAsync(default)).Value!.CanTrade);
        Assert.True((await account.InfoAsync(default)).IsUnified);
        Assert.NotNull((await account.FeesAsync(Btc, default)).Value);
        Assert.NotEmpty((await exchange.MarketData.BookAsync(Btc, 5, default)).Bids);
    }

    private static async Task<(List<Candle> Candles, List<string> Told)> RunAsync(bool observe, params FaultRule[] faults)
    {
        await using var server = await ServerAsync();
        await using var exchange = Connect(server, observe);
        foreach (var fault in faults)
        {
            server.Faults.Add(fault);
        }

        var events = Channel.CreateUnbounded<ExchangeEvent>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await exchange.ConnectAsync([Series], events.Writer, limit.Token);
        List<Candle> candles = [];
        List<string> told = [];
        while (candles.Count < Candles || told.Count(word => word[0] == 'i') > told.Count(word => word[0] == 'r'))
        {
            switch (await events.Reader.ReadAsync(limit.Token))
            {
                case ExchangeEvent.CandleClosed(_, var candle):
                    candles.Add(candle);
                    told.Add("candle");
                    break;
                case ExchangeEvent.StreamInterrupted(var stream, _):
                    told.Add($"interrupted {stream}");
                    break;
                case ExchangeEvent.StreamRestored(var stream):
                    told.Add($"restored {stream}");
                    break;
                case ExchangeEvent.TimePassed(var time):
                    await exchange.ReportSentAsync(time, limit.Token);
                    break;
                default:
                    break;
            }
        }

        return (candles[..Candles], told);
    }

    private static async Task PassAsync(BybitExchange exchange, int ticks)
    {
        var events = Channel.CreateUnbounded<ExchangeEvent>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await exchange.ConnectAsync([Series], events.Writer, default);
        for (var told = 0; told <= ticks;)
        {
            if (await events.Reader.ReadAsync(limit.Token) is ExchangeEvent.TimePassed(var time))
            {
                await exchange.ReportSentAsync(time, limit.Token);
                told++;
            }
        }
    }

    private static async Task<SimulatorServer> ServerAsync()
    {
        var options = new SimulatorOptions { Speed = 0, TickMs = 1_000, WaitForClient = true, Market = "random", HistoryCandles = 100 };
        var trading = new TradingOptions { Symbols = [Btc.Value], Interval = "1m" };
        var market = SimulatedMarket.Open(new RunRequest(), options, trading, _ => null, TimeProvider.System);
        return await SimulatorServer.StartAsync(options, market.Source, market.Venue, TimeProvider.System, NullLoggerFactory.Instance, default);
    }

    private static BybitExchange Connect(SimulatorServer server, bool observe)
    {
        var defaults = new SimulatorOptions();
        var options = new BybitOptions
        {
            Environment = ExchangeEnvironment.Simulator, RestAddress = server.RestAddress.ToString(), WritesPerSecond = null, ReadsPerSecond = null, ReconnectMaxDelayMs = 60,
            PublicStreamAddress = new Uri(server.WebSocketAddress, "v5/public/linear").ToString(), PrivateStreamAddress = new Uri(server.WebSocketAddress, "v5/private").ToString(),
        };
        return new BybitExchange(
            options, new BybitCredentials(defaults.ApiKey, defaults.ApiSecret), TimeProvider.System, NullLogger<BybitExchange>.Instance, observe: observe);
    }
}
