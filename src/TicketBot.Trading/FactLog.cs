using System.Globalization;
using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;

namespace TicketBot.Trading;

/// <summary>Tells operators what was journalled: every order, fill and change of state, and of candles at most one line a second for each symbol.</summary>
internal sealed class FactLog
{
    private static readonly TimeSpan CandlePause = TimeSpan.FromSeconds(1);
    private readonly ILogger _log;
    private readonly TradingCore _core;
    private readonly TimeProvider _time;
    private readonly Dictionary<Symbol, long> _lastCandleLine = [];

    /// <summary>Makes one.</summary>
    public FactLog(ILogger log, TradingCore core, TimeProvider time) => (_log, _core, _time) = (log, core, time);

    /// <summary>Logs a fact.</summary>
    public void Write(Fact fact, Instant time, long sequence)
    {
        if (!_log.IsEnabled(LogLevel.Information))
        {
            return;
        }

        switch (fact)
        {
            case Fact.Decided(var d):
                var now = _time.GetTimestamp();
                if (d.Order is null && _lastCandleLine.TryGetValue(d.Series.Symbol, out var last) && _time.GetElapsedTime(last, now) < CandlePause)
                {
                    return;
                }

                _lastCandleLine[d.Series.Symbol] = now;
                Log.CandleDecided(
                    _log, Text(time), d.Series.Symbol.ToString(), _core.Account.LastCloseOf(d.Series.Symbol) ?? 0, d.Regime, d.RegimeProbability,
                    d.Ticket?.Short ?? "none", d.ProbabilityUp?.ToString("F3", CultureInfo.InvariantCulture) ?? "-",
                    d.Order is null ? d.Denial.ToString() : d.Detail, Text(_core.Account.Equity));
                break;
            case Fact.Intended(var i):
                Log.Intended(
                    _log, Text(time), i.Request.Symbol.ToString(), i.Kind.ToString(), i.Request.Side.ToString(), i.Request.Quantity.ToString(),
                    i.Request.StopLoss?.ToString() ?? "none", i.Request.Id.Value, i.Kind == IntentKind.Entry ? i.Ticket?.Short ?? "" : i.Reason.ToString());
                break;
            case Fact.Executed(var e):
                Log.Executed(
                    _log, Text(e.Time), e.Symbol.ToString(), e.Kind == ExecutionKind.Funding ? "funding" : "fill", e.Side.ToString(), e.Quantity.ToString(), e.Price.ToString(),
                    e.Fee.ToString(), _core.Account.HoldingOf(e.Symbol).Position.SignedQuantity.ToString(CultureInfo.InvariantCulture), Text(_core.Account.Equity));
                break;
            case Fact.StateChanged(var state, var reason, _):
                Log.StateChanged(_log, Text(time), state.ToString(), reason);
                break;
            case Fact.Activated(var series, var regimes, var tickets):
                Log.Activated(_log, Text(time), series.ToString(), regimes.Value[..12], tickets.Count);
                break;
            case Fact.SizeLimited(var series, _, var factor, var reason):
                Log.SizeLimited(_log, Text(time), series.ToString(), factor, reason);
                break;
            case Fact.Adopted(var report, var expected):
                Log.Adopted(
                    _log, Text(time), report.Symbol.ToString(), report.SignedQuantity.ToString(CultureInfo.InvariantCulture),
                    expected.ToString(CultureInfo.InvariantCulture));
                break;
            case Fact.Answered(var id, var outcome, _, var text) when outcome != AnswerOutcome.Accepted:
                Log.AnswerNotAccepted(_log, id.Value, outcome.ToString(), text);
                break;
            case Fact.StopAnswered(var symbol, _, var outcome, var text) when outcome != AnswerOutcome.Accepted:
                Log.AnswerNotAccepted(_log, $"stop of {symbol}", outcome.ToString(), text);
                break;
            case Fact.StopRequested(var symbol, var stop):
                Log.StopRequested(_log, symbol.ToString(), stop.ToString());
                break;
            case Fact.CashChanged(var change, false):
                Log.CashChanged(_log, Text(time), change.ToString());
                break;
            case Fact.SymbolHalted(var symbol, var code, var detail):
                Log.SymbolHalted(_log, Text(time), symbol.ToString(), code.ToString(), detail);
                break;
            case Fact.SymbolResumed(var symbol, var code, var reason):
                Log.SymbolResumed(_log, Text(time), symbol.ToString(), code.ToString(), reason);
                break;
            case Fact.Withheld(var id, var reason):
                Log.Withheld(_log, id.Value, reason);
                break;
            case Fact.StreamRestored(var stream):
                Log.Restored(_log, stream);
                break;
            case Fact.StreamInterrupted(var stream, var reason):
                Log.Interrupted(_log, stream, reason);
                break;
            default:
                break;
        }
    }

    private static string Text(Instant time) => time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Text(Money money) => money.Value.ToString("F2", CultureInfo.InvariantCulture);
}
