using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Storage.Migrations;
using TicketBot.Tickets;

namespace TicketBot.Storage;

/// <summary>The ledger of trials in a SQLite file (<c>research.db</c>): append-only by triggers of the file, each row's hash covering the row
/// and the hash before it, the head kept apart so that rows cut from the end are noticed too. Safe for use by several threads and processes.</summary>
public sealed class SqliteTrialLedger : ITrialLedger, IDisposable
{
    private const string SelectRows =
        """
        SELECT sequence AS Sequence, at_ms AS AtMs, symbol AS Symbol, interval AS Interval, configuration AS Configuration, from_ms AS FromMs,
            until_ms AS UntilMs, score AS Score, what AS What, hash AS Hash
        FROM trials
        """;

    private static readonly string Genesis = new('0', 64);
    private readonly SqliteDatabase _database;

    private SqliteTrialLedger(SqliteDatabase database) => _database = database;

    private sealed record Row(
        long Sequence, long AtMs, string Symbol, string Interval, string Configuration, long FromMs, long UntilMs, double Score, string What, string Hash);

    private sealed record Head(long Rows, string Hash);

    /// <summary>Opens the ledger, makes it if absent.</summary>
    /// <param name="path">Path of <c>research.db</c>.</param>
    /// <param name="logger">Receives a line when the file was raised to a new version.</param>
    /// <exception cref="StorageException">It cannot be opened, or is of a newer version.</exception>
    public static SqliteTrialLedger Open(string path, ILogger? logger = null) =>
        new(SqliteDatabase.Open(path, DatabaseSchema.Research, durable: true, logger));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The score is not finite, or the span is empty.</exception>
    public ValueTask AppendAsync(Trial trial, Instant at, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!double.IsFinite(trial.Score) || trial.Until <= trial.From)
        {
            throw new ArgumentException($"a trial has a finite score and a span, was {trial.Score} over {trial.From} to {trial.Until}", nameof(trial));
        }

        _database.Write(connection =>
        {
            var head = connection.QueryFirstOrDefault<Head>("SELECT rows AS Rows, hash AS Hash FROM ledger_head;") ?? new Head(0, Genesis);
            var row = new Row(
                head.Rows + 1, at.UnixMilliseconds, trial.Symbol.Value, trial.Interval.Name, trial.ConfigurationHash, trial.From.UnixMilliseconds,
                trial.Until.UnixMilliseconds, trial.Score, trial.What, "");
            row = row with { Hash = HashOf(row, head.Hash) };
            var added = connection.Execute(
                """
                INSERT INTO trials (sequence, at_ms, symbol, interval, configuration, from_ms, until_ms, score, what, hash)
                SELECT @Sequence, @AtMs, @Symbol, @Interval, @Configuration, @FromMs, @UntilMs, @Score, @What, @Hash
                WHERE NOT EXISTS (SELECT 1 FROM trials WHERE symbol = @Symbol AND interval = @Interval AND configuration = @Configuration
                    AND from_ms = @FromMs AND until_ms = @UntilMs);
                """, row);
            if (added > 0)
            {
                connection.Execute(
                    "INSERT INTO ledger_head (id, rows, hash) VALUES (1, @Sequence, @Hash) ON CONFLICT DO UPDATE SET rows = excluded.rows, hash = excluded.hash;",
                    row);
            }

            return added;
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(Symbol symbol, Instant from, Instant until, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(_database.Use(connection => connection.ExecuteScalar<int>(
            "SELECT COUNT(DISTINCT configuration) FROM trials WHERE symbol = @symbol AND from_ms < @until AND until_ms > @from;",
            new { symbol = symbol.Value, from = from.UnixMilliseconds, until = until.UnixMilliseconds })));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Trial>> ListAsync(Symbol symbol, Instant from, Instant until, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IReadOnlyList<Trial>>(_database.Use(connection => connection.Query<Row>(
            $"{SelectRows} WHERE symbol = @symbol AND from_ms < @until AND until_ms > @from ORDER BY sequence;",
            new { symbol = symbol.Value, from = from.UnixMilliseconds, until = until.UnixMilliseconds })
            .Select(r => new Trial(new Symbol(r.Symbol), Interval.Parse(r.Interval), r.Configuration, new Instant(r.FromMs), new Instant(r.UntilMs), r.Score, r.What)).ToList()));
    }

    /// <inheritdoc/>
    public ValueTask<long?> VerifyAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(_database.Use(connection =>
        {
            // One transaction, so that rows and head are of one moment.
            using var transaction = connection.BeginTransaction(deferred: true);
            var head = connection.QueryFirstOrDefault<Head>("SELECT rows AS Rows, hash AS Hash FROM ledger_head;") ?? new Head(0, Genesis);
            var (expected, before) = (1L, Genesis);
            foreach (var row in connection.Query<Row>($"{SelectRows} ORDER BY sequence;", buffered: false))
            {
                if (row.Sequence != expected || row.Hash != HashOf(row, before))
                {
                    return expected;
                }

                (expected, before) = (expected + 1, row.Hash);
            }

            return (long?)(head.Rows == expected - 1 && head.Hash == before ? null : expected);
        }));
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private static string HashOf(Row row, string before) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
        new[]
        {
            before, Number(row.Sequence), Number(row.AtMs), row.Symbol, row.Interval, row.Configuration, Number(row.FromMs), Number(row.UntilMs),
            Number(BitConverter.DoubleToInt64Bits(row.Score)), row.What,
        }))));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
