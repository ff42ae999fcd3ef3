using TicketBot.Storage.Migrations;

namespace TicketBot.Storage.Tests;

public sealed class SqliteDatabaseTests : IDisposable
{
    private static readonly DatabaseSchema First = new("x.db", ["CREATE TABLE a (n INTEGER); INSERT INTO a VALUES (7);"]);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_raised_step_by_step_and_keeps_its_rows()
    {
        using (SqliteDatabase.Open(_folder["x.db"], First, durable: true))
        {
        }

        var second = First with { Steps = [.. First.Steps, "ALTER TABLE a ADD COLUMN m INTEGER NOT NULL DEFAULT 5;"] };
        Assert.Throws<StorageException>(() => SqliteDatabase.OpenReader(_folder["x.db"], second));
        using var raised = SqliteDatabase.Open(_folder["x.db"], second, durable: true);
        Assert.Equal(12L, Scalar(raised, "SELECT n + m FROM a;"));
        Assert.Equal(2L, Scalar(raised, "PRAGMA user_version;"));
        Assert.Equal("wal", Scalar(raised, "PRAGMA journal_mode;"));
        Assert.Equal(2L, Scalar(raised, "PRAGMA synchronous;"));
    }

    [Fact]
    public void A_step_that_fails_leaves_the_file_as_it_was()
    {
        using (SqliteDatabase.Open(_folder["x.db"], First, durable: true))
        {
        }

        var broken = First with { Steps = [.. First.Steps, "CREATE TABLE b (n INTEGER);", "CREATE TABLE a (n INTEGER);"] };
        Assert.Throws<StorageException>(() => SqliteDatabase.Open(_folder["x.db"], broken, durable: true));
        using var database = SqliteDatabase.Open(_folder["x.db"], First, durable: true);
        Assert.Equal(0L, Scalar(database, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'b';"));
        Assert.Equal(7L, Scalar(database, "SELECT n FROM a;"));
    }

    [Fact]
    public void Several_openings_at_once_raise_a_new_file_once()
    {
        Parallel.For(0, 8, _ =>
        {
            using var database = SqliteDatabase.Open(_folder["x.db"], First, durable: false);
        });
        using var opened = SqliteDatabase.Open(_folder["x.db"], First, durable: false);
        Assert.Equal(1L, Scalar(opened, "SELECT COUNT(*) FROM a;"));
    }

    [Fact]
    public void A_write_that_throws_is_rolled_back()
    {
        using var database = SqliteDatabase.Open(_folder["x.db"], First, durable: false);
        Assert.Throws<InvalidOperationException>(() => database.Write<int>(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM a;";
            command.ExecuteNonQuery();
            throw new InvalidOperationException("half way");
        }));
        Assert.Equal(7L, Scalar(database, "SELECT n FROM a;"));
    }

    [Fact]
    public void A_disk_that_was_full_takes_writes_again_when_there_is_room()
    {
        using var database = SqliteDatabase.Open(_folder["x.db"], First, durable: true);
        for (var i = 0; i < 3; i++)
        {
            Scalar(database, "PRAGMA max_page_count = 3;");
            var error = Assert.Throws<StorageException>(() => database.Write(connection => Run(connection, "INSERT INTO a VALUES (zeroblob(100000));")));
            Assert.Contains("full", error.Message, StringComparison.Ordinal);
            Scalar(database, "PRAGMA max_page_count = 10000;");
            database.Write(connection => Run(connection, "UPDATE a SET n = n + 1;"));
        }

        Assert.Equal(10L, Scalar(database, "SELECT n FROM a;"));
    }

    private static int Run(Microsoft.Data.Sqlite.SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    [Fact]
    public void The_folder_is_made_and_every_schema_of_ours_opens()
    {
        foreach (var schema in new[] { DatabaseSchema.Journal, DatabaseSchema.Market, DatabaseSchema.Research })
        {
            using var database = SqliteDatabase.Open(Path.Combine(_folder, "deep", "er", schema.Name), schema, durable: false);
            Assert.Equal("ok", Scalar(database, "PRAGMA integrity_check;"));
        }
    }

    private static object? Scalar(SqliteDatabase database, string sql) => database.Use(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    });
}
