namespace TicketBot.Storage.Tests;

public sealed class SqliteNativeTests
{
    [Fact]
    public void Says_where_the_library_came_from_and_that_is_the_one_in_use()
    {
        var source = SqliteNative.Init();
        Assert.Equal(source, SqliteNative.Init());
        var version = SQLitePCL.raw.sqlite3_libversion().utf8_to_string();
        Assert.True(source == "bundled" ? version == "3.35.5" : source.StartsWith("libsqlite3", StringComparison.Ordinal), $"{version} from {source}");
    }
}
