using System.Globalization;
using System.Text;
using TicketBot.Bybit;
using TicketBot.Host.Jobs;
using TicketBot.Host.Running;

namespace TicketBot.Host.Health;

/// <summary>Writes metrics in the Prometheus text form (version 0.0.4).</summary>
public static class PrometheusText
{
    /// <summary>Content type of the form.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Returns the daemon's metrics.</summary>
    public static string Of(DaemonState state, JobBoard jobs, TimeSpan progressAge, long residentBytes)
    {
        var status = state.Trading;
        var text = new StringBuilder();
        Gauge(text, "ticketbot_phase", "0 starting, 1 history, 2 identifying, 3 trading, 4 finished, 5 stopping", (int)state.Phase);
        Gauge(text, "ticketbot_trading_state", "0 starting, 1 active, 2 paused, 3 halted", (int)status.State);
        Gauge(text, "ticketbot_market_time_seconds", "market time, Unix seconds", status.MarketTime.UnixMilliseconds / 1000.0);
        Gauge(text, "ticketbot_progress_age_seconds", "wall time since the trading loop last got on", progressAge.TotalSeconds);
        Gauge(text, "ticketbot_equity", "equity in settlement coin", (double)status.Equity.Value);
        Gauge(text, "ticketbot_wallet_balance", "wallet balance in settlement coin", (double)status.WalletBalance.Value);
        Gauge(text, "ticketbot_day_loss_ratio", "loss from the day's equity peak, 0..1", status.DayLoss);
        Gauge(text, "ticketbot_open_positions", "open positions", status.Positions.Count);
        Gauge(text, "ticketbot_unprotected_positions", "open positions whose stop the venue has not confirmed", status.Positions.Count(p => !p.StopConfirmed));
        Gauge(text, "ticketbot_foreign_positions", "open positions that something else than the daemon opened", status.Positions.Count(p => p.IsForeign));
        Gauge(text, "ticketbot_account_mode", "1 active, 2 reducing (closes only), 3 halted", (int)status.Mode);
        Gauge(text, "ticketbot_symbol_halts", "halts of single symbols in force", status.SymbolHalts.Count);
        Gauge(text, "ticketbot_interruptions", "streams and services that are interrupted", status.Interrupted.Count);
        Gauge(text, "ticketbot_reconciled", "1 when account and venue were brought to agree", status.IsReconciled ? 1 : 0);
        Gauge(text, "ticketbot_reconcile_age_seconds", "wall time since the account was last read; -1 before the first time", status.Reconcile.AgeSeconds ?? -1);
        Gauge(text, "ticketbot_journal_durable", "1 when the journal can be written", status.JournalFault is null ? 1 : 0);
        Counter(text, "ticketbot_reconcile_readings_total", "regular readings of the account", status.Reconcile.Readings);
        Counter(text, "ticketbot_reconcile_differences_total", "regular readings that differed, transient ones included", status.Reconcile.Differences);
        Counter(text, "ticketbot_candles_total", "closed candles seen", status.Counts.Candles);
        Counter(text, "ticketbot_decisions_total", "decisions taken", status.Counts.Decisions);
        Counter(text, "ticketbot_signals_total", "signals at or above the threshold", status.Counts.Signals);
        Counter(text, "ticketbot_denials_total", "signals denied", status.Counts.Denials);
        Counter(text, "ticketbot_orders_total", "orders sent", status.Counts.Orders);
        Counter(text, "ticketbot_fills_total", "fills received", status.Counts.Fills);
        Counter(text, "ticketbot_halts_total", "drawdown halts", status.Counts.Halts);
        Gauge(text, "ticketbot_resident_bytes", "resident memory", residentBytes);
        if (state.Connector?.Invoke() is { } happened)
        {
            Head(text, "ticketbot_connector_happened_total", "what happened at the connector, by kind", "counter");
            foreach (var (kind, count) in KindsOf(happened))
            {
                Line(text, $"ticketbot_connector_happened_total{{kind=\"{kind}\"}}", count);
            }
        }

        Head(text, "ticketbot_job_running", "whether a job runs", "gauge");
        foreach (var job in jobs.All(status.MarketTime))
        {
            Line(text, $"ticketbot_job_running{{job=\"{job.Name}\"}}", job.Running ? 1 : 0);
        }

        return text.ToString();
    }

    private static (string Kind, long Count)[] KindsOf(ConnectorCounts counts) =>
    [
        ("connects", counts.Connects), ("losses", counts.Losses), ("frames_unreadable", counts.FramesUnreadable), ("topics_asked_again", counts.TopicsAskedAgain),
        ("candles_repaired", counts.CandlesRepaired), ("candles_revised", counts.CandlesRevised), ("candles_refused", counts.CandlesRefused),
        ("rate_limited", counts.RateLimited), ("answers_lost", counts.AnswersLost),
    ];

    private static void Gauge(StringBuilder text, string name, string help, double value)
    {
        Head(text, name, help, "gauge");
        Line(text, name, value);
    }

    private static void Counter(StringBuilder text, string name, string help, double value)
    {
        Head(text, name, help, "counter");
        Line(text, name, value);
    }

    private static void Head(StringBuilder text, string name, string help, string type) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Line(StringBuilder text, string name, double value) =>
        text.Append(name).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
}
