using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using TicketBot.Domain;
using TicketBot.Host.Alerts;
using TicketBot.Host.Configuration;
using TicketBot.Host.Health;
using TicketBot.Host.Jobs;
using TicketBot.Host.Reports;
using TicketBot.Host.Running;
using TicketBot.Market.Candles;
using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Journal;

namespace TicketBot.Host.Dashboard;

/// <summary>The local HTTP API: what the page and the client verbs read, and the actions that need the token.</summary>
public static class DashboardApi
{
    private static readonly TimeSpan EventEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/status", (DaemonState s, JobBoard j, ProgressWatch w, AlertWatch a, IOptions<TradingOptions> o) => Json(StatusView.Of(s, j, w, a, o.Value)));
        routes.MapGet("/api/events", (HttpContext http, IHostApplicationLifetime life) => TypedResults.ServerSentEvents(Events(http, life.ApplicationStopping)));
        routes.MapGet("/api/positions", (DaemonState s) => Json(s.Trading.Positions));
        routes.MapGet("/api/decisions", (DaemonState s) => Json(s.Trading.Decisions));
        routes.MapGet("/api/fills", (DaemonState s) => Json(s.Trading.Fills));
        routes.MapGet("/api/pnl", (DaemonState s) => Json(Profit(s.Trading)));
        routes.MapGet("/api/jobs", (DaemonState s, JobBoard j) => Json(j.All(s.Trading.MarketTime)));
        routes.MapGet("/api/logs", (LogRing ring, int? count) => Json(ring.Last(Math.Clamp(count ?? 100, 1, 500))));
        routes.MapGet("/api/configuration", (Settings settings) => Json(settings.Values()));
        routes.MapGet("/api/orders", (JournalReader journal, int? count) => journal.Use(j => Json(Orders(j, Math.Clamp(count ?? 50, 1, 1_000)))));
        routes.MapGet("/api/why/{question}", (JournalReader journal, string question) => journal.Use(j => Why(j, question)));
        routes.MapGet("/api/candles", CandlesAsync);
        routes.MapGet("/api/tickets", TicketsAsync);
        routes.MapGet("/api/tickets/{id}/report", (DataFolder folder, string id) => Report(folder, id, ".html", "text/html; charset=utf-8"));
        routes.MapGet("/api/tickets/{id}/diagnostics", (DataFolder folder, string id) => Report(folder, id, ".json", "application/json"));
        routes.MapGet("/api/domains", (DataFolder folder) => Results.Text(new TransferFiles(folder).Map() ?? "null", "application/json"));
        routes.MapGet("/api/adaptations", (DataFolder folder) => Results.Text(new TransferFiles(folder).Adaptations(), "application/json"));
        routes.MapGet("/api/searches", (DataFolder folder) => Json(SearchPages.All(folder).Select(s => new { s.Address, s.Search.Name, s.Search.Source, s.Search.IsDone, outcome = s.Search.Outcome() })));
        routes.MapGet("/searches", (DataFolder folder) => SearchPages.List(folder));
        routes.MapGet("/searches/{scope}/{key}", (DataFolder folder, string scope, string key) => SearchPages.Page(folder, scope, key));
        routes.MapPost("/api/jobs/{name}", JobAsync);
        foreach (var command in Enum.GetValues<OperatorCommand>())
        {
            routes.MapPost($"/api/{command.ToString().ToLowerInvariant()}", (HttpContext http, string? reason, string? symbol) => CommandAsync(http, command, reason, symbol));
        }
    }

    private static IResult Json(object answer) => Results.Text(HostJson.Line(answer), "application/json");

    private static IResult Fault(int status, string message) => Results.Text(HostJson.Line(new { error = message }), "application/json", statusCode: status);

    private static object Profit(TradingStatus status) => new
    {
        marketTime = status.MarketTime,
        equity = status.Equity,
        walletBalance = status.WalletBalance,
        realised = status.Realised,
        fees = status.Fees,
        funding = status.Funding,
        dayPeakEquity = status.DayPeakEquity,
        dayLoss = status.DayLoss,
        curve = status.EquityCurve.Select(p => new object[] { p.Time.UnixMilliseconds, p.Equity }),
    };

    private static IReadOnlyList<WhyLink> Orders(IJournal journal, int count) =>
        [.. journal.ReadNewest(count, [FactJson.IntentKind]).Select(WhyChain.Link)];

    private static IResult Why(IJournal journal, string question) => WhyChain.Resolve(journal, question) is { } sequence
        ? Json(WhyChain.Of(journal, sequence))
        : Fault(StatusCodes.Status404NotFound, $"nothing is journalled under '{question}': give a journal number or one of our order ids");

    private static async Task<IResult> CandlesAsync(
        ICandleStore store, DaemonState state, string? symbol, long? from, int? count, CancellationToken cancellationToken)
    {
        var series = state.Trading.Series.FirstOrDefault(s => symbol is null || s.Series.Symbol.Value == symbol);
        if (series is null)
        {
            return symbol is null ? Json(Array.Empty<object>()) : Fault(StatusCodes.Status404NotFound, $"{symbol} is not traded here");
        }

        var interval = series.Series.Interval;
        var start = from is { } given ? new Instant(given) : interval.Shift(interval.OpenOf(series.LastClose), -Math.Clamp(count ?? 300, 1, 5_000));
        var candles = await store.ReadAsync(series.Series.Symbol, interval, start, null, cancellationToken);
        return Json(candles.Select(c => new object[] { c.OpenTime.UnixMilliseconds, c.Open, c.High, c.Low, c.Close, c.Volume }));
    }

    private static async Task<IResult> TicketsAsync(ITicketRegistry registry, DataFolder folder, DaemonState state, CancellationToken cancellationToken)
    {
        var reports = new TicketReports(folder);
        var records = (state.Records?.Invoke() ?? []).ToDictionary(r => r.Ticket);
        return Json((await registry.ListAsync(null, null, null, cancellationToken)).Select(TicketView.Of)
            .Select(t => records.TryGetValue(t.Id, out var record) ? t with { Record = record } : t)
            .Select(t => File.Exists(reports.PageOf(t.Id)) ? t with { Report = $"/api/tickets/{t.Id}/report" } : t));
    }

    // The id becomes part of a path, so it must be one.
    private static IResult Report(DataFolder folder, string id, string extension, string contentType)
    {
        if (id.Length != 64 || !id.All(char.IsAsciiHexDigitLower))
        {
            return Fault(StatusCodes.Status404NotFound, $"a report is asked for by the ticket's whole id of 64 hexadecimal digits, was '{id}'");
        }

        var file = Path.Combine(folder.ReportsFolder, id + extension);
        return File.Exists(file)
            ? Results.File(file, contentType)
            : Fault(StatusCodes.Status404NotFound, $"no report of ticket {id} was made; make one with: ticketbot tickets report {id} --output FILE.html");
    }

    private static async Task<IResult> JobAsync(HttpContext http, string name, JobRunner runner, JobBoard board, IHostApplicationLifetime life)
    {
        if (Locked(http) is { } refusal)
        {
            return refusal;
        }

        if (!JobNames.All.Contains(name))
        {
            return Fault(StatusCodes.Status404NotFound, $"a job is one of {string.Join(' ', JobNames.All)}, was '{name}'");
        }

        // The job goes on when the asker leaves; it ends only with the daemon.
        var succeeded = await runner.RunAsync(name, life.ApplicationStopping);
        return Json(new { succeeded, lastOutcome = board.All(default).First(j => j.Name == name).LastOutcome });
    }

    private static IResult? Locked(HttpContext http) => http.RequestServices.GetRequiredService<AccessToken>().Opens(http.Request)
        ? null
        : Fault(StatusCodes.Status401Unauthorized, "this action needs the token in the data folder's daemon.json (Authorization: Bearer TOKEN)");

    private static async Task<IResult> CommandAsync(HttpContext http, OperatorCommand command, string? reason, string? symbol)
    {
        if (Locked(http) is { } refusal)
        {
            return refusal;
        }

        var state = http.RequestServices.GetRequiredService<DaemonState>();
        if (!state.HasTrader)
        {
            return Fault(StatusCodes.Status409Conflict, $"the trader does not run yet: {state.Phase}, {state.Doing}");
        }

        Symbol? about = null;
        if (!string.IsNullOrEmpty(symbol))
        {
            if (command != OperatorCommand.Resume || !state.Trading.Series.Any(s => s.Series.Symbol.Value == symbol))
            {
                return Fault(StatusCodes.Status400BadRequest, command == OperatorCommand.Resume
                    ? $"{symbol} is not traded here" : $"only a resume is about one symbol, '{command}' is about all");
            }

            about = new Symbol(symbol);
        }

        await state.CommandAsync(command, string.IsNullOrWhiteSpace(reason) ? "operator" : reason, about, http.RequestAborted);
        return Json(new { accepted = command });
    }

    private static async IAsyncEnumerable<SseItem<string>> Events(HttpContext http, [EnumeratorCancellation] CancellationToken stopping)
    {
        var services = http.RequestServices;
        var (state, jobs, watch) = (services.GetRequiredService<DaemonState>(), services.GetRequiredService<JobBoard>(), services.GetRequiredService<ProgressWatch>());
        var options = services.GetRequiredService<IOptions<TradingOptions>>().Value;
        var alerts = services.GetRequiredService<AlertWatch>();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, http.RequestAborted);
        using var timer = new PeriodicTimer(EventEvery, services.GetRequiredService<TimeProvider>());
        var last = "";
        do
        {
            var text = HostJson.Line(StatusView.Of(state, jobs, watch, alerts, options));
            if (text != last)
            {
                last = text;
                yield return new SseItem<string>(text, "status") { EventId = state.Trading.MarketTime.UnixMilliseconds.ToString(CultureInfo.InvariantCulture) };
            }
        }
        while (await NextAsync(timer, either.Token));
    }

    private static async ValueTask<bool> NextAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
