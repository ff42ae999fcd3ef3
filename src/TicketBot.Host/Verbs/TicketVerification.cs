using TicketBot.Host.Checks;
using TicketBot.Storage;
using TicketBot.Tickets;

namespace TicketBot.Host.Verbs;

/// <summary>Checks what the registry keeps of one ticket.</summary>
public static class TicketVerification
{
    /// <summary>Returns the ticket's id and the findings; a file that cannot be read is a finding, not a failure.</summary>
    /// <exception cref="UsageException">No ticket, or more than one, has such an id.</exception>
    public static async Task<(string Id, IReadOnlyList<Finding> Checks)> RunAsync(
        SqliteTicketRegistry registry, string idOrPrefix, CancellationToken cancellationToken)
    {
        RegistryEntry entry;
        try
        {
            entry = await registry.FindAsync(idOrPrefix, cancellationToken)
                ?? throw new UsageException($"no ticket, or more than one, begins with '{idOrPrefix}'; see: ticketbot tickets list");
        }
        catch (TicketFileException fault)
        {
            return (idOrPrefix, [new Finding("file", false, fault.Message)]);
        }

        // The registry read the file's bytes and compared their hash with the id; this puts the ticket together again from what was read.
        var ticket = entry.Ticket;
        var computed = TicketFile.IdOf(ticket);
        var regimes = await registry.FindRegimesAsync(ticket.RegimeSetId, cancellationToken);
        var trades = entry.State is TicketState.Live or TicketState.Shadow;
        return (ticket.Id.Value,
        [
            new Finding("file", true, $"the file's bytes hash to {ticket.Id}"),
            new Finding("content", computed == ticket.Id, $"weights, mask, scaler and manifest as read hash to {computed}"),
            new Finding("regimes", regimes?.Names.Contains(ticket.Regime) == true, regimes is null
                ? $"the regime set {ticket.RegimeSetId} is not in the registry; restore it from a backup"
                : $"regime {ticket.Regime} of the set {regimes.Id}, which has {string.Join(' ', regimes.Names)}"),
            new Finding("gates", ticket.Gates.Passed || !trades, $"state {entry.State}, gates {(ticket.Gates.Passed ? "passed" : $"refused at {ticket.Gates.FirstRefusal?.Name ?? "none"}")}"),
        ]);
    }
}
