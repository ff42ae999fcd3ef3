using Microsoft.Extensions.Logging;

namespace TicketBot.Storage;

internal static partial class Log
{
    [LoggerMessage(700, LogLevel.Information, "SQLite {Version} from {Source}")]
    public static partial void SqliteLoaded(ILogger logger, string version, string source);

    [LoggerMessage(701, LogLevel.Information, "{Path}: raised from version {From} to {To}")]
    public static partial void Migrated(ILogger logger, string path, int from, int to);

    [LoggerMessage(702, LogLevel.Warning, "{Path}: the writer {Owner} ended without giving up its lock; the lock is taken over")]
    public static partial void LockTakenOver(ILogger logger, string path, string owner);

    [LoggerMessage(703, LogLevel.Information, "Journal {Path} opened for writing: {Entries} entries, folder identity {Identity}")]
    public static partial void JournalOpened(ILogger logger, string path, long entries, string identity);

    [LoggerMessage(704, LogLevel.Error, "{Path} was damaged ({Fault}): the {Kept} entries before the damage are kept and the rest is had from the venue; a copy of the damaged file is {Copy}")]
    public static partial void JournalMended(ILogger logger, string path, string fault, long kept, string copy);

    [LoggerMessage(705, LogLevel.Error, "{Path} was damaged ({Fault}) and is begun anew, its contents are fetched again; a copy of the damaged file is {Copy}")]
    public static partial void BegunAnew(ILogger logger, string path, string fault, string copy);

    [LoggerMessage(706, LogLevel.Error, "ticket {Ticket} cannot be read and does not trade: {Fault}")]
    public static partial void TicketDamaged(ILogger logger, string ticket, string fault);
}
