using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using TicketBot.Storage.Migrations;

namespace TicketBot.Storage;

/// <summary>One open connection to one of our SQLite files, brought to its schema's version. Safe for use by several threads, one
/// at a time; other processes are waited for up to <see cref="BusyTimeoutMs"/>.</summary>
public sealed class SqliteDatabase : IDisposable
{
    /// <summary>Milliseconds that a statement waits for another process's lock.</summary>
    public const int BusyTimeoutMs = 10_000;

    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private bool _disposed;

    private SqliteDatabase(string path, SqliteConnection connection) => (Path, _connection) = (path, connection);

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    /// <summary>Opens a file for reading and writing, makes it if it is absent, and raises it to the schema's version in one transaction.</summary>
    /// <param name="path">Path of the file; its folder is made if absent.</param>
    /// <param name="schema">The schema it must have.</param>
    /// <param name="durable">Whether a commit survives loss of power (synchronous FULL) rather than only loss of the process.</param>
    /// <param name="logger">Receives a line when the file was raised.</param>
    /// <exception cref="StorageException">The file cannot be opened, is no database of ours, or is of a newer version.</exception>
    public static SqliteDatabase Open(string path, DatabaseSchema schema, bool durable, ILogger? logger = null)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        return Open(path, SqliteOpenMode.ReadWriteCreate, connection =>
        {
            Execute(connection, $"PRAGMA journal_mode=WAL; PRAGMA synchronous={(durable ? "FULL" : "NORMAL")}; PRAGMA foreign_keys=ON;");
            Migrate(connection, path, schema, logger);
        });
    }

    /// <summary>Opens an existing file for reading only; its version must be the schema's.</summary>
    /// <exception cref="StorageException">The file is absent, cannot be opened, or is of another version.</exception>
    public static SqliteDatabase OpenReader(string path, DatabaseSchema schema)
    {
        if (!File.Exists(path))
        {
            throw new StorageException($"{path} does not exist; it is made when the daemon first runs on this data folder");
        }

        return Open(path, SqliteOpenMode.ReadOnly, connection =>
        {
            var version = VersionOf(connection);
            if (version < schema.Version)
            {
                throw new StorageException(
                    $"{path} has version {version}, expected {schema.Version}; start the daemon once on this data folder, it raises the file");
            }

            RefuseNewer(path, version, schema);
        });
    }

    /// <summary>Runs <paramref name="work"/> on the connection, alone.</summary>
    /// <exception cref="StorageException">SQLite failed.</exception>
    public T Use<T>(Func<SqliteConnection, T> work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                return work(_connection);
            }
            catch (SqliteException exception)
            {
                throw Failed(Path, exception);
            }
        }
    }

    /// <summary>Runs <paramref name="work"/> on the connection, alone, in a write transaction that is committed when it returns and rolled
    /// back when it throws.</summary>
    /// <exception cref="StorageException">SQLite failed.</exception>
    /// <remarks>In SQL's own words: on a full disk SQLite rolls back by itself, which the provider's transaction takes for a second rollback that
    /// fails, and no later one can begin on that connection.</remarks>
    public T Write<T>(Func<SqliteConnection, T> work) => Use(connection =>
    {
        Execute(connection, "BEGIN IMMEDIATE;");
        try
        {
            var result = work(connection);
            Execute(connection, "COMMIT;");
            return result;
        }
        catch
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0)
            {
                Execute(connection, "ROLLBACK;");
            }

            throw;
        }
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _connection.Dispose();
        }
    }

    private static SqliteDatabase Open(string path, SqliteOpenMode mode, Action<SqliteConnection> prepare)
    {
        SqliteNative.Init();
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout={BusyTimeoutMs};"));
            prepare(connection);
            return new SqliteDatabase(path, connection);
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw Failed(path, exception);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Migrate(SqliteConnection connection, string path, DatabaseSchema schema, ILogger? logger)
    {
        if (VersionOf(connection) == schema.Version)
        {
            return;
        }

        // Immediate, and the version is read again inside: of two processes that start together one raises, the other sees it done.
        using var transaction = connection.BeginTransaction(deferred: false);
        var version = VersionOf(connection);
        RefuseNewer(path, version, schema);
        for (var step = version; step < schema.Version; step++)
        {
            Execute(connection, schema.Steps[step]);
        }

        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version={schema.Version};"));
        transaction.Commit();
        if (logger is not null && version != schema.Version)
        {
            Log.Migrated(logger, path, version, schema.Version);
        }
    }

    private static void RefuseNewer(string path, int version, DatabaseSchema schema)
    {
        if (version > schema.Version)
        {
            throw new StorageException(
                $"{path} has version {version}, this program knows {schema.Name} up to version {schema.Version}: it was written by a newer "
                + "TicketBot. Run that newer version, or restore the backup made before it was installed");
        }
    }

    private static int VersionOf(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version;";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static StorageException Failed(string path, SqliteException exception) => new(exception.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED =>
            $"{path} was locked by another process for more than {BusyTimeoutMs} ms; see which process holds it: {exception.Message}",
        SQLitePCL.raw.SQLITE_FULL => $"the disk of {path} is full; free space and start again: {exception.Message}",
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB =>
            $"{path} is damaged or no SQLite database; restore it from a backup: {exception.Message}",
        SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM =>
            $"{path} cannot be opened or written; check that the folder exists and belongs to this user: {exception.Message}",
        _ => $"{path}: SQLite error {exception.SqliteErrorCode}: {exception.Message}",
    }, exception);
}
