using System.Collections.Concurrent;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Market.Regimes;
using TicketBot.Storage.Migrations;
using TicketBot.Tickets;

namespace TicketBot.Storage;

/// <summary>The ticket registry in a SQLite file (<c>research.db</c>), with the ticket files in the folder <c>tickets</c> beside it. Safe for
/// use by several threads and processes: every change is one transaction, and the file itself refuses a second live ticket of one symbol,
/// interval and regime, and a live or shadow ticket that did not pass its gates.</summary>
public sealed class SqliteTicketRegistry : ITicketRegistry, IDisposable
{
    private const string TicketColumns = "id AS Id, state AS State, since_ms AS SinceMs, reason AS Reason";
    private readonly ConcurrentDictionary<string, bool> _damaged = new();
    private readonly ILogger? _logger;
    private readonly SqliteDatabase _database;
    private readonly TicketFolder _tickets;

    private SqliteTicketRegistry(SqliteDatabase database, TicketFolder tickets, ILogger? logger) => (_database, _tickets, _logger) = (database, tickets, logger);

    private sealed record TicketRow(string Id, long State, long SinceMs, string Reason);

    private sealed record Standing(string Symbol, string Interval, string RegimeSet, string Regime, long Gated, long State);

    private sealed record HistoryRow(long Sequence, long AtMs, string RegimeSet, string Ticket, long? FromState, long? ToState, string Reason);

    /// <summary>Opens the registry, makes it if absent.</summary>
    /// <param name="path">Path of <c>research.db</c>.</param>
    /// <param name="logger">Receives a line when the file was raised to a new version, and one for each damaged ticket.</param>
    /// <exception cref="StorageException">It cannot be opened, or is of a newer version.</exception>
    public static SqliteTicketRegistry Open(string path, ILogger? logger = null) => new(
        SqliteDatabase.Open(path, DatabaseSchema.Research, durable: true, logger),
        new TicketFolder(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "tickets")),
        logger);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A ticket is not sealed, or is for another symbol, interval or regime set, or for a regime the set
    /// does not have.</exception>
    public ValueTask AddAsync(
        Symbol symbol, Interval interval, RegimeSet regimes, IReadOnlyList<Ticket> tickets, Instant at, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var ticket in tickets)
        {
            if (ticket.Symbol != symbol || ticket.Interval != interval || ticket.RegimeSetId != regimes.Id || !regimes.Names.Contains(ticket.Regime))
            {
                throw new ArgumentException(
                    $"expected tickets of {symbol} {interval} and set {regimes.Id} with a regime of {string.Join(", ", regimes.Names)}, {ticket.Id.Short} is of "
                    + $"{ticket.Symbol} {ticket.Interval}, set {ticket.RegimeSetId}, regime {ticket.Regime}", nameof(tickets));
            }
        }

        // Files first: a file without a row is harmless, a row without a file is not.
        foreach (var ticket in tickets)
        {
            _tickets.Write(ticket);
        }

        _database.Write(connection =>
        {
            var key = new { symbol = symbol.Value, interval = interval.Name, id = regimes.Id.Value, content = regimes.ToJson() };
            if (connection.Execute("INSERT OR IGNORE INTO regime_sets (symbol, interval, id, content) VALUES (@symbol, @interval, @id, @content);", key) > 0)
            {
                Record(connection, at, key.symbol, key.interval, key.id, "", null, null, "regime set stored");
            }

            foreach (var ticket in tickets)
            {
                if (connection.ExecuteScalar<long>("SELECT COUNT(*) FROM tickets WHERE id = @id;", new { id = ticket.Id.Value }) > 0)
                {
                    continue;
                }

                const string reason = "stored";
                var change = Record(connection, at, key.symbol, key.interval, key.id, ticket.Id.Value, null, TicketState.Candidate, reason);
                connection.Execute(
                    """
                    INSERT INTO tickets (id, symbol, interval, regime_set, regime, gated, state, since_ms, reason, change)
                    VALUES (@id, @symbol, @interval, @set, @regime, @gated, @state, @since, @reason, @change);
                    """,
                    new
                    {
                        id = ticket.Id.Value, key.symbol, key.interval, set = key.id, regime = ticket.Regime, gated = ticket.Gates.Passed ? 1 : 0,
                        state = (int)TicketState.Candidate, since = at.UnixMilliseconds, reason, change,
                    });
            }

            return 0;
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The set or a ticket is unknown, a ticket belongs to another set, two tickets of one regime
    /// would be live, or a ticket that did not pass its gates would be live or in shadow. Nothing is changed then.</exception>
    public ValueTask ActivateAsync(
        Symbol symbol, Interval interval, RegimeSetId regimes, IReadOnlyDictionary<TicketId, TicketState> states, string reason, Instant at,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _database.Write(connection =>
        {
            var key = new { symbol = symbol.Value, interval = interval.Name, set = regimes.Value };
            if (connection.ExecuteScalar<long>("SELECT COUNT(*) FROM regime_sets WHERE symbol = @symbol AND interval = @interval AND id = @set;", key) == 0)
            {
                throw new InvalidOperationException($"regime set {regimes} of {symbol} {interval} is not stored; add it before activating it");
            }

            var named = states.ToDictionary(pair => pair.Key, pair => (Standing: StandingOf(connection, pair.Key), State: pair.Value));
            foreach (var (id, (standing, state)) in named)
            {
                if ((standing.Symbol, standing.Interval, standing.RegimeSet) != (key.symbol, key.interval, key.set))
                {
                    throw new InvalidOperationException(
                        $"ticket {id.Short} is of {standing.Symbol} {standing.Interval}, set {standing.RegimeSet}; activated is {symbol} {interval}, set {regimes}");
                }

                RefuseUngated(id, standing, state);
            }

            if (named.Values.Where(n => n.State == TicketState.Live).GroupBy(n => n.Standing.Regime).FirstOrDefault(g => g.Count() > 1) is { } twice)
            {
                throw new InvalidOperationException($"one ticket per regime is live, {twice.Count()} were given for {twice.Key}");
            }

            connection.Execute(
                "INSERT INTO in_force (symbol, interval, regime_set) VALUES (@symbol, @interval, @set) ON CONFLICT DO UPDATE SET regime_set = excluded.regime_set;",
                key);
            Record(connection, at, key.symbol, key.interval, key.set, "", null, null, reason);
            foreach (var replaced in connection.Query<string>(
                "SELECT id FROM tickets WHERE symbol = @symbol AND interval = @interval AND regime_set <> @set AND state = 3;", key).AsList())
            {
                Move(connection, new TicketId(replaced), TicketState.Retired, $"its regime set was replaced: {reason}", at);
            }

            // Those that step down go first, so that no regime has two live tickets in between.
            foreach (var (id, (_, state)) in named.OrderBy(pair => pair.Value.State == TicketState.Live))
            {
                ChangeState(connection, id, state, reason, at);
            }

            return 0;
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The ticket is unknown; it did not pass its gates and would become live or shadow; or it would
    /// become live while another regime set is in force.</exception>
    public ValueTask ChangeStateAsync(TicketId id, TicketState state, string reason, Instant at, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _database.Write(connection =>
        {
            ChangeState(connection, id, state, reason, at);
            return 0;
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <remarks>A ticket whose file is absent or damaged is left out and logged once; asked for by name it is an error.</remarks>
    public ValueTask<IReadOnlyList<RegistryEntry>> ListAsync(
        Symbol? symbol, Interval? interval, TicketState? state, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var rows = _database.Use(connection => connection.Query<TicketRow>(
            $"""
            SELECT {TicketColumns} FROM tickets
            WHERE (@symbol IS NULL OR symbol = @symbol) AND (@interval IS NULL OR interval = @interval) AND (@state IS NULL OR state = @state)
            ORDER BY change DESC;
            """,
            new { symbol = symbol?.Value, interval = interval?.Name, state = (int?)state }).AsList());
        return ValueTask.FromResult<IReadOnlyList<RegistryEntry>>([.. rows.Where(row => IsWhole(row.Id)).Select(EntryOf)]);
    }

    /// <inheritdoc/>
    /// <exception cref="TicketFileException">The ticket's file is absent or damaged.</exception>
    public ValueTask<RegistryEntry?> FindAsync(string idOrPrefix, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var rows = idOrPrefix.Length == 0 ? [] : _database.Use(connection => connection.Query<TicketRow>(
            $"SELECT {TicketColumns} FROM tickets WHERE substr(id, 1, length(@prefix)) = @prefix LIMIT 2;",
            new { prefix = idOrPrefix.ToLowerInvariant() }).AsList());
        return ValueTask.FromResult(rows is [var row] ? EntryOf(row) : null);
    }

    /// <inheritdoc/>
    /// <remarks>A ticket whose file is absent or damaged is left out and logged once: its regime stays flat.</remarks>
    public ValueTask<TicketSet?> ActiveSetAsync(Symbol symbol, Interval interval, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var key = new { symbol = symbol.Value, interval = interval.Name };
        var (content, ids) = _database.Use(connection =>
        {
            // One transaction, so that set and tickets are of one moment.
            using var transaction = connection.BeginTransaction(deferred: true);
            var found = connection.QueryFirstOrDefault<string>(
                """
                SELECT s.content FROM in_force f
                JOIN regime_sets s ON s.symbol = f.symbol AND s.interval = f.interval AND s.id = f.regime_set
                WHERE f.symbol = @symbol AND f.interval = @interval;
                """, key);
            var live = connection.Query<string>(
                """
                SELECT t.id FROM tickets t
                JOIN in_force f ON f.symbol = t.symbol AND f.interval = t.interval AND f.regime_set = t.regime_set
                WHERE t.symbol = @symbol AND t.interval = @interval AND t.state = 3 ORDER BY t.regime;
                """, key).AsList();
            return (found, live);
        });
        return ValueTask.FromResult(content is null
            ? null
            : new TicketSet(symbol, interval, RegimeSet.FromJson(content), [.. ids.Where(IsWhole).Select(id => _tickets.Read(new TicketId(id)))]));
    }

    /// <inheritdoc/>
    public ValueTask<RegimeSet?> FindRegimesAsync(RegimeSetId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var content = _database.Use(connection => connection.QueryFirstOrDefault<string>(
            "SELECT content FROM regime_sets WHERE id = @id LIMIT 1;", new { id = id.Value }));
        return ValueTask.FromResult(content is null ? null : RegimeSet.FromJson(content));
    }

    /// <inheritdoc/>
    public ValueTask<long> RevisionAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(_database.Use(connection => connection.ExecuteScalar<long>("SELECT COALESCE(MAX(sequence), 0) FROM registry_history;")));
    }

    /// <summary>Returns every change, oldest first; only those of one ticket unless <c>null</c>.</summary>
    public ValueTask<IReadOnlyList<RegistryChange>> HistoryAsync(TicketId? ticket, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var rows = _database.Use(connection => connection.Query<HistoryRow>(
            """
            SELECT sequence AS Sequence, at_ms AS AtMs, regime_set AS RegimeSet, ticket AS Ticket, from_state AS FromState, to_state AS ToState,
                reason AS Reason
            FROM registry_history WHERE @ticket IS NULL OR ticket = @ticket ORDER BY sequence;
            """,
            new { ticket = ticket?.Value }).AsList());
        return ValueTask.FromResult<IReadOnlyList<RegistryChange>>([.. rows.Select(row => new RegistryChange(
            row.Sequence, new Instant(row.AtMs), row.RegimeSet, row.Ticket.Length == 0 ? null : new TicketId(row.Ticket),
            (TicketState?)row.FromState, (TicketState?)row.ToState, row.Reason))]);
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private bool IsWhole(string id)
    {
        try
        {
            _tickets.Read(new TicketId(id));
            return true;
        }
        catch (TicketFileException e)
        {
            if (_damaged.TryAdd(id, true) && _logger is not null)
            {
                Log.TicketDamaged(_logger, id, e.Message);
            }

            return false;
        }
    }

    private RegistryEntry EntryOf(TicketRow row) =>
        new(_tickets.Read(new TicketId(row.Id)), (TicketState)row.State, new Instant(row.SinceMs), row.Reason);

    private static Standing StandingOf(SqliteConnection connection, TicketId id) => connection.QueryFirstOrDefault<Standing>(
        "SELECT symbol AS Symbol, interval AS Interval, regime_set AS RegimeSet, regime AS Regime, gated AS Gated, state AS State FROM tickets WHERE id = @id;",
        new { id = id.Value }) ?? throw new InvalidOperationException($"ticket {id} is not in the registry; add it first");

    private static void RefuseUngated(TicketId id, Standing standing, TicketState state)
    {
        if (standing.Gated == 0 && state is TicketState.Live or TicketState.Shadow)
        {
            throw new InvalidOperationException($"ticket {id.Short} did not pass its gates and cannot become {state}; let research make one that does");
        }
    }

    private static void ChangeState(SqliteConnection connection, TicketId id, TicketState state, string reason, Instant at)
    {
        var standing = StandingOf(connection, id);
        RefuseUngated(id, standing, state);
        if (standing.State == (long)state)
        {
            return;
        }

        if (state == TicketState.Live)
        {
            var inForce = connection.QueryFirstOrDefault<string>(
                "SELECT regime_set FROM in_force WHERE symbol = @Symbol AND interval = @Interval;", standing);
            if (inForce != standing.RegimeSet)
            {
                throw new InvalidOperationException(
                    $"ticket {id.Short} belongs to regime set {standing.RegimeSet}, in force is {inForce ?? "none"}; activate its set to make it live");
            }

            foreach (var champion in connection.Query<string>(
                "SELECT id FROM tickets WHERE symbol = @Symbol AND interval = @Interval AND regime = @Regime AND state = 3;", standing).AsList())
            {
                Move(connection, new TicketId(champion), TicketState.Retired, $"replaced by {id.Short}: {reason}", at);
            }
        }

        Move(connection, id, state, reason, at);
    }

    private static void Move(SqliteConnection connection, TicketId id, TicketState state, string reason, Instant at)
    {
        var standing = StandingOf(connection, id);
        var change = Record(
            connection, at, standing.Symbol, standing.Interval, standing.RegimeSet, id.Value, (TicketState)standing.State, state, reason);
        connection.Execute(
            "UPDATE tickets SET state = @state, since_ms = @since, reason = @reason, change = @change WHERE id = @id;",
            new { id = id.Value, state = (int)state, since = at.UnixMilliseconds, reason, change });
    }

    private static long Record(
        SqliteConnection connection, Instant at, string symbol, string interval, string set, string ticket, TicketState? from, TicketState? to, string reason) =>
        connection.ExecuteScalar<long>(
            """
            INSERT INTO registry_history (at_ms, symbol, interval, regime_set, ticket, from_state, to_state, reason)
            VALUES (@at, @symbol, @interval, @set, @ticket, @from, @to, @reason);
            SELECT last_insert_rowid();
            """,
            new { at = at.UnixMilliseconds, symbol, interval, set, ticket, from = (int?)from, to = (int?)to, reason });
}
