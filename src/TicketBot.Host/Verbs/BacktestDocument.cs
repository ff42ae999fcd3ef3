using System.Text.Json;
using System.Text.Json.Nodes;
using TicketBot.Research.Backtests;
using TicketBot.Tickets;

namespace TicketBot.Host.Verbs;

/// <summary>What <c>backtest --json</c> says of the evidence, beside the figures it always had. Fractions are 0..1; what these data do not have is null.</summary>
public static class BacktestDocument
{
    /// <summary>A candle file that was played.</summary>
    /// <param name="Name">File name without its folder.</param>
    /// <param name="Sha256">Hash of its bytes, hex.</param>
    /// <param name="Series">What it holds.</param>
    /// <param name="Candles">Candles in it.</param>
    public sealed record PlayedFile(string Name, string Sha256, string Series, int Candles);

    /// <summary>Returns the whole document: the figures of before under their names, then what can be said of them.</summary>
    /// <param name="figures">The figures of before.</param>
    /// <param name="result">What the backtest did.</param>
    /// <param name="assessment">What can be said of it.</param>
    /// <param name="files">What was played.</param>
    /// <param name="settingsSha256">Hash of the settings that decide the outcome.</param>
    /// <param name="seed">Seed of intervals and orders.</param>
    public static JsonObject Of(object figures, BacktestResult result, BacktestAssessment assessment, IReadOnlyList<PlayedFile> files, string settingsSha256, ulong seed)
    {
        var document = JsonSerializer.SerializeToNode(figures, HostJson.Options)!.AsObject();
        var more = JsonSerializer.SerializeToNode(
            new
            {
                verdict = new { headline = assessment.Verdict.Headline, reason = assessment.Verdict.Reason }, metrics = Metrics(assessment), targets = Targets(assessment),
                byRegime = Groups(assessment.Metrics.ByRegime), byTicket = Groups(assessment.Metrics.ByTicket), bySide = Groups(assessment.Metrics.BySide), bySymbol = Groups(assessment.Metrics.BySymbol),
                months = Months(assessment), monteCarlo = assessment.OtherOrders, diagnoses = assessment.Diagnoses,
                denials = assessment.Metrics.Denials.Select(d => new { code = d.Code, candles = d.Candles, signals = d.Signals }), activeWeights = assessment.ActiveWeights,
                files, settingsSha256, evidenceSeed = seed, tradeList = Trades(result),
            },
            HostJson.Options)!.AsObject();
        foreach (var (name, value) in more.ToList())
        {
            more.Remove(name);
            document.Add(name, value);
        }

        return document;
    }

    private static object Metrics(BacktestAssessment assessment)
    {
        var (m, t, i) = (assessment.Metrics, assessment.Metrics.Trades, assessment.Intervals);
        return new
        {
            days = m.Days.Count, totalReturn = m.TotalReturn, annualReturn = m.AnnualReturn, volatility = m.Volatility, sharpe = m.Sharpe, sortino = m.Sortino, calmar = m.Calmar,
            drawdown = new { depth = m.Drawdown.Depth, peakAt = m.Drawdown.PeakAt, troughAt = m.Drawdown.TroughAt, recoveredAt = m.Drawdown.RecoveredAt, longestDays = m.Drawdown.LongestDays, atEnd = m.Drawdown.AtEnd },
            exposure = m.Exposure, turnoverPerDay = m.Turnover, openAtEnd = m.OpenAtEnd, signals = m.Signals, winRate = t.WinRate, breakEvenWinRate = t.BreakEvenWinRate, profitFactor = t.ProfitFactor,
            meanGrossBp = t.MeanGrossBp, meanCostBp = t.MeanCostBp, expectancyBp = t.MeanNetBp, expectancyLowBp = i.ExpectancyBp?.Low, expectancyHighBp = i.ExpectancyBp?.High,
            medianNetBp = t.MedianNetBp, meanWinBp = t.MeanWinBp, meanLossBp = t.MeanLossBp, meanHours = t.MeanHours, medianHours = t.MedianHours, stopped = t.Stopped,
        };
    }

    private static IEnumerable<object> Targets(BacktestAssessment assessment) => assessment.Targets.Select(t => new
    {
        name = t.Name, value = t.Value, low = t.Interval?.Low, high = t.Interval?.High, target = t.Target, atMost = t.AtMost, observations = t.Observations, unit = t.Unit, verdict = t.Verdict, words = t.Words,
    });

    private static IEnumerable<object> Groups(IReadOnlyList<TradeStatistics> groups) => groups.Select(g => new
    {
        name = g.Name, trades = g.Trades, winRate = g.WinRate, profitFactor = g.ProfitFactor, net = g.Net, gross = g.Gross, fees = g.Fees, funding = g.Funding,
        expectancyBp = g.MeanNetBp, medianNetBp = g.MedianNetBp, meanHours = g.MeanHours, stopped = g.Stopped,
    });

    private static IEnumerable<object> Months(BacktestAssessment assessment) => assessment.Metrics.Months.Select(m => new
    {
        month = FormattableString.Invariant($"{m.Year}-{m.Month:00}"), growth = m.Return, profit = m.Profit, days = m.Days,
    });

    private static IEnumerable<object> Trades(BacktestResult result) => result.Trades.Select(t => new
    {
        symbol = t.Symbol, side = t.Side, ticket = t.Ticket, regime = t.Regime, quantity = t.Quantity, openedAt = t.OpenedAt, entryPrice = t.EntryPrice, closedAt = t.ClosedAt, exitPrice = t.ExitPrice,
        gross = t.Gross, fees = t.Fees, funding = t.Funding, net = t.Net, netBp = t.NetBp, stopped = t.WasStopped,
    });

    /// <summary>Returns the tickets in force.</summary>
    public static IEnumerable<(string Symbol, Ticket Ticket)> InForce(IReadOnlyList<TicketSet> sets) => sets.SelectMany(s => s.Tickets.Select(t => (s.Symbol.Value, t)));
}
