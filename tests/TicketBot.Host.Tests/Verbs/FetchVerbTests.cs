using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Bybit;
using TicketBot.Domain;
using TicketBot.Host.Running;
using TicketBot.Host.Verbs;
using TicketBot.Simulator;
using TicketBot.Simulator.Faults;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;
using TicketBot.Storage;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Tests.Verbs;

// Over the wire of the simulator, whose market is a replay that stands still. Invariant: whatever interrupts a fetch, the same command run
// again ends with exactly the venue's closed candles of the span in the store, and reads no candle twice.
public sealed class FetchVerbTests
{
    private const int Count = 3_500;
    private static readonly SeriesKey Series = new(new Symbol("BTCUSDT"), Interval.FifteenMinutes);
    private static readonly Candle[] Market = RandomCandles.Walk(Count + 10, seed: 7);
    private static readonly Instant Begin = Market[0].OpenTime;

    [Fact]
    public async Task A_span_is_stored_to_the_bit_and_a_second_fetch_reads_nothing()
    {
        using var folder = new VerbFolder();
        await using var server = await ServerAsync(Market);
        var (from, to) = (Market[100].OpenTime, Market[3_300].OpenTime);
        var (code, document) = await folder.JsonAsync([.. Words(server), "--from", from.ToString(), "--to", to.ToString()]);
        Assert.Equal(0, code);
        Assert.Equal((3_200, 3_200, 0), Figures(document));
        Assert.Equal(Market[100..3_300], await StoredAsync(folder));

        (code, document) = await folder.JsonAsync([.. Words(server), "--from", from.ToString(), "--to", to.ToString()]);
        Assert.Equal((0, (3_200, 0, 0)), (code, Figures(document)));
    }

    [Fact]
    public async Task Without_an_end_everything_that_has_closed_is_fetched_and_nothing_under_way()
    {
        using var folder = new VerbFolder();
        await using var server = await ServerAsync(Market);
        Assert.Equal(0, (await folder.RunAsync([.. Words(server), "--from", Market[3_000].OpenTime.ToString()])).Code);
        Assert.Equal(Market[3_000..Count], await StoredAsync(folder));
    }

    [Fact]
    public async Task A_venue_that_fails_ends_it_with_three_and_the_same_command_goes_on_there()
    {
        using var folder = new VerbFolder();
        await using var server = await ServerAsync(Market);
        server.Faults.Add(new FaultRule { Id = "down", Kind = FaultKind.Status, Path = "/v5/market/kline", Nth = 6, Count = null });
        string[] words = [.. Words(server), "--from", Market[100].OpenTime.ToString(), "--set", "Bybit:ReadRetries=0"];
        var (code, output, error) = await folder.RunAsync(words);
        var stored = await StoredAsync(folder);
        Assert.Equal(3, code);
        Assert.Empty(output);
        Assert.Equal(Market[100..2_100], stored); // Two pages: what comes before them are looks at the series.
        Assert.Contains($"{stored.Count} candles were fetched and are stored, the same command goes on there", error, StringComparison.Ordinal);

        server.Faults.Remove("down");
        (code, var document) = await folder.JsonAsync(words);
        Assert.Equal((0, (Count - 100, Count - 2_100, 0)), (code, Figures(document)));
        Assert.Equal(Market[100..Count], await StoredAsync(folder));
    }

    [Fact]
    public async Task An_interruption_ends_it_with_130_and_keeps_what_was_read()
    {
        using var folder = new VerbFolder();
        await using var server = await ServerAsync(Market);
        using var stop = new CancellationTokenSource();
        using StringWriter output = new(), told = new();
        using var error = new StoppingWriter(told, "/3500", stop);
        string[] words = [.. Words(server), "--from", Begin.ToString(), "--data-folder", folder["data"]];
        Assert.Equal(130, await CommandLine.RunAsync(words, output, error, stop.Token));
        Assert.Empty(output.ToString());
        Assert.Equal((0, (Count, Count, 0)), await AgainAsync());

        async Task<(int Code, (int Candles, int Fetched, int Missing) Figures)> AgainAsync()
        {
            var (code, document) = await folder.JsonAsync([.. Words(server), "--from", Begin.ToString()]);
            return (code, Figures(document));
        }
    }

    [Fact]
    public async Task A_fetch_stopped_between_two_pages_has_stored_every_page_it_told_of()
    {
        await using var server = await ServerAsync(Market);
        await using var exchange = new BybitExchange(
            OptionsOf(server), new BybitCredentials("any", "any"), TimeProvider.System, NullLogger<BybitExchange>.Instance);
        var store = new InMemoryCandleStore();
        using var stop = new CancellationTokenSource();
        var reached = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => HistoryFetch.RunAsync(
            exchange.MarketData, store, Series, Begin, Market[Count].OpenTime,
            (done, _, _, _) =>
            {
                reached = done;
                if (done >= 2_000)
                {
                    stop.Cancel();
                }
            },
            stop.Token));
        Assert.Equal(2_000, reached);
        Assert.Equal(Market[..2_000], await store.ReadAsync(Series.Symbol, Series.Interval, null, null, default));
    }

    [Fact]
    public async Task Gaps_of_the_store_are_filled_and_what_is_stored_is_not_read_again()
    {
        using var folder = new VerbFolder();
        await using var server = await ServerAsync(Market);
        Candle[] kept = [.. Market[..Count].Where((_, i) => i is (< 500 or >= 600) and (< 1_700 or >= 2_900))];
        var sampled = kept[10] with { Observations = new Observations(1.5, 0.25, -0.5, null) };
        kept[10] = sampled;
        using (var store = SqliteCandleStore.Open(Elsewhere(folder)))
        {
            await store.WriteAsync(Series.Symbol, Series.Interval, kept, default);
        }

        var (code, document) = await folder.JsonAsync([.. Words(server), "--from", Begin.ToString()]);
        Assert.Equal((0, (Count, 1_300, 0)), (code, Figures(document)));
        var stored = await StoredAsync(folder);
        Assert.Equal(sampled, stored[10]);
        Assert.Equal(Market[..Count].Select(c => c.OpenTime), stored.Select(c => c.OpenTime));
    }

    [Fact]
    public async Task Without_a_beginning_it_goes_on_where_the_store_ends_and_an_empty_store_is_wrong_usage()
    {
        using var folder = new VerbFolder();
        await using var server = await ServerAsync(Market);
        var (code, _, error) = await folder.RunAsync(Words(server));
        Assert.Equal(2, code);
        Assert.Contains("give --from", error, StringComparison.Ordinal);

        Assert.Equal(0, (await folder.RunAsync([.. Words(server), "--from", Begin.ToString(), "--to", Market[700].OpenTime.ToString()])).Code);
        var (again, document) = await folder.JsonAsync(Words(server));
        Assert.Equal((0, (Count - 700, Count - 700, 0)), (again, Figures(document)));
        Assert.Equal(Market[..Count], await StoredAsync(folder));
    }

    [Fact]
    public async Task A_span_before_the_listing_is_refused_and_one_across_it_begins_there_and_says_so()
    {
        using var folder = new VerbFolder();
        await using var server = await ServerAsync(Market);
        var (code, output, error) = await folder.RunAsync([.. Words(server), "--from", "2020-01-01", "--to", "2024-12-01"]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains($"begins at {Begin}", error, StringComparison.Ordinal);
        Assert.Contains("lies before it; give a --to after that", error, StringComparison.Ordinal);

        (code, output, error) = await folder.RunAsync([.. Words(server), "--from", "2020-01-01", "--to", Market[50].OpenTime.ToString()]);
        Assert.Equal(0, code);
        Assert.Contains($"begins at {Begin}: what was asked for before that does not exist", error, StringComparison.Ordinal);
        Assert.Equal(Market[..50], await StoredAsync(folder));
    }

    [Fact]
    public async Task Candles_that_the_venue_does_not_have_are_named()
    {
        using var folder = new VerbFolder();
        Candle[] holed = [.. Market.Where((_, i) => i is < 1_200 or >= 1_215)];
        await using var server = await ServerAsync(holed);
        var (code, document) = await folder.JsonAsync([.. Words(server), "--from", Begin.ToString(), "--to", Market[3_000].OpenTime.ToString()]);
        Assert.Equal((0, (2_985, 2_985, 15)), (code, Figures(document)));
        var gap = Assert.Single(document.GetProperty("gaps").EnumerateArray());
        Assert.Equal(Market[1_200].OpenTime.ToString(), gap.GetProperty("from").GetString());
    }

    [Fact]
    public async Task The_built_in_simulator_is_started_when_no_address_is_given()
    {
        using var folder = new VerbFolder();
        var (code, document) = await folder.JsonAsync(
            "fetch", "--symbol", "BTCUSDT", "--interval", "15m", "--from", "2020-01-01", "--set", "Simulator:HistoryCandles=1500", "--set", "Simulator:Market=random");
        Assert.Equal((0, (1_500, 1_500, 0)), (code, Figures(document)));
        Assert.Equal(0, (await folder.RunAsync("export", "--data", folder["out.csv"], "--symbol", "BTCUSDT", "--interval", "15m")).Code);
        Assert.Equal(1_501, (await File.ReadAllLinesAsync(folder["out.csv"])).Length);
    }

    [Theory]
    [InlineData("--symbol", "BTCUSDT", "--interval", "15m", "--from", "tomorrow")]
    [InlineData("--symbol", "BTCUSDT", "--interval", "7m", "--from", "2024-01-01")]
    [InlineData("--symbol", "btc usdt", "--interval", "15m", "--from", "2024-01-01")]
    [InlineData("--symbol", "BTCUSDT", "--interval", "15m", "--from", "2024-01-01", "--to", "2023-01-01")]
    [InlineData("--symbol", "BTCUSDT", "--interval", "15m", "--from", "2124-01-01")]
    [InlineData("--symbol", "NOSUCHUSDT", "--interval", "15m", "--from", "2024-01-01")]
    [InlineData("--interval", "15m")]
    public async Task Wrong_usage_ends_with_two_and_a_reason(params string[] words)
    {
        using var folder = new VerbFolder();
        await using var server = await ServerAsync(Market);
        var (code, output, error) = await folder.RunAsync(["fetch", "--set", $"Bybit:RestAddress={server.RestAddress}", .. words]);
        Assert.Equal((2, ""), (code, output));
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task A_real_environment_needs_no_key_and_its_clock_says_what_has_closed()
    {
        using var folder = new VerbFolder();
        await using var server = await OnlineVenue.StartAsync();
        string[] words =
        [
            "fetch", "--symbol", "BTCUSDT", "--interval", "15m", "--from", "2020-01-01", "--set", "Bybit:Environment=Testnet", "--set", $"Bybit:RestAddress={server.RestAddress}",
            "--set", "Bybit:ApiKeyVariable=NO_SUCH_VARIABLE_OF_ANYBODY",
        ];
        var (code, document) = await folder.JsonAsync(words);
        Assert.Equal(0, code);
        Assert.InRange(document.GetProperty("fetched").GetInt32(), 200, 201);
        Assert.True(File.Exists(DataFolder.OfLastRun(folder["data"], ExchangeEnvironment.Testnet).MarketDatabase));
    }

    private static (int Candles, int Fetched, int Missing) Figures(System.Text.Json.JsonElement document) =>
        (document.GetProperty("candles").GetInt32(), document.GetProperty("fetched").GetInt32(), document.GetProperty("missing").GetInt32());

    private static string[] Words(SimulatorServer server) =>
        ["fetch", "--symbol", Series.Symbol.Value, "--interval", Series.Interval.Name, "--set", $"Bybit:RestAddress={server.RestAddress}"];

    private static string Elsewhere(VerbFolder folder) => Path.Combine(DataFolder.EnvironmentFolder(folder["data"], ExchangeEnvironment.Simulator), "elsewhere", "market.db");

    private static async Task<IReadOnlyList<Candle>> StoredAsync(VerbFolder folder)
    {
        using var store = SqliteCandleStore.Open(Elsewhere(folder));
        return await store.ReadAsync(Series.Symbol, Series.Interval, null, null, default);
    }

    private static async Task<SimulatorServer> ServerAsync(Candle[] candles)
    {
        var source = new ReplayMarket(new Dictionary<SeriesKey, IReadOnlyList<Candle>> { [Series] = candles }, Market[Count].OpenTime);
        return await SimulatorServer.StartAsync(new SimulatorOptions(), source, new VenueSettings(), TimeProvider.System, NullLoggerFactory.Instance, default);
    }

    private static BybitOptions OptionsOf(SimulatorServer server) => new()
    {
        RestAddress = server.RestAddress.ToString(), PublicStreamAddress = new Uri(server.WebSocketAddress, "v5/public/linear").ToString(),
        PrivateStreamAddress = new Uri(server.WebSocketAddress, "v5/private").ToString(), ReadsPerSecond = null,
    };

    /// <summary>Hands text on, and cancels when a line says a certain word.</summary>
    private sealed class StoppingWriter(TextWriter inner, string word, CancellationTokenSource stop) : TextWriter
    {
        public override System.Text.Encoding Encoding => inner.Encoding;

        public override void Write(char value) => inner.Write(value);

        public override void WriteLine(string? value)
        {
            inner.WriteLine(value);
            if (value?.Contains(word, StringComparison.Ordinal) == true)
            {
                stop.Cancel();
            }
        }
    }
}
