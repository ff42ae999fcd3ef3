using TicketBot.Trading.Journal;

namespace TicketBot.Host.Dashboard;

/// <summary>Reads the journal beside its one writer. Safe for use by several threads.</summary>
/// <param name="open">Opens the journal for reading, or returns <c>null</c> while it does not exist.</param>
public sealed class JournalReader(Func<IJournal?> open)
{
    private readonly Lock _gate = new();
    private IJournal? _journal;

    /// <summary>Returns what <paramref name="read"/> makes of the journal; 409 while there is none.</summary>
    public IResult Use(Func<IJournal, IResult> read)
    {
        lock (_gate)
        {
            _journal ??= open();
            return _journal is null
                ? Results.Text(HostJson.Line(new { error = "nothing is journalled yet: the trader has not started" }), "application/json", statusCode: StatusCodes.Status409Conflict)
                : read(_journal);
        }
    }
}
