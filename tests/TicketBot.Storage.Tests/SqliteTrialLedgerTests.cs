using Microsoft.Data.Sqlite;
using TicketBot.Domain;
using TicketBot.Tickets;

namespace TicketBot.Storage.Tests;

public sealed class SqliteTrialLedgerTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TemporaryFolder _folder = new();

    private string LedgerPath => _folder["research.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Counts_distinct_configurations_on_overlapping_data_of_the_symbol()
    {
        using var ledger = SqliteTrialLedger.Open(LedgerPath);
        foreach (var trial in new[] { Make("a", 0, 10), Make("a", 5, 15), Make("b", 5, 15), Make("c", 20, 30), Make("d", 0, 30) with { Symbol = new Symbol("ETHUSDT") } })
        {
            await ledger.AppendAsync(trial, At(1), None);
        }

        Assert.Equal(2, await Count(0, 12));
        Assert.Equal(1, await Count(0, 5));
        Assert.Equal(0, await Count(15, 20));
        Assert.Equal(3, await Count(14, 21));
        Assert.Null(await ledger.VerifyAsync(None));

        async Task<int> Count(int from, int until) => await ledger.CountAsync(Candles.Btc, At(from), At(until), None);
    }

    [Fact]
    public async Task Lists_trials_on_overlapping_data_of_the_symbol_in_the_order_of_their_entry()
    {
        using var ledger = SqliteTrialLedger.Open(LedgerPath);
        Trial[] trials = [Make("b", 5, 15), Make("a", 0, 10), Make("c", 20, 30), Make("d", 0, 30) with { Symbol = new Symbol("ETHUSDT") }];
        foreach (var trial in trials)
        {
            await ledger.AppendAsync(trial, At(1), None);
        }

        Assert.Equal(trials[..2], await ledger.ListAsync(Candles.Btc, At(8), At(20), None));
        Assert.Empty(await ledger.ListAsync(Candles.Btc, At(15), At(20), None));
    }

    [Fact]
    public async Task The_same_configuration_on_the_same_span_is_kept_once()
    {
        using var ledger = SqliteTrialLedger.Open(LedgerPath);
        await ledger.AppendAsync(Make("a", 0, 10), At(1), None);
        await ledger.AppendAsync(Make("a", 0, 10) with { Score = 9 }, At(2), None);
        await ledger.AppendAsync(Make("b", 0, 10), At(3), None);
        Assert.Equal(2L, Query("SELECT COUNT(*) FROM trials;"));
        Assert.Equal(0.25, Query("SELECT score FROM trials WHERE sequence = 1;"));
        Assert.Null(await ledger.VerifyAsync(None));
    }

    [Fact]
    public async Task Rows_are_neither_changed_nor_deleted()
    {
        using var ledger = await Filled();
        Assert.Throws<SqliteException>(() => Query("UPDATE trials SET score = 1 WHERE sequence = 2;"));
        Assert.Throws<SqliteException>(() => Query("DELETE FROM trials WHERE sequence = 2;"));
        Assert.Null(await ledger.VerifyAsync(None));
    }

    [Theory]
    [InlineData("UPDATE trials SET score = 0.26 WHERE sequence = 3;", 3)]
    [InlineData("UPDATE trials SET what = 'better' WHERE sequence = 1;", 1)]
    [InlineData("UPDATE trials SET at_ms = at_ms + 1 WHERE sequence = 5;", 5)]
    [InlineData("DELETE FROM trials WHERE sequence = 2;", 2)]
    [InlineData("DELETE FROM trials WHERE sequence = 5;", 5)]
    [InlineData("DELETE FROM trials WHERE sequence > 3;", 4)]
    [InlineData("DELETE FROM trials;", 1)]
    [InlineData("INSERT INTO trials SELECT 6, at_ms, symbol, interval, 'x', from_ms, until_ms, score, what, hash FROM trials WHERE sequence = 5;", 6)]
    [InlineData("DELETE FROM ledger_head;", 6)]
    public async Task A_break_of_the_chain_is_found_at_its_first_row(string tampering, long row)
    {
        using (await Filled())
        {
        }

        Query($"DROP TRIGGER trials_stay; DROP TRIGGER trials_last; {tampering}");
        using var ledger = SqliteTrialLedger.Open(LedgerPath);
        Assert.Equal(row, await ledger.VerifyAsync(None));
    }

    [Fact]
    public async Task Two_processes_append_to_one_chain()
    {
        using var one = SqliteTrialLedger.Open(LedgerPath);
        using var two = SqliteTrialLedger.Open(LedgerPath);
        await Task.WhenAll(Task.Run(() => Append(one, "a")), Task.Run(() => Append(two, "b")));
        Assert.Equal(50, await one.CountAsync(Candles.Btc, At(0), At(10), None));
        Assert.Null(await two.VerifyAsync(None));

        static async Task Append(SqliteTrialLedger ledger, string name)
        {
            for (var i = 0; i < 25; i++)
            {
                await ledger.AppendAsync(Make($"{name}{i}", 0, 10), At(i), None);
            }
        }
    }

    [Fact]
    public async Task A_trial_without_a_number_or_a_span_is_refused()
    {
        using var ledger = SqliteTrialLedger.Open(LedgerPath);
        await Assert.ThrowsAsync<ArgumentException>(async () => await ledger.AppendAsync(Make("a", 0, 10) with { Score = double.NaN }, At(1), None));
        await Assert.ThrowsAsync<ArgumentException>(async () => await ledger.AppendAsync(Make("a", 10, 10), At(1), None));
    }

    private static Instant At(int hour) => new(1_720_000_000_000 + (hour * 3_600_000L));

    private static Trial Make(string configuration, int from, int until) =>
        new(Candles.Btc, Interval.FifteenMinutes, configuration, At(from), At(until), 0.25, "density 0.2");

    private async Task<SqliteTrialLedger> Filled()
    {
        var ledger = SqliteTrialLedger.Open(LedgerPath);
        for (var i = 0; i < 5; i++)
        {
            await ledger.AppendAsync(Make($"c{i}", 0, 10), At(i), None);
        }

        return ledger;
    }

    private object? Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={LedgerPath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
