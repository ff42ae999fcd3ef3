namespace TicketBot.Host;

/// <summary>Log messages of the Host room: 900 to 999.</summary>
internal static partial class Log
{
    [LoggerMessage(900, LogLevel.Information, "TicketBot {Version}: {Environment}, {Market}")]
    public static partial void Starting(ILogger log, string version, string environment, string market);

    [LoggerMessage(901, LogLevel.Information, "data folder {Folder}, page {Address}")]
    public static partial void Places(ILogger log, string folder, string address);

    [LoggerMessage(902, LogLevel.Information, "exchange simulator listens on {Address}, speed {Speed}, market time {MarketTime}")]
    public static partial void SimulatorListens(ILogger log, string address, double speed, string marketTime);

    [LoggerMessage(903, LogLevel.Information, "history of {Series}: {Changed} candles new or changed")]
    public static partial void HistoryLoaded(ILogger log, string series, int changed);

    [LoggerMessage(904, LogLevel.Information, "no tickets in force for {Series}: looking for them before trading starts")]
    public static partial void Identifying(ILogger log, string series);

    [LoggerMessage(905, LogLevel.Information, "in force for {Series}: regime set {RegimeSet}, tickets {Tickets}")]
    public static partial void TicketsInForce(ILogger log, string series, string regimeSet, string tickets);

    [LoggerMessage(906, LogLevel.Warning, "no ticket passed its gates for {Series}: nothing will be traded there until one does")]
    public static partial void NoTickets(ILogger log, string series);

    [LoggerMessage(907, LogLevel.Information, "stopping: {Reason}")]
    public static partial void Stopping(ILogger log, string reason);

    [LoggerMessage(908, LogLevel.Information, "the replay is played to its end at {MarketTime}")]
    public static partial void ReplayEnded(ILogger log, string marketTime);

    [LoggerMessage(909, LogLevel.Information, "{Verdict}: {What}: simulator {Venue}, journal {Journal}")]
    public static partial void Reconciled(ILogger log, string verdict, string what, string venue, string journal);

    [LoggerMessage(910, LogLevel.Error, "simulator and journal disagree: {What}: simulator {Venue}, journal {Journal}")]
    public static partial void NotReconciled(ILogger log, string what, string venue, string journal);

    [LoggerMessage(911, LogLevel.Information, "stopped inside a step: the venue stands at {Venue}, the trader at {Trader}; they last agreed at {Agreed}; the next start takes in what lies between")]
    public static partial void StoppedInsideStep(ILogger log, string venue, string trader, string agreed);

    [LoggerMessage(912, LogLevel.Warning, "the account was held by {Owner}, which ended without giving it back; it is taken over")]
    public static partial void AccountRecovered(ILogger log, string owner);

    [LoggerMessage(913, LogLevel.Error, "{Edit}")]
    public static partial void EditRefused(ILogger log, string edit);

    [LoggerMessage(914, LogLevel.Warning, "{Edit}")]
    public static partial void EditSeen(ILogger log, string edit);

    [LoggerMessage(915, LogLevel.Warning, "which account the key opens is not known, so a daemon with another key of the same account would not be noticed: {Reason}")]
    public static partial void AccountUnnamed(ILogger log, string reason);

    [LoggerMessage(920, LogLevel.Debug, "job {Job} triggered: {Why}")]
    public static partial void JobTriggered(ILogger log, string job, string why);

    [LoggerMessage(921, LogLevel.Information, "job {Job} {Symbol}: started")]
    public static partial void JobStarted(ILogger log, string job, string symbol);

    [LoggerMessage(922, LogLevel.Information, "job {Job} {Symbol}: done in {Seconds} s: {Outcome}")]
    public static partial void JobDone(ILogger log, string job, string symbol, double seconds, string outcome);

    [LoggerMessage(923, LogLevel.Warning, "job {Job} {Symbol}: failed after {Seconds} s, trading goes on: {Outcome}")]
    public static partial void JobFailed(ILogger log, string job, string symbol, double seconds, string outcome);

    [LoggerMessage(924, LogLevel.Information, "job {Job} {Symbol}: {Line}")]
    public static partial void ChildSaid(ILogger log, string job, string symbol, string line);

    [LoggerMessage(925, LogLevel.Warning, "ticket {Ticket} of {Series} leaves the shadow and trades: {Reason}")]
    public static partial void OutOfShadow(ILogger log, string ticket, string series, string reason);

    [LoggerMessage(926, LogLevel.Warning, "no report of ticket {Ticket}, which changes nothing about the ticket: {Reason}")]
    public static partial void NoReport(ILogger log, string ticket, string reason);

    [LoggerMessage(927, LogLevel.Error, "the ticket registry cannot be read or changed, trading goes on with the tickets in force: {Reason}")]
    public static partial void RegistryFails(ILogger log, string reason);

    [LoggerMessage(928, LogLevel.Warning, "ticket {Ticket} of {Series} is retired: {Reason}")]
    public static partial void TicketRefuted(ILogger log, string ticket, string series, string reason);

    [LoggerMessage(929, LogLevel.Warning, "what ticket {Ticket} says cannot be held against it: {Reason}")]
    public static partial void NoTrackRecord(ILogger log, string ticket, string reason);

    [LoggerMessage(932, LogLevel.Information, "the record of ticket {Ticket} begins without its out-of-sample signals: {Reason}")]
    public static partial void NoOutOfSample(ILogger log, string ticket, string reason);

    [LoggerMessage(933, LogLevel.Error, "{Outcome}")]
    public static partial void Disagreement(ILogger log, string outcome);

    [LoggerMessage(934, LogLevel.Information, "{Series} is not watched for drift of its features: {Rows} training rows can be had from the store, too few")]
    public static partial void NoDriftReference(ILogger log, string series, int rows);

    [LoggerMessage(930, LogLevel.Critical, "the daemon stops because of a failure it cannot mend")]
    public static partial void Failed(ILogger log, Exception fault);

    [LoggerMessage(931, LogLevel.Warning, "the trading loop has not got on for {Seconds} s")]
    public static partial void Stalled(ILogger log, double seconds);

    [LoggerMessage(EventId = 940, Message = "alert {Code} {Subject}: {Text}")]
    public static partial void Alerted(ILogger log, LogLevel level, string code, string subject, string text);

    [LoggerMessage(941, LogLevel.Warning, "alert {Code} could not be posted ({Reason}); it waits and is tried again")]
    public static partial void AlertNotSent(ILogger log, string code, string reason);

    [LoggerMessage(942, LogLevel.Warning, "the webhook refused alert {Code} with HTTP status {Status}: check what it expects")]
    public static partial void AlertRefused(ILogger log, string code, int status);
}
