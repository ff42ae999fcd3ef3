using System.Globalization;
using System.Net;
using TicketBot.Domain;
using TicketBot.Host.Verbs;
using TicketBot.Research.Backtests;

namespace TicketBot.Host.Reports;

/// <summary>The report of a backtest: verdict, figures beside targets, curves, months, groups, other orders of the trades, diagnoses, trades and what was played.</summary>
public static class BacktestReportPage
{
    private const int TradesShown = 5_000;
    private const string None = "-";

    /// <summary>What the page says of where its numbers come from.</summary>
    /// <param name="Files">Candle files.</param>
    /// <param name="Tickets">Tickets in force by contract.</param>
    /// <param name="Until">Close of the last candle.</param>
    /// <param name="SettingsSha256">Hash of the settings that decide the outcome.</param>
    /// <param name="TradesSha256">Hash of all fills.</param>
    /// <param name="Seed">Seed of intervals and orders.</param>
    /// <param name="Costs">The cost model in words.</param>
    public sealed record Played(
        IReadOnlyList<BacktestDocument.PlayedFile> Files, IReadOnlyList<(string Symbol, Tickets.Ticket Ticket)> Tickets, Instant Until, string SettingsSha256, string TradesSha256,
        ulong Seed, string Costs);

    /// <summary>Returns the page.</summary>
    public static string Of(BacktestResult result, BacktestAssessment assessment, Played played)
    {
        var m = assessment.Metrics;
        var page = new HtmlPage("Backtest")
            .Heading($"Backtest: {assessment.Verdict.Headline}", 1)
            .Paragraph(assessment.Verdict.Reason, "verdict")
            .Paragraph(Text($"{string.Join(", ", played.Files.Select(f => f.Series))}; {Time(result.From)} to {Time(played.Until)} UTC; {result.Candles:N0} candles played, {m.Signals:N0} signals, {m.Trades.Trades:N0} closed trades{(m.OpenAtEnd > 0 ? Text($", {m.OpenAtEnd} still open") : "")}; {played.Tickets.Count} tickets in force."), "muted");
        if (played.Tickets.Any(t => t.Ticket.Lineage.TestedUntil > result.From))
        {
            page.Paragraph("Some of these candles were seen when a ticket in force was fitted or judged: what it earned on them is no evidence. Leave --from out to begin behind them.", "bad");
        }

        Figures(page, result, assessment);
        Curves(page, result, m);
        Diagnoses(page, assessment);
        Months(page, m);
        Groups(page, m, played);
        Orders(page, assessment);
        Costs(page, result, m, played);
        Denials(page, result, m);
        Trades(page, result);
        Origin(page, result, played);
        return page.ToString();
    }

    private static void Figures(HtmlPage page, BacktestResult result, BacktestAssessment assessment)
    {
        var (m, t) = (assessment.Metrics, assessment.Metrics.Trades);
        page.Heading("Figures beside targets")
            .Paragraph("A target is a wish that is shown; nothing is admitted or refused by it. It is met, or not met, when the whole 95 % interval lies on one side of it.", "muted")
            .Beside(
                HtmlPage.Table(
                    ["", "measured", "95 % interval", "target", "verdict"],
                    assessment.Targets.Select(line => (IReadOnlyList<string>)
                    [
                        line.Title, Figure(line.Name, line.Value), line.Interval is { } i ? $"{Figure(line.Name, i.Low, "no end")} to {Figure(line.Name, i.High, "no end")}" : None,
                        $"{(line.AtMost ? "≤" : "≥")} {Figure(line.Name, line.Target)}", line.Words,
                    ]),
                    column => column is 1 or 2 or 3),
                HtmlPage.Table(
                    ["", "value"],
                    [
                        ["balance at the start", Amount(result.InitialBalance)],
                        ["equity at the end", Amount(result.Equity.Count > 0 ? result.Equity[^1].Equity : result.InitialBalance)],
                        ["growth of the equity", Percent(m.TotalReturn)],
                        ["growth of a year, compound", Percent(m.AnnualReturn)],
                        ["volatility of a year", Percent(m.Volatility)],
                        ["mean net per trade", Bp(t.MeanNetBp)],
                        ["  its 95 % interval", assessment.Intervals.ExpectancyBp is { } e ? $"{Bp(e.Low)} to {Bp(e.High)}" : None],
                        ["median net per trade", Bp(t.MedianNetBp)],
                        ["mean gross, and cost", $"{Bp(t.MeanGrossBp)}, {Bp(t.MeanCostBp)}"],
                        ["mean win, and loss", $"{Bp(t.MeanWinBp)}, {Bp(t.MeanLossBp)}"],
                        ["break-even win rate", Percent(t.BreakEvenWinRate)],
                    ],
                    column => column == 1),
                HtmlPage.Table(
                    ["", "value"],
                    [
                        ["time in position", Percent(m.Exposure)],
                        ["turnover a day, in equities", Number(m.Turnover, "0.000")],
                        ["holding time, mean and median", $"{Hours(t.MeanHours)}, {Hours(t.MedianHours)}"],
                        ["closed by their stop", Text($"{t.Stopped} of {t.Trades}")],
                        ["deepest fall from", When(m.Drawdown.PeakAt)],
                        ["  lowest at", When(m.Drawdown.TroughAt)],
                        ["  recovered at", m.Drawdown.PeakAt is null ? None : m.Drawdown.RecoveredAt is { } back ? Time(back) : "not yet"],
                        ["longest time below a peak", Text($"{m.Drawdown.LongestDays:0.0} days")],
                        ["below the peak at the end", Percent(m.Drawdown.AtEnd)],
                        ["active weights of the tickets", Text($"{assessment.ActiveWeights:N0}")],
                    ],
                    column => column == 1))
            .Folded("how these are measured", $"<p>{WebUtility.HtmlEncode(
                "Ratios are of daily returns by UTC days (a candle that closes at midnight belongs to the day before; days without a candle repeat the equity), annualised with 365 days, riskless rate zero. "
                + "The drawdown is of the equity at every candle, open positions at the last close included. A trade is a position from its first fill until it is flat and wins when it earns after fees and funding. "
                + Text($"Intervals are two-sided, by stationary bootstrap of days or trades in blocks (mean block the cube root of their number); fewer than {BacktestIntervals.FewestDays} days or {BacktestIntervals.FewestTrades} trades have none. ")
                + "The interval of the drawdown is that of tests as long as this one. Slippage is in the prices of the fills.")}</p>");
    }

    private static void Curves(HtmlPage page, BacktestResult result, BacktestMetrics m)
    {
        page.Heading("Equity and drawdown");
        if (result.Equity.Count == 0)
        {
            page.Paragraph("No step was played.", "muted");
            return;
        }

        var falls = Drawdown.Curve(result.InitialBalance, result.Equity);
        page.Beside(
            Plot("equity, settlement coin; filled from the balance at the start", TimePlot.Of(
                "equity", "ticket", SpanOf(result) < 20 ? "#,0.00" : "#,0", [(result.From, (double)result.InitialBalance), .. result.Equity.Select(p => (p.Time, (double)p.Equity))], (double)result.InitialBalance)),
            Plot("fall from the highest equity so far, %", TimePlot.Of(
                "drawdown", "bad", m.Drawdown.Depth < 0.002 ? "0.000" : m.Drawdown.Depth < 0.02 ? "0.00" : "0.0", [(result.From, 0.0), .. result.Equity.Select((p, i) => (p.Time, -100 * falls[i]))], 0)));
    }

    private static void Diagnoses(HtmlPage page, BacktestAssessment assessment)
    {
        var found = assessment.Diagnoses.Where(d => d.Found == true).ToList();
        page.Heading(found.Count == 0 ? "Diagnoses: nothing found" : Text($"Diagnoses: {found.Count} found"))
            .Paragraph("What commonly fools the reader of a backtest, looked for automatically. A clear one proves nothing; one that was found deserves an answer before money follows.", "muted");
        if (found.Count > 0)
        {
            page.Beside(HtmlPage.Table(["", "what was seen", "what to do"], found.Select(d => (IReadOnlyList<string>)[d.Name, d.Words, d.Remedy])));
        }

        var rest = assessment.Diagnoses.Where(d => d.Found != true).ToList();
        page.Folded(Text($"the other {rest.Count}: {rest.Count(d => d.Found == false)} clear, {rest.Count(d => d.Found is null)} that these data cannot tell"),
            HtmlPage.Table(["", "verdict", "value", "found from", "what was seen"], rest.OrderBy(d => d.Found is null).Select(d => (IReadOnlyList<string>)
                [d.Name, d.Verdict, Number(d.Value, "0.###"), Number(d.Threshold, "0.###"), d.Words])));
    }

    private static void Months(HtmlPage page, BacktestMetrics m)
    {
        page.Heading("Months");
        if (m.Months.Count == 0)
        {
            page.Paragraph("There is no day to show.", "muted");
            return;
        }

        page.Paragraph("Growth of the equity in percent, open positions included; a dash where the test has no day. The first and the last month may be cut short.", "muted")
            .Beside(HtmlPage.Table(
                ["", .. Enumerable.Range(1, 12).Select(n => new DateOnly(2000, n, 1).ToString("MMM", CultureInfo.InvariantCulture)), "year"],
                m.Months.GroupBy(x => x.Year).Select(year => (IReadOnlyList<string>)
                [
                    Text($"{year.Key}"), .. Enumerable.Range(1, 12).Select(n => year.FirstOrDefault(x => x.Month == n) is { } found ? Text($"{100 * found.Return:0.00}") : None),
                    Text($"{100 * (year.Aggregate(1.0, (all, x) => all * (1 + x.Return)) - 1):0.00}"),
                ]),
                column => column > 0));
    }

    private static void Groups(HtmlPage page, BacktestMetrics m, Played played)
    {
        page.Heading("By regime, ticket, side and contract");
        if (m.Trades.Trades == 0)
        {
            page.Paragraph("No position was closed.", "muted");
        }
        else
        {
            var regimeOf = played.Tickets.DistinctBy(t => t.Ticket.Id).ToDictionary(t => t.Ticket.Id.Value, t => $"{t.Ticket.Id.Short} ({t.Symbol}, {t.Ticket.Regime})", StringComparer.Ordinal);
            page.Beside(
                Group("regime of the entry", m.ByRegime, n => n.Length == 0 ? "unknown" : n),
                Group("ticket", m.ByTicket, n => n.Length == 0 ? "unknown" : regimeOf.GetValueOrDefault(n, n.Length > 12 ? n[..12] : n)),
                Group("side", m.BySide, n => n),
                m.BySymbol.Count > 1 ? Group("contract", m.BySymbol, n => n) : "");
        }

        page.Beside(HtmlPage.Table(
            ["regime", "candles decided on", "signals"],
            m.Regimes.Select(r => (IReadOnlyList<string>)[r.Regime.Length == 0 ? "none known" : r.Regime, Text($"{r.Candles:N0}"), Text($"{r.Signals:N0}")]), column => column > 0));
    }

    private static string Group(string name, IReadOnlyList<TradeStatistics> groups, Func<string, string> title) => HtmlPage.Table(
        [name, "trades", "won", "profit factor", "net", "net bp, mean", "median", "gross bp", "hours", "stopped"],
        groups.Select(g => (IReadOnlyList<string>)
        [
            title(g.Name), Text($"{g.Trades:N0}"), Percent(g.WinRate), g.ProfitFactor is { } factor ? Text($"{factor:0.00}") : "no loss", Amount(g.Net.Value), Number(g.MeanNetBp, "0.0"),
            Number(g.MedianNetBp, "0.0"), Number(g.MeanGrossBp, "0.0"), Number(g.MeanHours, "0.00"), Text($"{g.Stopped:N0}"),
        ]),
        column => column > 0);

    private static void Orders(HtmlPage page, BacktestAssessment assessment)
    {
        page.Heading("The same trades in other orders");
        if (assessment.OtherOrders is not { } o)
        {
            page.Paragraph("Fewer than two trades have no other order.", "muted");
            return;
        }

        IReadOnlyList<string> Row(string name, Percentiles p) => [name, Percent(p.P5), Percent(p.P25), Percent(p.P50), Percent(p.P75), Percent(p.P95)];
        var final = o.DrawnFinal;
        page.Paragraph(Text($"{o.Draws:N0} random orders of the trades, and as many sets of trades drawn from them with replacement. The order that happened fell by {100 * o.Found:0.00} % at its deepest; {100 * o.Deeper:0.#} % of the orders fell as far or further. {100 * o.DrawnLoss:0.#} % of the drawn sets end with a loss. Drawdowns here are seen at closed trades only, so they are smaller than those above."), "muted")
            .Beside(HtmlPage.Table(
                ["", "5 %", "25 %", "median", "75 %", "95 %"],
                [
                    Row("largest drawdown, other orders", o.OrderDrawdown), Row("largest drawdown, drawn trades", o.DrawnDrawdown),
                    Row("growth at the end, drawn trades", new Percentiles(final.P5 - 1, final.P25 - 1, final.P50 - 1, final.P75 - 1, final.P95 - 1)),
                ],
                column => column > 0));
    }

    private static void Costs(HtmlPage page, BacktestResult result, BacktestMetrics m, Played played)
    {
        var t = m.Trades;
        page.Heading("Costs")
            .Paragraph(played.Costs, "muted")
            .Beside(HtmlPage.Table(
                ["", "settlement coin", "bp per trade"],
                [
                    ["profit before costs, closed trades", Amount(t.Gross.Value), Number(t.MeanGrossBp, "0.0")],
                    ["fees of closed trades", Amount(-t.Fees.Value), None],
                    ["funding of closed trades (paid: below zero)", Amount(-t.Funding.Value), None],
                    ["profit after costs, closed trades", Amount(t.Net.Value), Number(t.MeanNetBp, "0.0")],
                    ["all fees, open positions included", Amount(-m.Fees.Value), None],
                    ["all funding, open positions included", Amount(-m.Funding.Value), None],
                    ["wallet at the end, the trader's account", Amount(result.Wallet), None],
                    ["wallet at the end, the venue's account", Amount(result.VenueWallet), None],
                ],
                column => column > 0));
    }

    private static void Denials(HtmlPage page, BacktestResult result, BacktestMetrics m)
    {
        if (m.Denials.Count > 0)
        {
            page.Heading("Why candles opened nothing")
                .Beside(HtmlPage.Table(["reason", "candles", "share of all", "of them with a signal"], m.Denials.Select(d => (IReadOnlyList<string>)
                    [d.Code.ToString(), Text($"{d.Candles:N0}"), Percent((double)d.Candles / Math.Max(1, result.Decisions.Count)), Text($"{d.Signals:N0}")]), column => column > 0));
        }
    }

    private static void Trades(HtmlPage page, BacktestResult result)
    {
        page.Heading("Trades");
        if (result.Trades.Count == 0)
        {
            page.Paragraph("None.", "muted");
            return;
        }

        var left = result.Trades.Count - TradesShown;
        page.Folded(
            left > 0 ? Text($"the newest {TradesShown:N0} of {result.Trades.Count:N0}; the others are in the document of --json") : Text($"all {result.Trades.Count:N0}"),
            "<div class=\"beside\"><div>" + HtmlPage.Table(
                ["opened", "closed", "contract", "side", "regime", "ticket", "quantity", "entry", "exit", "gross", "fees", "funding", "net", "net bp", "end"],
                result.Trades.Skip(Math.Max(0, left)).Select(t => (IReadOnlyList<string>)
                [
                    Time(t.OpenedAt), Time(t.ClosedAt), t.Symbol.Value, t.Side == Side.Buy ? "long" : "short", t.Regime, t.Ticket?.Short ?? None, PlainText.Of(t.Quantity.Value), Price(t.EntryPrice),
                    t.ExitPrice > 0 ? Price(t.ExitPrice) : None, Amount(t.Gross.Value), Amount(t.Fees.Value), Amount(t.Funding.Value), Amount(t.Net.Value), Text($"{t.NetBp:0.0}"), t.WasStopped ? "stop" : "order",
                ]),
                column => column is >= 6 and <= 13) + "</div></div>");
    }

    private static void Origin(HtmlPage page, BacktestResult result, Played played)
    {
        page.Heading("What was played")
            .Beside(
                HtmlPage.Table(["file", "holds", "candles", "SHA-256"], played.Files.Select(f => (IReadOnlyList<string>)[f.Name, f.Series, Text($"{f.Candles:N0}"), f.Sha256]), column => column == 2),
                played.Tickets.Count == 0
                    ? "<p class=\"muted\">No ticket was in force.</p>"
                    : HtmlPage.Table(
                        ["ticket", "contract", "regime", "label", "density", "fitted and judged until", "expires"],
                        played.Tickets.Select(t => (IReadOnlyList<string>)
                        [
                            t.Ticket.Id.Short, t.Symbol, t.Ticket.Regime, t.Ticket.Label, Percent(t.Ticket.Density), Time(t.Ticket.Lineage.TestedUntil), Time(t.Ticket.ExpiresAt),
                        ])),
                HtmlPage.Table(
                    ["", ""],
                    [
                        ["first candle closes after", Time(result.From) + " UTC"], ["last candle closes at", Time(played.Until) + " UTC"], ["seed of intervals and orders", Text($"{played.Seed}")],
                        ["settings (Trading, Market, Simulator), SHA-256", played.SettingsSha256], ["all fills, SHA-256", played.TradesSha256],
                    ]));
    }

    private static double SpanOf(BacktestResult result) => (double)(result.Equity.Max(p => p.Equity) - result.Equity.Min(p => p.Equity));

    private static string Plot(string title, string picture) => $"<p class=\"label\">{WebUtility.HtmlEncode(title)}</p><div class=\"plot\">{picture}</div>";

    private static string Figure(string name, double? value, string nothing = None) =>
        value is null ? nothing : name is "maxDrawdown" or "winRate" or "accuracy" ? Percent(value) : Number(value, "0.00");

    private static string Percent(double? value) => value is { } v ? Text($"{100 * v:0.00} %") : None;

    private static string Bp(double? value) => value is { } v ? Text($"{v:0.0} bp") : None;

    private static string Hours(double? value) => value is { } v ? v < 100 ? Text($"{v:0.00} h") : Text($"{v / 24:0.0} days") : None;

    private static string Number(double? value, string format) => value is { } v && double.IsFinite(v) ? v.ToString(format, CultureInfo.InvariantCulture) : None;

    private static string Amount(decimal value) => value.ToString("#,0.00", CultureInfo.InvariantCulture);

    private static string Price(decimal value) => value.ToString("0.########", CultureInfo.InvariantCulture);

    private static string Time(Instant time) => time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string When(Instant? time) => time is { } t ? Time(t) : None;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
