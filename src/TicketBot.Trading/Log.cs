using Microsoft.Extensions.Logging;

namespace TicketBot.Trading;

/// <summary>Log messages of the Trading room, events 400 to 499.</summary>
internal static partial class Log
{
    [LoggerMessage(400, LogLevel.Information, "recovered {Entries} journal entries: {State}, {OpenOrders} open orders, wallet {Wallet}")]
    public static partial void Recovered(ILogger log, long entries, string state, int openOrders, string wallet);

    [LoggerMessage(401, LogLevel.Information, "{Series} warmed up with {Candles} candles")]
    public static partial void Warmed(ILogger log, string series, int candles);

    [LoggerMessage(402, LogLevel.Information, "{Time} {Symbol} close {Price} regime {Regime} ({Probability:P0}) ticket {Ticket} p(up) {ProbabilityUp} {Verdict}; equity {Equity}")]
    public static partial void CandleDecided(
        ILogger log, string time, string symbol, double price, string regime, double probability, string ticket, string probabilityUp, string verdict, string equity);

    [LoggerMessage(403, LogLevel.Information, "{Time} {Symbol} {Kind} {Side} {Quantity} at market, stop {Stop}, order {Id} ({Reason})")]
    public static partial void Intended(ILogger log, string time, string symbol, string kind, string side, string quantity, string stop, string id, string reason);

    [LoggerMessage(404, LogLevel.Information, "{Time} {Symbol} {What} {Side} {Quantity} at {Price}, fee {Fee}; position {Position}, equity {Equity}")]
    public static partial void Executed(
        ILogger log, string time, string symbol, string what, string side, string quantity, string price, string fee, string position, string equity);

    [LoggerMessage(405, LogLevel.Warning, "{Time} trading is {State}: {Reason}")]
    public static partial void StateChanged(ILogger log, string time, string state, string reason);

    [LoggerMessage(406, LogLevel.Information, "{Time} {Series}: regime set {Regimes} in force with {Tickets} live tickets")]
    public static partial void Activated(ILogger log, string time, string series, string regimes, int tickets);

    [LoggerMessage(407, LogLevel.Warning, "{Time} {Symbol}: the venue holds {Venue}, our executions explain {Expected}; the venue's quantity was taken over")]
    public static partial void Adopted(ILogger log, string time, string symbol, string venue, string expected);

    [LoggerMessage(408, LogLevel.Warning, "order {Id}: outcome {Outcome}: {Text}")]
    public static partial void AnswerNotAccepted(ILogger log, string id, string outcome, string text);

    [LoggerMessage(409, LogLevel.Warning, "{Symbol}: stop {Stop} was not confirmed in time and is set again")]
    public static partial void StopRequested(ILogger log, string symbol, string stop);

    [LoggerMessage(410, LogLevel.Warning, "{Effect} failed, attempt {Attempt}: {Message}")]
    public static partial void EffectFailed(ILogger log, string effect, int attempt, string message);

    [LoggerMessage(411, LogLevel.Warning, "{Time} wallet changed by {Change} without an execution (deposit, withdrawal or unknown)")]
    public static partial void CashChanged(ILogger log, string time, string change);

    [LoggerMessage(412, LogLevel.Warning, "{Stream} stream interrupted: {Reason}; entries wait")]
    public static partial void Interrupted(ILogger log, string stream, string reason);

    [LoggerMessage(413, LogLevel.Error, "{Series}: candle of {Time} refused: {Fault}")]
    public static partial void BadCandle(ILogger log, string series, string time, string fault);

    [LoggerMessage(414, LogLevel.Error, "candles could not be stored: {Message}; they will be fetched again")]
    public static partial void CandlesNotStored(ILogger log, string message);

    [LoggerMessage(415, LogLevel.Error, "ticket {Ticket} owns an open position of {Symbol} but is not in the registry: the position keeps its stop and horizon only")]
    public static partial void OwnerMissing(ILogger log, string ticket, string symbol);

    [LoggerMessage(416, LogLevel.Warning, "stopped while a request to the venue was still unanswered: it is looked up after the next start")]
    public static partial void StillHanging(ILogger log);

    [LoggerMessage(417, LogLevel.Error, "{Time} {Symbol}: entries are halted ({Code}): {Detail}; 'resume' lifts it when you have looked")]
    public static partial void SymbolHalted(ILogger log, string time, string symbol, string code, string detail);

    [LoggerMessage(418, LogLevel.Warning, "{Time} {Symbol}: halt {Code} lifted: {Reason}")]
    public static partial void SymbolResumed(ILogger log, string time, string symbol, string code, string reason);

    [LoggerMessage(419, LogLevel.Error, "entry {Id} was not sent: {Reason}")]
    public static partial void Withheld(ILogger log, string id, string reason);

    [LoggerMessage(420, LogLevel.Information, "{Stream} is back")]
    public static partial void Restored(ILogger log, string stream);

    [LoggerMessage(421, LogLevel.Critical, "the journal cannot be written: {Message}. Entries wait, exits and stops go on unjournalled; free the disk or mend it, trading goes on by itself")]
    public static partial void JournalFails(ILogger log, string message);

    [LoggerMessage(422, LogLevel.Warning, "the journal is written again after {Seconds:F0} s")]
    public static partial void JournalBack(ILogger log, double seconds);

    [LoggerMessage(423, LogLevel.Error, "ticket {Ticket}, which opened the position, cannot be read: {Fault}")]
    public static partial void OwnerDamaged(ILogger logger, string ticket, string fault);

    [LoggerMessage(424, LogLevel.Warning, "{Time} {Series}: entries have at most {Factor} of their size: {Reason}")]
    public static partial void SizeLimited(ILogger log, string time, string series, double factor, string reason);
}
