using System.Globalization;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Alerts;

/// <summary>Sees what becomes of tickets, whoever changed the registry: each change is told once. What stood there before the first look is
/// no news. Not safe for use by several threads.</summary>
/// <param name="registry">The registry.</param>
public sealed class TicketNews(ITicketRegistry registry)
{
    private readonly Dictionary<TicketId, TicketState> _known = [];
    private long? _revision;

    /// <summary>Tickets that trade, as of the last look.</summary>
    public IReadOnlyList<Ticket> Live { get; private set; } = [];

    /// <summary>Looks at the tickets of some series, if the registry changed since the last look, and returns what is to be told.</summary>
    /// <exception cref="IOException">The registry cannot be read; the next look sees what this one missed.</exception>
    public async Task<IReadOnlyList<Alert>> LookAsync(IEnumerable<SeriesKey> series, CancellationToken cancellationToken)
    {
        var revision = await registry.RevisionAsync(cancellationToken);
        if (revision == _revision)
        {
            return [];
        }

        List<RegistryEntry> entries = [];
        foreach (var one in series)
        {
            entries.AddRange(await registry.ListAsync(one.Symbol, one.Interval, null, cancellationToken));
        }

        Live = [.. entries.Where(e => e.State == TicketState.Live).Select(e => e.Ticket)];
        List<Alert> news = [.. entries.OrderBy(e => e.Since).Select(Told).OfType<Alert>().Where(_ => _revision is not null)];
        foreach (var entry in entries)
        {
            _known[entry.Ticket.Id] = entry.State;
        }

        _revision = revision;
        return news;
    }

    private Alert? Told(RegistryEntry entry)
    {
        var ticket = entry.Ticket;
        TicketState? before = _known.TryGetValue(ticket.Id, out var known) ? known : null;
        if (before == entry.State)
        {
            return null;
        }

        var name = $"ticket {ticket.Id.Short} of {ticket.Symbol} {ticket.Interval} in {ticket.Regime}";
        return entry.State switch
        {
            TicketState.Live => Of(entry, AlertCodes.TicketPromoted, AlertSeverity.Warning, $"{name} trades from now on: {entry.Reason}"),
            TicketState.Candidate when before is null && ticket.Gates.FirstRefusal is { } gate => Of(
                entry, AlertCodes.TicketRejected, AlertSeverity.Info,
                string.Create(CultureInfo.InvariantCulture, $"{name} was refused by the gate {gate.Name} ({gate.Value:G4} against {gate.Threshold:G4}): {gate.Reason}")),
            not TicketState.Live when before == TicketState.Live && !Live.Any(t => t.Symbol == ticket.Symbol && t.Interval == ticket.Interval && t.Regime == ticket.Regime) => Of(
                entry, AlertCodes.TicketRetired, AlertSeverity.Warning, $"{name} trades no more and no other took its place: {entry.Reason}"),
            _ => null,
        };
    }

    private static Alert Of(RegistryEntry entry, string code, AlertSeverity severity, string text) => new(code, entry.Ticket.Id.Short, severity, text, entry.Since);
}
