using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace TicketBot.Storage;

/// <summary>Finds out whether a SQLite file is damaged, and puts a damaged one aside.</summary>
internal static class DamagedFile
{
    private static readonly string[] Parts = ["", "-wal", "-shm"];

    /// <summary>Returns what is wrong with a file, or <c>null</c> when it is sound or absent. A torn write-ahead log is none: SQLite drops it.</summary>
    /// <exception cref="StorageException">The file cannot be looked at.</exception>
    public static string? FaultOf(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            return null;
        }

        try
        {
            using var connection = OpenRaw(path);
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA quick_check(1);";
            return command.ExecuteScalar() is "ok" ? null : "its pages contradict each other";
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_NOTADB)
        {
            return null; // Nothing of it can be had back, and it may be somebody else's file: opening it says so and refuses.
        }
        catch (SqliteException e) when (IsDamage(e))
        {
            return e.Message;
        }
        catch (SqliteException e)
        {
            throw new StorageException($"{path} cannot be looked at; check that it belongs to this user and no other process holds it: {e.Message}", e);
        }
    }

    /// <summary>Copies a file and what belongs to it to the first free <c>NAME.damaged-N</c>; returns that path.</summary>
    public static string CopyAside(string path)
    {
        var number = 1;
        while (File.Exists(AsidePath(path, number)))
        {
            number++;
        }

        var aside = AsidePath(path, number);
        foreach (var part in Parts.Where(part => File.Exists(path + part)))
        {
            File.Copy(path + part, aside + part);
        }

        return aside;
    }

    /// <summary>Puts a sound file in the place of a damaged one, or nothing when <paramref name="by"/> is <c>null</c>.</summary>
    public static void Replace(string path, string? by)
    {
        // The file itself goes last: whatever interrupts this, what is left is recognised as damaged again.
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
        if (by is null)
        {
            File.Delete(path);
        }
        else
        {
            File.Move(by, path, overwrite: true);
        }
    }

    /// <summary>Puts a damaged file of which everything can be had again aside, so that a new one is begun.</summary>
    public static void PutAsideIfDamaged(string path, ILogger? logger)
    {
        if (FaultOf(path) is { } fault)
        {
            var aside = CopyAside(path);
            Replace(path, null);
            if (logger is not null)
            {
                Log.BegunAnew(logger, path, fault, aside);
            }
        }
    }

    /// <summary>Opens a connection without any of our settings.</summary>
    public static SqliteConnection OpenRaw(string path)
    {
        SqliteNative.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether an error means that the file's content is not what SQLite wrote.</summary>
    public static bool IsDamage(SqliteException e) => e.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB;

    private static string AsidePath(string path, int number) => string.Create(CultureInfo.InvariantCulture, $"{path}.damaged-{number}");
}
