using Microsoft.Data.Sqlite;
using TicketBot.Domain;
using TicketBot.Storage.Migrations;
using TicketBot.Trading.Journal;

namespace TicketBot.Storage.Tests;

public sealed class SqliteJournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string JournalPath => _folder["journal.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Entries_and_the_folder_identity_survive_a_restart()
    {
        string identity;
        await using (var journal = SqliteJournal.Open(JournalPath))
        {
            identity = journal.FolderIdentity;
            Assert.Matches("^[0-9a-f]{16}$", identity);
            Assert.Equal(1, journal.Append(Entry("event.candle", 1)));
            Assert.Equal(2, journal.Append(Entry("decision", 2, cause: 1)));
            journal.Commit();
        }

        await using var again = SqliteJournal.Open(JournalPath);
        Assert.Equal(identity, again.FolderIdentity);
        Assert.Equal([new(1, Entry("event.candle", 1)), new(2, Entry("decision", 2, cause: 1))], again.Read(1));
        Assert.Equal(3, again.Append(Entry("decision", 3, cause: 2)));
    }

    [Fact]
    public async Task A_batch_that_another_process_holds_up_stays_open_and_is_committed_when_it_lets_go()
    {
        await using var journal = SqliteJournal.Open(JournalPath);
        journal.Append(Entry("a", 1));
        using (var other = new SqliteConnection($"Data Source={JournalPath};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction(deferred: false);
            Assert.Throws<StorageException>(journal.Commit);
            Assert.Empty(journal.Read(1));
            Assert.Equal(2, journal.Append(Entry("b", 2, cause: 1)));
        }

        journal.Commit();

        Assert.Equal(["a", "b"], journal.Read(1).Select(r => r.Entry.Kind));
    }

    [Fact]
    public async Task What_was_not_committed_is_neither_seen_nor_kept()
    {
        await using (var journal = SqliteJournal.Open(JournalPath))
        {
            journal.Append(Entry("a", 1));
            journal.Commit();
            journal.Append(Entry("b", 2));
            Assert.Single(journal.Read(1));
            Assert.Null(journal.Find(2));
            Assert.Single(journal.ReadNewest(10));
        }

        await using var again = SqliteJournal.Open(JournalPath);
        Assert.Single(again.Read(1));
        Assert.Equal(2, again.Append(Entry("c", 3)));
    }

    [Fact]
    public async Task Reads_by_kind_from_a_number_and_newest_first()
    {
        await using var journal = SqliteJournal.Open(JournalPath);
        for (var i = 1; i <= 9; i++)
        {
            journal.Append(Entry(i % 3 == 0 ? "decision" : i % 3 == 1 ? "event.candle" : "intent", i));
        }

        journal.Commit();
        Assert.Equal([3L, 6, 9], journal.Read(1, ["decision"]).Select(r => r.Sequence));
        Assert.Equal([5L, 6, 8, 9], journal.Read(5, ["decision", "intent"]).Select(r => r.Sequence));
        Assert.Equal([9L, 8, 6], journal.ReadNewest(3, ["decision", "intent"]).Select(r => r.Sequence));
        Assert.Equal([7L, 4], journal.ReadNewest(2, ["event.candle"]).Select(r => r.Sequence));
        Assert.Equal([9L, 8], journal.ReadNewest(2).Select(r => r.Sequence));
        Assert.Empty(journal.ReadNewest(5, []));
        Assert.Equal("event.candle", journal.Find(7)?.Entry.Kind);
        Assert.Null(journal.Find(10));
    }

    [Fact]
    public async Task Reading_walks_over_pages_without_a_gap_while_the_writer_goes_on()
    {
        await using var journal = SqliteJournal.Open(JournalPath);
        AppendMany(journal, 5_001);
        await using var reader = SqliteJournal.OpenReader(JournalPath);
        var seen = new List<long>();
        foreach (var record in reader.Read(1))
        {
            if (record.Sequence == 2_500)
            {
                AppendMany(journal, 10);
            }

            seen.Add(record.Sequence);
        }

        Assert.Equal(Enumerable.Range(1, 5_011).Select(i => (long)i), seen);
    }

    [Fact]
    public async Task A_reader_sees_only_whole_batches_while_the_writer_writes()
    {
        const int batches = 200, size = 25;
        await using var journal = SqliteJournal.Open(JournalPath);
        await using var reader = SqliteJournal.OpenReader(JournalPath);
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < batches; i++)
            {
                AppendMany(journal, size);
            }
        });
        var looks = 0;
        while (!writing.IsCompleted || looks == 0)
        {
            var count = reader.ReadNewest(1) is [var newest] ? newest.Sequence : 0;
            Assert.Equal(0, count % size);
            looks++;
        }

        await writing;
        Assert.Equal(batches * size, reader.Read(1).Count());
    }

    [Fact]
    public async Task A_second_writer_is_refused_and_told_who_holds_the_journal()
    {
        await using (SqliteJournal.Open(JournalPath))
        {
            var refused = Assert.Throws<StorageException>(() => SqliteJournal.Open(JournalPath));
            Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", refused.Message, StringComparison.Ordinal);
        }

        await using var next = SqliteJournal.Open(JournalPath);
        Assert.Empty(next.Read(1));
    }

    [Fact]
    public async Task The_lock_of_a_writer_process_that_was_killed_is_taken_over()
    {
        await (SqliteJournal.Open(JournalPath)).DisposeAsync();

        // What a killed process leaves: both files, and no lock held by the system.
        File.WriteAllText(JournalPath + ".owner", """{"Host":"elsewhere","Pid":99999}""");
        Assert.True(File.Exists(JournalPath + ".lock"));
        await using var journal = SqliteJournal.Open(JournalPath);
        Assert.Contains($"{Environment.ProcessId}", File.ReadAllText(JournalPath + ".owner"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_writer_killed_in_mid_transaction_leaves_the_last_commit()
    {
        await (SqliteJournal.Open(JournalPath)).DisposeAsync();
        await using (var journal = SqliteJournal.Open(JournalPath))
        {
            AppendMany(journal, 3);

            // A crash is a copy of the files as they lie: database and WAL, the WAL torn in its last frame.
            File.Copy(JournalPath, _folder["crashed.db"]);
            var wal = File.ReadAllBytes(JournalPath + "-wal");
            AppendMany(journal, 3);
            var longer = File.ReadAllBytes(JournalPath + "-wal");
            Assert.True(longer.Length > wal.Length);
            File.WriteAllBytes(_folder["crashed.db-wal"], longer[..(wal.Length + ((longer.Length - wal.Length) / 2))]);
        }

        await using var recovered = SqliteJournal.Open(_folder["crashed.db"]);
        Assert.Equal([1L, 2, 3], recovered.Read(1).Select(r => r.Sequence));
        Assert.Equal(4, recovered.Append(Entry("a", 1)));
    }

    [Fact]
    public async Task A_journal_of_a_newer_version_is_refused_by_writer_and_reader_and_left_as_it_was()
    {
        await (SqliteJournal.Open(JournalPath)).DisposeAsync();
        Execute(JournalPath, "PRAGMA user_version=99;");
        foreach (var refused in new[]
        {
            Assert.Throws<StorageException>(() => SqliteJournal.Open(JournalPath)),
            Assert.Throws<StorageException>(() => SqliteJournal.OpenReader(JournalPath)),
        })
        {
            Assert.Contains("version 99", refused.Message, StringComparison.Ordinal);
            Assert.Contains("newer", refused.Message, StringComparison.Ordinal);
        }

        Execute(JournalPath, $"PRAGMA user_version={DatabaseSchema.Journal.Version};");
        await using var journal = SqliteJournal.Open(JournalPath);
    }

    [Fact]
    public async Task Entries_can_be_neither_changed_nor_deleted()
    {
        await using (var journal = SqliteJournal.Open(JournalPath))
        {
            AppendMany(journal, 2);
        }

        Assert.Throws<SqliteException>(() => Execute(JournalPath, "UPDATE entries SET payload = '{}' WHERE sequence = 1;"));
        Assert.Throws<SqliteException>(() => Execute(JournalPath, "DELETE FROM entries WHERE sequence = 2;"));
    }

    [Fact]
    public async Task A_reader_does_not_write_and_a_cause_lies_before_its_entry()
    {
        await using var journal = SqliteJournal.Open(JournalPath);
        Assert.Throws<InvalidOperationException>(() => journal.Append(Entry("a", 1, cause: 1)));
        await using var reader = SqliteJournal.OpenReader(JournalPath);
        Assert.Throws<InvalidOperationException>(() => reader.Append(Entry("a", 1)));
        Assert.Equal(journal.FolderIdentity, reader.FolderIdentity);
    }

    [Fact]
    public void A_reader_of_a_journal_that_is_not_there_is_told_so()
    {
        Assert.Contains("does not exist", Assert.Throws<StorageException>(() => SqliteJournal.OpenReader(JournalPath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        File.WriteAllText(JournalPath, new string('x', 5_000));
        Assert.Contains("no SQLite database", Assert.Throws<StorageException>(() => SqliteJournal.Open(JournalPath)).Message, StringComparison.Ordinal);
        File.Delete(JournalPath);
        await using var journal = SqliteJournal.Open(JournalPath);
        Assert.Empty(journal.Read(1));
    }

    [Fact]
    public async Task The_journal_in_memory_answers_like_the_one_on_disk()
    {
        await using var disk = SqliteJournal.Open(JournalPath);
        await using var memory = new InMemoryJournal(disk.FolderIdentity);
        foreach (IJournal journal in new IJournal[] { disk, memory })
        {
            AppendMany(journal, 7);
            journal.Append(Entry("tail", 1));
        }

        Assert.Equal(disk.FolderIdentity, memory.FolderIdentity);
        Assert.Equal(disk.Read(2), memory.Read(2));
        Assert.Equal(disk.Read(0, ["k1"]), memory.Read(0, ["k1"]));
        Assert.Equal(disk.ReadNewest(3, ["k1", "k2"]), memory.ReadNewest(3, ["k1", "k2"]));
        Assert.Equal(disk.Find(8), memory.Find(8));
        Assert.Equal(disk.Find(0), memory.Find(0));
        Assert.Throws<InvalidOperationException>(() => memory.Append(Entry("a", 1, cause: 99)));
    }

    private static void AppendMany(IJournal journal, int count)
    {
        for (var i = 0; i < count; i++)
        {
            journal.Append(Entry($"k{i % 4}", i));
        }

        journal.Commit();
    }

    private static JournalEntry Entry(string kind, long time, long? cause = null) =>
        new(new Instant(1_700_000_000_000 + time), kind, time % 2 == 0 ? "BTCUSDT" : "", """{"close":30000.5,"text":"ü"}""", cause);

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
