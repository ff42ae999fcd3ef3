using Microsoft.Data.Sqlite;

namespace TicketBot.Storage.Tests;

public sealed class SqliteRunStoreTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_finished_stage_is_found_again_and_its_first_output_kept()
    {
        using (var store = SqliteRunStore.Open(_folder["research.db"]))
        {
            Assert.Null(await store.ReadAsync("dense", "aa", None));
            await store.WriteAsync("dense", "aa", new byte[] { 1, 2, 3 }, None);
            await store.WriteAsync("dense", "aa", new byte[] { 9 }, None);
            await store.WriteAsync("prune", "aa", ReadOnlyMemory<byte>.Empty, None);
        }

        using var again = SqliteRunStore.Open(_folder["research.db"]);
        Assert.Equal(new byte[] { 1, 2, 3 }, await again.ReadAsync("dense", "aa", None));
        Assert.Equal(Array.Empty<byte>(), await again.ReadAsync("prune", "aa", None));
        Assert.Null(await again.ReadAsync("dense", "ab", None));
    }

    [Fact]
    public async Task A_damaged_output_is_refused()
    {
        using var store = SqliteRunStore.Open(_folder["research.db"]);
        await store.WriteAsync("dense", "aa", new byte[] { 1, 2, 3 }, None);
        using (var connection = new SqliteConnection($"Data Source={_folder["research.db"]};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE runs SET output = x'010203FF';";
            command.ExecuteNonQuery();
        }

        await Assert.ThrowsAsync<StorageException>(async () => await store.ReadAsync("dense", "aa", None));
    }
}
