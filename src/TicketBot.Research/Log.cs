using Microsoft.Extensions.Logging;

namespace TicketBot.Research;

/// <summary>What the Research room tells operators; event ids 800 to 899.</summary>
internal static partial class Log
{
    [LoggerMessage(800, LogLevel.Information, "Search on {Symbol} {Interval}: {Candles} candles, {Rows} rows, train {Train}, validation {Validation}, test {Test}, regimes {Regimes}")]
    internal static partial void SearchStarted(ILogger logger, string symbol, string interval, int candles, int rows, int train, int validation, int test, string regimes);

    [LoggerMessage(801, LogLevel.Information, "Stage {Stage}: {Detail}")]
    internal static partial void Stage(ILogger logger, string stage, string detail);

    [LoggerMessage(802, LogLevel.Information, "Search on {Symbol} {Interval} finished in {Seconds:F1} s: {Verdict}, {Passed} of {Tickets} tickets passed, {Trials} networks trained, {Reused} stages reused")]
    internal static partial void SearchFinished(ILogger logger, string symbol, string interval, double seconds, string verdict, int passed, int tickets, int trials, int reused);

    [LoggerMessage(803, LogLevel.Information, "Ticket {Ticket} ({Regime}) becomes {State}: {Reason}")]
    internal static partial void TicketState(ILogger logger, string ticket, string regime, string state, string reason);

    [LoggerMessage(804, LogLevel.Information, "Campaign: {Done} of {Of} markets done, {Market} seed {Seed}: {Verdict} in {Seconds:F1} s")]
    internal static partial void CampaignProgress(ILogger logger, int done, int of, string market, ulong seed, string verdict, double seconds);
}
