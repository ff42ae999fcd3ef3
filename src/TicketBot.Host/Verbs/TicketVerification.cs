using TicketBot.Host.Checks;
using TicketBot.Host.Reports;
using TicketBot.Market.Regimes;
using TicketBot.Research;
using TicketBot.Storage;
using TicketBot.Tickets;

namespace TicketBot.Host.Verbs;

/// <summary>Checks what the registry keeps of one ticket, and makes the ticket again from its lineage.</summary>
public static class TicketVerification
{
    /// <summary>Returns the ticket's id and the findings; a file that cannot be read is a finding, not a failure.</summary>
    /// <param name="registry">Where the ticket lies.</param>
    /// <param name="marketDatabase">The candle store it was made from.</param>
    /// <param name="idOrPrefix">Which ticket.</param>
    /// <param name="threads">Trainings side by side.</param>
    /// <param name="say">Told of each step.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="UsageException">No ticket, or more than one, has such an id.</exception>
    public static async Task<(string Id, IReadOnlyList<Finding> Checks)> RunAsync(
        SqliteTicketRegistry registry, string marketDatabase, string idOrPrefix, int threads, Action<string> say, CancellationToken cancellationToken)
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
        List<Finding> checks =
        [
            new Finding("file", true, $"the file's bytes hash to {ticket.Id}"),
            new Finding("content", computed == ticket.Id, $"weights, mask, scaler and manifest as read hash to {computed}"),
            new Finding("regimes", regimes?.Names.Contains(ticket.Regime) == true, regimes is null
                ? $"the regime set {ticket.RegimeSetId} is not in the registry; restore it from a backup"
                : $"regime {ticket.Regime} of the set {regimes.Id}, which has {string.Join(' ', regimes.Names)}"),
            new Finding("gates", ticket.Gates.Passed || !trades, $"state {entry.State}, gates {(ticket.Gates.Passed ? "passed" : $"refused at {ticket.Gates.FirstRefusal?.Name ?? "none"}")}"),
        ];
        if (regimes is not null)
        {
            checks.AddRange(await DeriveAsync(registry, marketDatabase, ticket, regimes, threads, say, cancellationToken));
        }

        return (ticket.Id.Value, checks);
    }

    private static async Task<IEnumerable<Finding>> DeriveAsync(
        SqliteTicketRegistry registry, string marketDatabase, Ticket ticket, RegimeSet regimes, int threads, Action<string> say, CancellationToken cancellationToken)
    {
        if (!File.Exists(marketDatabase))
        {
            return [new Finding("derivation", false, $"there is no candle store '{marketDatabase}' to derive it from; import the candles first")];
        }

        using var store = SqliteCandleStore.Open(marketDatabase);
        var input = await TicketReports.InputOfAsync(ticket, store, cancellationToken);
        var parent = ticket.Lineage.Parent is { } id ? await registry.FindAsync(id.Value, cancellationToken) : null;
        var parts = await TicketDerivation.RunAsync(ticket, parent?.Ticket, regimes, input, threads, p => say($"{p.Stage} {p.Done}/{p.Of} {p.Detail}"), cancellationToken);
        return parts.Select(p => new Finding($"derived.{p.Name}", p.IsEqual, p.Text));
    }
}
