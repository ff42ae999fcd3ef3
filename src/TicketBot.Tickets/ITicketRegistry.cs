using TicketBot.Domain;
using TicketBot.Market.Regimes;

namespace TicketBot.Tickets;

/// <summary>Where a ticket is in its life.</summary>
public enum TicketState
{
    /// <summary>Made, refused by a gate or not yet judged.</summary>
    Candidate = 1,

    /// <summary>Passed every gate; watched beside the champion.</summary>
    Shadow = 2,

    /// <summary>Trades.</summary>
    Live = 3,

    /// <summary>Trades no more.</summary>
    Retired = 4,
}

/// <summary>A row of the registry.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="State">Its state.</param>
/// <param name="Since">Market time of the last change of state.</param>
/// <param name="Reason">Why it changed last.</param>
public sealed record RegistryEntry(Ticket Ticket, TicketState State, Instant Since, string Reason);

/// <summary>What trades for one symbol and interval: a regime set and at most one live ticket per regime, activated together.</summary>
/// <param name="Symbol">The contract.</param>
/// <param name="Interval">The candle length.</param>
/// <param name="Regimes">The regime set in force.</param>
/// <param name="Tickets">Live tickets of that set; regimes without one do not trade.</param>
public sealed record TicketSet(Symbol Symbol, Interval Interval, RegimeSet Regimes, IReadOnlyList<Ticket> Tickets);

/// <summary>Keeps regime sets and tickets with their states. Safe for use by several threads and processes.</summary>
public interface ITicketRegistry
{
    /// <summary>Stores a regime set and the tickets made with it as candidates, all or nothing. Storing again changes nothing.</summary>
    ValueTask AddAsync(Symbol symbol, Interval interval, RegimeSet regimes, IReadOnlyList<Ticket> tickets, Instant at, CancellationToken cancellationToken);

    /// <summary>Makes <paramref name="regimes"/> the set in force for the key and, in the same transaction, gives each named ticket its
    /// state and retires every live ticket of other sets of that key.</summary>
    ValueTask ActivateAsync(
        Symbol symbol, Interval interval, RegimeSetId regimes, IReadOnlyDictionary<TicketId, TicketState> states, string reason, Instant at,
        CancellationToken cancellationToken);

    /// <summary>Changes one ticket's state; making it live retires the live ticket of the same symbol, interval and regime.</summary>
    /// <exception cref="InvalidOperationException">The ticket is unknown, or did not pass its gates and would become live.</exception>
    ValueTask ChangeStateAsync(TicketId id, TicketState state, string reason, Instant at, CancellationToken cancellationToken);

    /// <summary>Returns entries, newest change first; <c>null</c> arguments match everything.</summary>
    ValueTask<IReadOnlyList<RegistryEntry>> ListAsync(Symbol? symbol, Interval? interval, TicketState? state, CancellationToken cancellationToken);

    /// <summary>Returns one entry by id or unique id prefix, or <c>null</c>.</summary>
    ValueTask<RegistryEntry?> FindAsync(string idOrPrefix, CancellationToken cancellationToken);

    /// <summary>Returns what trades for a key, or <c>null</c> when no regime set is in force.</summary>
    ValueTask<TicketSet?> ActiveSetAsync(Symbol symbol, Interval interval, CancellationToken cancellationToken);

    /// <summary>Returns a stored regime set, or <c>null</c>.</summary>
    ValueTask<RegimeSet?> FindRegimesAsync(RegimeSetId id, CancellationToken cancellationToken);

    /// <summary>Returns a number that grows with every change, so that a reader can see that something changed.</summary>
    ValueTask<long> RevisionAsync(CancellationToken cancellationToken);
}
