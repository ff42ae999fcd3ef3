using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Storage.Migrations;
using TicketBot.Trading.Journal;

namespace TicketBot.Storage;

/// <summary>Mends a damaged journal: a copy is put aside, and the entries before the damage become the journal. What came after them is
/// had from the venue, as after any restart.</summary>
/// <param name="Fault">What was wrong with it.</param>
/// <param name="Copy">Path of the copy.</param>
/// <param name="Kept">Entries kept.</param>
/// <param name="IsIdentityKept">Whether the data folder's identity could be read; else a new one was made.</param>
public sealed record JournalMending(string Fault, string Copy, long Kept, bool IsIdentityKept)
{
    /// <summary>Kind of the note that the mended journal goes on with.</summary>
    public const string Kind = "journal.mended";

    /// <summary>Mends the file if it is damaged; returns how, or <c>null</c> when it was sound.</summary>
    /// <exception cref="StorageException">It cannot be looked at, or the mended file cannot be written.</exception>
    internal static JournalMending? MendIfDamaged(string path, ILogger? logger)
    {
        if ((DamagedFile.FaultOf(path) ?? GapIn(path)) is not { } fault)
        {
            return null;
        }

        var copy = DamagedFile.CopyAside(path);
        var mended = path + ".mended";
        foreach (var left in new[] { mended, mended + "-wal", mended + "-shm" })
        {
            File.Delete(left);
        }

        long kept;
        bool hasIdentity;
        using (var target = SqliteDatabase.Open(mended, DatabaseSchema.Journal, durable: true))
        {
            (kept, hasIdentity) = target.Write(connection => (CopyEntries(path, connection), CopyIdentity(path, connection)));
        }

        DamagedFile.Replace(path, mended);
        if (logger is not null)
        {
            Log.JournalMended(logger, path, fault, kept, copy);
        }

        return new JournalMending(fault, copy, kept, hasIdentity);
    }

    private static string? GapIn(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var connection = DamagedFile.OpenRaw(path);
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT COUNT(*), COALESCE(MAX(sequence), 0), COALESCE(MIN(CASE WHEN json_valid(payload) THEN NULL ELSE sequence END), 0) FROM entries;";
            using var row = command.ExecuteReader();
            row.Read();
            if (row.GetInt64(0) != row.GetInt64(1))
            {
                return string.Create(CultureInfo.InvariantCulture, $"it holds {row.GetInt64(0)} entries, the last is number {row.GetInt64(1)}");
            }

            // A page can be overwritten inside a text without SQLite noticing.
            return row.GetInt64(2) is > 0 and var unreadable ? string.Create(CultureInfo.InvariantCulture, $"entry {unreadable} is not JSON") : null;
        }
        catch (SqliteException)
        {
            return null; // No table yet: a new file, or one of which opening will say what it is.
        }
    }

    // Entry by entry from the first on, until one is missing or cannot be read.
    private static long CopyEntries(string path, SqliteConnection target)
    {
        var kept = 0L;
        using var insert = SqliteJournal.PrepareInsert(target);
        try
        {
            using var source = DamagedFile.OpenRaw(path);
            using var command = source.CreateCommand();
            command.CommandText = "SELECT sequence, time_ms, kind, symbol, payload, cause FROM entries NOT INDEXED ORDER BY sequence;";
            using var rows = command.ExecuteReader();
            while (rows.Read() && rows.GetInt64(0) == kept + 1)
            {
                for (var i = 0; i < insert.Parameters.Count; i++)
                {
                    insert.Parameters[i].Value = rows.GetValue(i);
                }

                if (FactJson.Kinds.Contains(rows.GetString(2)))
                {
                    FactJson.FromEntry(new JournalRecord(kept + 1, new JournalEntry(new Instant(rows.GetInt64(1)), rows.GetString(2), rows.GetString(3), rows.GetString(4), null)));
                }
                else
                {
                    JsonDocument.Parse(rows.GetString(4)).Dispose();
                }

                insert.ExecuteNonQuery();
                kept++;
            }
        }
        catch (Exception e) when ((e is SqliteException sqlite && DamagedFile.IsDamage(sqlite)) || e is InvalidDataException or InvalidCastException or JsonException)
        {
            // Here the damage begins.
        }

        return kept;
    }

    private static bool CopyIdentity(string path, SqliteConnection target)
    {
        try
        {
            using var source = DamagedFile.OpenRaw(path);
            using var read = source.CreateCommand();
            read.CommandText = "SELECT folder FROM identity WHERE id = 1;";
            if (read.ExecuteScalar() is not string { Length: 16 } identity)
            {
                return false;
            }

            using var write = target.CreateCommand();
            write.CommandText = "INSERT INTO identity (id, folder) VALUES (1, $folder);";
            write.Parameters.AddWithValue("$folder", identity);
            write.ExecuteNonQuery();
            return true;
        }
        catch (SqliteException e) when (DamagedFile.IsDamage(e) || e.SqliteErrorCode == SQLitePCL.raw.SQLITE_ERROR)
        {
            return false; // Orders of the lost part are looked at as somebody else's.
        }
    }
}
