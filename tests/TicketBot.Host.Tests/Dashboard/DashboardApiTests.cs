using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using TicketBot.Domain;
using Microsoft.Extensions.Logging;
using TicketBot.Host.Alerts;
using TicketBot.Host.Configuration;
using TicketBot.Host.Dashboard;
using TicketBot.Host.Health;
using TicketBot.Host.Jobs;
using TicketBot.Host.Running;
using TicketBot.Host.Searches;
using TicketBot.Host.Tests.Searches;
using TicketBot.Market.Candles;
using TicketBot.Storage;
using TicketBot.Testing;
using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Host.Tests.Dashboard;

public sealed class DashboardApiTests : IAsyncLifetime
{
    private static readonly SeriesKey Series = new(new Symbol("BTCUSDT"), Interval.FifteenMinutes);
    private readonly DaemonState _state = new("simulator", "a demonstration market");
    private readonly MemoryJournal _journal = new();
    private readonly InMemoryCandleStore _candles = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly List<OperatorCommand> _commands = [];
    private readonly HttpClient _http = new();
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        var settings = Settings.Of([new Layer("test", new Dictionary<string, string?> { ["Trading:Symbols:0"] = "BTCUSDT" })]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var services = builder.Services;
        settings.Register(services);
        services.AddSingleton<TimeProvider>(_clock).AddSingleton(_state).AddSingleton(new JobBoard(new JobOptions())).AddSingleton<ProgressWatch>();
        services.AddSingleton(new LogRing()).AddSingleton(new AccessToken("secret")).AddSingleton<ICandleStore>(_candles);
        services.AddSingleton(new JournalReader(() => _journal));
        var folder = DataFolder.OfRun(Directory.CreateTempSubdirectory("ticketbot-page-").FullName, ExchangeEnvironment.Simulator, null);
        services.AddSingleton(folder).AddSingleton<ITicketRegistry>(_ => SqliteTicketRegistry.Open(folder.ResearchDatabase));
        services.AddSingleton<JobRunner>().AddSingleton(settings).AddSingleton<AlertWatch>();
        services.AddSingleton(s => new AlertSender(new AlertOptions(), null, "simulator", new SocketsHttpHandler(), _clock, s.GetRequiredService<ILogger<AlertSender>>()));
        _app = builder.Build();
        PageFiles.Map(_app);
        DashboardApi.Map(_app);
        HealthApi.Map(_app);
        await _app.StartAsync();
        _http.BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Serves_the_searches_and_says_what_to_do_while_there_is_none()
    {
        Assert.Contains("href=\"searches\"", await _http.GetStringAsync("/"), StringComparison.Ordinal);
        Assert.Contains("No search is kept here yet", await _http.GetStringAsync("/searches"), StringComparison.Ordinal);
        Assert.Equal("[]", await _http.GetStringAsync("/api/searches"));
        var folder = _app.Services.GetRequiredService<DataFolder>();
        await new SearchArchive(folder.SearchesFolder).KeepAsync(ArchitectureSearchPageTests.Search(), CancellationToken.None);
        await new SearchArchive(folder.SharedSearchesFolder).KeepAsync(ArchitectureSearchPageTests.Search() with { Name = "table.csv" }, CancellationToken.None);
        Assert.Contains("/searches/account/BTCUSDT_1h", await _http.GetStringAsync("/searches"), StringComparison.Ordinal);
        Assert.Contains("Architectures for BTCUSDT 1h", await _http.GetStringAsync("/searches/account/BTCUSDT_1h"), StringComparison.Ordinal);
        Assert.Contains("Architectures for table.csv", await _http.GetStringAsync("/searches/files/table.csv"), StringComparison.Ordinal);
        Assert.Contains("3 architectures tried", await _http.GetStringAsync("/api/searches"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(new Uri("/searches/account/..%2Feffective", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Serves_the_page_with_its_script_and_style()
    {
        var page = await _http.GetStringAsync("/");
        Assert.Contains("<title>TicketBot</title>", page, StringComparison.Ordinal);
        Assert.Equal("text/javascript", (await _http.GetAsync("/page.js")).Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/page.css")).StatusCode);
        Assert.Contains("href=\"transfer.html\"", page, StringComparison.Ordinal);
        Assert.Contains("Domain map", await _http.GetStringAsync("/transfer.html"), StringComparison.Ordinal);
        Assert.Equal("text/javascript", (await _http.GetAsync("/transfer.js")).Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Before_anything_was_measured_there_is_no_map_and_no_adaptation()
    {
        Assert.Equal("null", await _http.GetStringAsync("/api/domains"));
        Assert.Equal("[]", await _http.GetStringAsync("/api/adaptations"));
    }

    [Fact]
    public async Task The_status_is_the_traders_picture_in_plain_values()
    {
        Trade(equity: 10_003.50m);
        var status = await ReadAsync("/api/status");
        Assert.Equal("trading", status.GetProperty("phase").GetString());
        Assert.Equal("active", status.GetProperty("trading").GetProperty("state").GetString());
        Assert.Equal(10_003.5m, status.GetProperty("trading").GetProperty("equity").GetDecimal());
        Assert.Equal("BTCUSDT/15m", status.GetProperty("trading").GetProperty("series")[0].GetProperty("series").GetString());
        Assert.Equal(0.03m, status.GetProperty("limits").GetProperty("maxDailyDrawdown").GetDecimal());
        Assert.Equal(JobNames.All, status.GetProperty("jobs").EnumerateArray().Select(j => j.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Health_stays_good_but_says_that_live_and_replay_disagree()
    {
        Trade();
        Assert.Equal("ok\n", await _http.GetStringAsync("/healthz"));
        _app.Services.GetRequiredService<JobBoard>().Ended(JobNames.Agreement, false, "live and replay disagree at journal entry 7", new Instant(1));
        Assert.Equal("ok\nlive and replay disagree at journal entry 7\n", await _http.GetStringAsync("/healthz"));
    }

    [Fact]
    public async Task A_report_that_was_made_is_served_and_listed_and_only_a_whole_id_asks_for_one()
    {
        var set = ConstantTickets.Set(0.9, new Instant(2_000_000_000_000));
        var id = set.Tickets[0].Id.Value;
        await _app.Services.GetRequiredService<ITicketRegistry>().AddAsync(set.Symbol, set.Interval, set.Regimes, set.Tickets, new Instant(1), CancellationToken.None);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync($"/api/tickets/{id}/report")).StatusCode);
        Assert.All((await ReadAsync("/api/tickets")).EnumerateArray(), t => Assert.False(t.TryGetProperty("report", out _)));

        var reports = _app.Services.GetRequiredService<DataFolder>().ReportsFolder;
        Directory.CreateDirectory(reports);
        await File.WriteAllTextAsync(Path.Combine(reports, id + ".html"), "<p>drawn</p>");
        await File.WriteAllTextAsync(Path.Combine(reports, id + ".json"), """{"regime":"calm-bull"}""");
        var page = await _http.GetAsync($"/api/tickets/{id}/report");
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Equal("<p>drawn</p>", await page.Content.ReadAsStringAsync());
        Assert.Equal("calm-bull", (await ReadAsync($"/api/tickets/{id}/diagnostics")).GetProperty("regime").GetString());
        var listed = Assert.Single((await ReadAsync("/api/tickets")).EnumerateArray(), t => t.TryGetProperty("report", out _));
        Assert.Equal($"/api/tickets/{id}/report", listed.GetProperty("report").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync($"/api/tickets/{id[..12]}/report")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync("/api/tickets/..%2f..%2feffective/diagnostics")).StatusCode);
    }

    [Fact]
    public async Task Candles_are_rows_of_numbers_from_the_asked_time_on()
    {
        Trade();
        await _candles.WriteAsync(Series.Symbol, Series.Interval, [new Candle(new Instant(0), 1, 2, 0.5, 1.5, 7, 8), new Candle(new Instant(900_000), 1.5, 3, 1, 2, 9, 10)], CancellationToken.None);
        var rows = await ReadAsync("/api/candles?symbol=BTCUSDT&from=900000");
        Assert.Equal("[[900000,1.5,3,1,2,9]]", rows.GetRawText());
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync("/api/candles?symbol=XXXUSDT")).StatusCode);
    }

    [Fact]
    public async Task Why_answers_with_causes_and_consequences_of_a_journal_number_or_an_order_id()
    {
        Append("event.candle", "{}", null);
        Append(FactJson.DecisionKind, "{}", 1);
        Append("event.candle", "{}", null);
        Append(FactJson.IntentKind, """{"id":"tb01"}""", 2);
        Append("event.answer", "{}", 4);
        _journal.Commit();
        foreach (var question in new[] { "2", "4", "tb01" })
        {
            var links = (await ReadAsync($"/api/why/{question}")).EnumerateArray().Select(l => l.GetProperty("sequence").GetInt64());
            Assert.Equal([1, 2, 4, 5], links);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync("/api/why/99")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync("/api/why/unknown")).StatusCode);
    }

    [Fact]
    public async Task An_action_without_the_token_changes_nothing()
    {
        Trade();
        Assert.Equal(HttpStatusCode.Unauthorized, (await _http.PostAsync("/api/halt", null)).StatusCode);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "guess");
        Assert.Equal(HttpStatusCode.Unauthorized, (await _http.PostAsync("/api/halt", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _http.PostAsync("/api/jobs/history", null)).StatusCode);
        Assert.Empty(_commands);
    }

    [Fact]
    public async Task An_action_with_the_token_reaches_the_trader()
    {
        Trade();
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "secret");
        foreach (var action in new[] { "pause", "resume", "flatten", "halt" })
        {
            Assert.Equal(HttpStatusCode.OK, (await _http.PostAsync($"/api/{action}?reason=test", null)).StatusCode);
        }

        Assert.Equal([OperatorCommand.Pause, OperatorCommand.Resume, OperatorCommand.Flatten, OperatorCommand.Halt], _commands);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.PostAsync("/api/jobs/nothing", null)).StatusCode);
    }

    [Fact]
    public async Task Before_the_trader_runs_an_action_is_a_conflict_and_nothing_is_ready()
    {
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "secret");
        Assert.Equal(HttpStatusCode.Conflict, (await _http.PostAsync("/api/pause", null)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _http.GetAsync("/readyz")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/healthz")).StatusCode);
    }

    [Fact]
    public async Task Health_turns_bad_when_the_trading_loop_does_not_get_on()
    {
        Trade();
        _app.Services.GetRequiredService<ProgressWatch>().Look();
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/readyz")).StatusCode);
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _http.GetAsync("/healthz")).StatusCode);
    }

    [Fact]
    public async Task Metrics_are_in_the_prometheus_form()
    {
        Trade(equity: 123.5m);
        Assert.DoesNotContain("connector", await _http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        _state.Connector = () => new Bybit.ConnectorCounts(1, 2, 3, 4, 5, 6, 7, 8, 9);
        var text = await _http.GetStringAsync("/metrics");
        Assert.Contains("\nticketbot_connector_happened_total{kind=\"connects\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nticketbot_connector_happened_total{kind=\"answers_lost\"} 9\n", text, StringComparison.Ordinal);
        Assert.Contains("\n# TYPE ticketbot_equity gauge\nticketbot_equity 123.5\n", text, StringComparison.Ordinal);
        Assert.Contains("ticketbot_job_running{job=\"history\"} 0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_begin_with_the_present_status()
    {
        Trade(equity: 77m);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using var stream = await _http.GetStreamAsync("/api/events", limit.Token);
        using var reader = new StreamReader(stream);
        var lines = new List<string>();
        while (await reader.ReadLineAsync(limit.Token) is { Length: > 0 } line)
        {
            lines.Add(line);
        }

        Assert.Contains("event: status", lines);
        Assert.Contains(lines, l => l.StartsWith("data: ", StringComparison.Ordinal) && JsonDocument.Parse(l[6..]).RootElement.GetProperty("trading").GetProperty("equity").GetDecimal() == 77m);
    }

    private async Task<JsonElement> ReadAsync(string path) => JsonDocument.Parse(await _http.GetStringAsync(path)).RootElement;

    private void Append(string kind, string payload, long? cause) => _journal.Append(new JournalEntry(new Instant(1), kind, "BTCUSDT", payload, cause));

    private void Trade(decimal equity = 10_000m)
    {
        var picture = new TradingStatus
        {
            MarketTime = new Instant(1_800_000), State = TradingState.Active, IsReconciled = true, Equity = new Money(equity),
            Series = [new SeriesStatus(Series, new Instant(1_800_000), 2, null, new Dictionary<string, double>(), null, new Dictionary<string, string>(), null, null)],
        };
        _state.Attach(
            () => picture,
            (command, _, _, _) =>
            {
                _commands.Add(command);
                return Task.CompletedTask;
            });
        _state.Enter(DaemonPhase.Trading, "trading");
    }
}
