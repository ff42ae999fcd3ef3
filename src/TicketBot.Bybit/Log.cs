using Microsoft.Extensions.Logging;
using TicketBot.Bybit.Rest;

namespace TicketBot.Bybit;

/// <summary>What the connector tells operators. Event ids 500 to 599.</summary>
internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Debug, "Venue clock is {OffsetMs} ms ahead of ours (measured over {RoundTripMs} ms)")]
    public static partial void ClockMeasured(ILogger logger, long offsetMs, long roundTripMs);

    [LoggerMessage(501, LogLevel.Warning, "{Path}: our timestamp was refused ({Text}); the clock is measured again")]
    public static partial void ClockRefused(ILogger logger, string path, string text);

    [LoggerMessage(502, LogLevel.Warning, "{Method} {Path} answered {Code} {Text} ({Kind}), trace {Trace}")]
    public static partial void RestFailed(ILogger logger, string method, string path, int code, string text, BybitErrorKind kind, string trace);

    [LoggerMessage(503, LogLevel.Warning, "{Method} {Path}: the answer was lost: {Reason}")]
    public static partial void RestLost(ILogger logger, string method, string path, string reason);

    [LoggerMessage(504, LogLevel.Critical, "The venue blocked this address; all but urgent traffic rests for {Minutes} minutes")]
    public static partial void AddressBlocked(ILogger logger, long minutes);

    [LoggerMessage(505, LogLevel.Warning, "This machine's clock jumped by {JumpMs} ms; the venue's clock is measured again before anything is signed")]
    public static partial void ClockJumped(ILogger logger, long jumpMs);

    [LoggerMessage(506, LogLevel.Warning, "The venue's clock could not be measured: {Reason}")]
    public static partial void ClockUnknown(ILogger logger, string reason);

    [LoggerMessage(507, LogLevel.Critical, "The account cannot be used: {Reason}")]
    public static partial void AccountRefused(ILogger logger, string reason);

    [LoggerMessage(508, LogLevel.Information, "The account can be used again")]
    public static partial void AccountWorks(ILogger logger);

    [LoggerMessage(510, LogLevel.Information, "{Stream} stream is open and subscribed")]
    public static partial void StreamOpen(ILogger logger, string stream);

    [LoggerMessage(511, LogLevel.Warning, "{Stream} stream was lost: {Reason}")]
    public static partial void StreamLost(ILogger logger, string stream, string reason);

    [LoggerMessage(512, LogLevel.Warning, "{Stream} stream: a frame could not be read: {Reason}")]
    public static partial void FrameUnreadable(ILogger logger, string stream, string reason);

    [LoggerMessage(513, LogLevel.Error, "Topic {Topic} was refused: {Reason}; its candles are read over REST")]
    public static partial void TopicRefused(ILogger logger, string topic, string reason);

    [LoggerMessage(514, LogLevel.Warning, "Topic {Topic} is subscribed anew: {Reason}")]
    public static partial void TopicAskedAgain(ILogger logger, string topic, string reason);

    [LoggerMessage(515, LogLevel.Error, "{Stream} stream: {Budget} sockets were opened in five minutes; the next one waits {Seconds} s")]
    public static partial void ConnectBudgetSpent(ILogger logger, string stream, int budget, double seconds);

    [LoggerMessage(520, LogLevel.Warning, "{Series}: {Count} candles were missing on the stream and were read over REST")]
    public static partial void GapRepaired(ILogger logger, string series, int count);

    [LoggerMessage(521, LogLevel.Warning, "{Series}: candles {From} to {Until} are missing at the venue too")]
    public static partial void GapIsReal(ILogger logger, string series, string from, string until);

    [LoggerMessage(522, LogLevel.Warning, "{Series}: missing candles could not be read: {Reason}")]
    public static partial void RepairFailed(ILogger logger, string series, string reason);

    [LoggerMessage(523, LogLevel.Warning, "{Series}: the venue's history differs from its stream at {Open}; the history is taken: {Candle}")]
    public static partial void CandleRevised(ILogger logger, string series, string open, string candle);

    [LoggerMessage(524, LogLevel.Warning, "{Series}: a candle of {Open} was refused at market time {Now}: it has not closed, or lies beside the grid")]
    public static partial void CandleRefused(ILogger logger, string series, string open, string now);

    [LoggerMessage(530, LogLevel.Warning, "Step {Step}: {Candles} candles and {Messages} private messages did not arrive within {LimitMs} ms")]
    public static partial void StepIncomplete(ILogger logger, long step, int candles, int messages, int limitMs);

    [LoggerMessage(531, LogLevel.Information, "Attached to the simulator at step {Step}, market time {Time}, speed {Speed}, holds {Holds}")]
    public static partial void Attached(ILogger logger, long step, string time, double speed, bool holds);

    [LoggerMessage(532, LogLevel.Error, "The simulator refused our word on its control channel: {Reason}")]
    public static partial void ControlRefused(ILogger logger, string reason);
}
