using Microsoft.Extensions.Logging;

namespace TicketBot.Simulator;

/// <summary>The room's log messages, event ids 600 to 699.</summary>
internal static partial class Log
{
    [LoggerMessage(600, LogLevel.Information, "Simulator listens on {Address}; {Market}; speed {Speed}")]
    internal static partial void Listening(ILogger logger, Uri address, string market, double speed);

    [LoggerMessage(601, LogLevel.Information, "Venue rebuilt from its log: step {Step}, market time {Time}")]
    internal static partial void Rebuilt(ILogger logger, long step, string time);

    [LoggerMessage(602, LogLevel.Information, "The market ended at step {Step}, market time {Time}")]
    internal static partial void Ended(ILogger logger, long step, string time);

    [LoggerMessage(603, LogLevel.Error, "The simulator's market stopped on an error")]
    internal static partial void PumpFailed(ILogger logger, Exception fault);

    [LoggerMessage(604, LogLevel.Error, "A request to {Path} failed in the simulator")]
    internal static partial void RequestFailed(ILogger logger, string path, Exception fault);

    [LoggerMessage(605, LogLevel.Debug, "Socket {Connection} on {Path} closed")]
    internal static partial void SocketClosed(ILogger logger, string connection, string path);
}
