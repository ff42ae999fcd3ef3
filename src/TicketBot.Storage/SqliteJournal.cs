using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Storage.Migrations;
using TicketBot.Trading.Journal;

namespace TicketBot.Storage;

/// <summary>The journal in a SQLite file: one writer process, any number of readers. Appending and committing are for one thread; reading is
/// safe from any.</summary>
public sealed class SqliteJournal : IJournal
{
    private const int PageSize = 2_000;

    // The trader waits for a commit, so another process's lock must not be borne with for long; the batch is tried again.
    private const int WriterBusyTimeoutMs = 1_000;
    private readonly SqliteDatabase _reader;
    private readonly SqliteDatabase? _writer;
    private readonly WriterLock? _lock;
    private readonly List<JournalEntry> _open = [];
    private SqliteCommand? _insert;
    private long _committed;

    private SqliteJournal(SqliteDatabase reader, SqliteDatabase? writer, WriterLock? writerLock, string identity, long committed) =>
        (_reader, _writer, _lock, FolderIdentity, _committed) = (reader, writer, writerLock, identity, committed);

    /// <inheritdoc/>
    public string FolderIdentity { get; }

    /// <summary>How it was mended when it was opened, or <c>null</c> when it was sound.</summary>
    public JournalMending? Mending { get; private init; }

    /// <summary>Opens the journal for writing, makes it (and the folder's identity) if absent.</summary>
    /// <param name="path">Path of <c>journal.db</c>.</param>
    /// <param name="logger">Receives what was opened.</param>
    /// <exception cref="StorageException">Another process writes it, or it cannot be opened.</exception>
    public static SqliteJournal Open(string path, ILogger? logger = null)
    {
        var writerLock = WriterLock.Take(path, logger);
        SqliteDatabase? writer = null;
        try
        {
            var mending = JournalMending.MendIfDamaged(path, logger);
            writer = SqliteDatabase.Open(path, DatabaseSchema.Journal, durable: true, logger);
            writer.Use(connection => SetBusyTimeout(connection));
            var (identity, last) = writer.Write(connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = "INSERT OR IGNORE INTO identity (id, folder) VALUES (1, $folder);";
                command.Parameters.AddWithValue("$folder", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
                command.ExecuteNonQuery();
                return (IdentityOf(connection), LastSequence(connection));
            });
            var journal = new SqliteJournal(SqliteDatabase.OpenReader(path, DatabaseSchema.Journal), writer, writerLock, identity, last) { Mending = mending };
            if (mending is not null)
            {
                var time = journal.Find(last) is { } newest ? newest.Entry.Time : default;
                journal.Append(new JournalEntry(time, JournalMending.Kind, "", JsonSerializer.Serialize(mending, JsonSerializerOptions.Web), null));
                journal.Commit();
            }

            if (logger is not null)
            {
                Log.JournalOpened(logger, path, last, identity);
            }

            return journal;
        }
        catch
        {
            writer?.Dispose();
            writerLock.Dispose();
            throw;
        }
    }

    /// <summary>Opens an existing journal for reading, while another process may write it.</summary>
    /// <exception cref="StorageException">It is absent, or of another version.</exception>
    public static SqliteJournal OpenReader(string path)
    {
        var reader = SqliteDatabase.OpenReader(path, DatabaseSchema.Journal);
        try
        {
            return new SqliteJournal(reader, null, null, reader.Use(IdentityOf), 0);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">This journal was opened for reading, or the cause lies ahead of the entry.</exception>
    public long Append(in JournalEntry entry)
    {
        _ = Writer;
        var sequence = _committed + _open.Count + 1;
        if (entry.Cause is { } cause && (cause < 1 || cause >= sequence))
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"Invariant: the cause of entry {sequence} must be an earlier entry, was {cause}"));
        }

        _open.Add(entry);
        return sequence;
    }

    /// <inheritdoc/>
    /// <exception cref="StorageException">The batch could not be made durable; it stays open and nothing of it is stored.</exception>
    public void Commit()
    {
        var writer = Writer;
        if (_open.Count == 0)
        {
            return;
        }

        writer.Write(connection =>
        {
            var insert = _insert ??= PrepareInsert(connection);
            var parameters = insert.Parameters;
            var sequence = _committed;
            foreach (var entry in _open)
            {
                parameters[0].Value = ++sequence;
                parameters[1].Value = entry.Time.UnixMilliseconds;
                parameters[2].Value = entry.Kind;
                parameters[3].Value = entry.Symbol;
                parameters[4].Value = entry.Payload;
                parameters[5].Value = (object?)entry.Cause ?? DBNull.Value;
                insert.ExecuteNonQuery();
            }

            return sequence;
        });
        _committed += _open.Count;
        _open.Clear();
    }

    /// <inheritdoc/>
    public IEnumerable<JournalRecord> Read(long from, IReadOnlyCollection<string>? kinds = null)
    {
        // Page by page, so that no statement stays open (and holds back the WAL) while the caller works.
        var next = from;
        while (true)
        {
            var page = Query("sequence >= $at", next, kinds, "ASC", PageSize);
            foreach (var record in page)
            {
                yield return record;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            next = page[^1].Sequence + 1;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<JournalRecord> ReadNewest(int count, IReadOnlyCollection<string>? kinds = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (kinds is not { Count: > 1 })
        {
            return Query("sequence <= $at", long.MaxValue, kinds, "DESC", count);
        }

        // Kind by kind each is one short walk down the index; together SQLite would sort every entry of all of them.
        return [.. kinds.Distinct().SelectMany(kind => Query("sequence <= $at", long.MaxValue, [kind], "DESC", count))
            .OrderByDescending(record => record.Sequence).Take(count)];
    }

    /// <inheritdoc/>
    public JournalRecord? Find(long sequence) => Query("sequence = $at", sequence, null, "ASC", 1) is [var record] ? record : null;

    /// <summary>Closes the journal and gives up the writer's lock; entries that were not committed are lost.</summary>
    public ValueTask DisposeAsync()
    {
        _insert?.Dispose();
        _reader.Dispose();
        _writer?.Dispose();
        _lock?.Dispose();
        return ValueTask.CompletedTask;
    }

    private SqliteDatabase Writer =>
        _writer ?? throw new InvalidOperationException($"Invariant: {_reader.Path} was opened for reading; only the trader writes it");

    private List<JournalRecord> Query(string where, long at, IReadOnlyCollection<string>? kinds, string order, int limit) => _reader.Use(connection =>
    {
        using var command = connection.CreateCommand();
        var sql = new StringBuilder("SELECT sequence, time_ms, kind, symbol, payload, cause FROM entries WHERE ").Append(where);
        command.Parameters.AddWithValue("$at", at);
        command.Parameters.AddWithValue("$limit", limit);
        if (kinds is not null)
        {
            // With several kinds in ascending order the plus keeps SQLite from the index by kind, which would sort all the rest for each page.
            sql.Append(kinds.Count > 1 && order == "ASC" ? " AND +kind IN (" : " AND kind IN (");
            var i = 0;
            foreach (var kind in kinds)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"$k{i}");
                sql.Append(i++ == 0 ? "" : ", ").Append(name);
                command.Parameters.AddWithValue(name, kind);
            }

            sql.Append(')');
        }

        command.CommandText = sql.Append(" ORDER BY sequence ").Append(order).Append(" LIMIT $limit;").ToString();
        var records = new List<JournalRecord>();
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            records.Add(new JournalRecord(rows.GetInt64(0), new JournalEntry(
                new Instant(rows.GetInt64(1)), rows.GetString(2), rows.GetString(3), rows.GetString(4), rows.IsDBNull(5) ? null : rows.GetInt64(5))));
        }

        return records;
    });

    internal static SqliteCommand PrepareInsert(SqliteConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO entries (sequence, time_ms, kind, symbol, payload, cause) VALUES ($1, $2, $3, $4, $5, $6);";
        command.Parameters.Add("$1", SqliteType.Integer);
        command.Parameters.Add("$2", SqliteType.Integer);
        command.Parameters.Add("$3", SqliteType.Text);
        command.Parameters.Add("$4", SqliteType.Text);
        command.Parameters.Add("$5", SqliteType.Text);
        command.Parameters.Add("$6", SqliteType.Integer);
        command.Prepare();
        return command;
    }

    private static int SetBusyTimeout(SqliteConnection connection)
    {
        connection.DefaultTimeout = 1; // Seconds; the client would go on trying for thirty.
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout={WriterBusyTimeoutMs};");
        return command.ExecuteNonQuery();
    }

    private static string IdentityOf(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT folder FROM identity WHERE id = 1;";
        return (string)(command.ExecuteScalar() ?? throw new StorageException($"{connection.DataSource} has no folder identity; restore it from a backup"));
    }

    private static long LastSequence(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COALESCE(MAX(sequence), 0) FROM entries;";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
