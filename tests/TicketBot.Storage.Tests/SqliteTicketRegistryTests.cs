using Microsoft.Data.Sqlite;
using TicketBot.Domain;
using TicketBot.Market.Regimes;
using TicketBot.Testing;
using TicketBot.Tickets;

namespace TicketBot.Storage.Tests;

public sealed class SqliteTicketRegistryTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Symbol Btc = TestTickets.Symbol;
    private static readonly Interval Quarter = Interval.FifteenMinutes;
    private static readonly RegimeSet Set1 = TestTickets.Regimes(1);
    private static readonly RegimeSet Set2 = TestTickets.Regimes(2);
    private static readonly Ticket Bull = TestTickets.Direction("calm-bull", 1);
    private static readonly Ticket Challenger = TestTickets.Direction("calm-bull", 2);
    private static readonly Ticket Bear = TestTickets.Direction("turbulent-bear", 3);
    private static readonly Ticket Refused = TestTickets.Direction("calm-sideways", 4, passed: false);
    private static readonly Ticket Next = TestTickets.Direction("calm-bull", 5, regimes: Set2);
    private readonly TemporaryFolder _folder = new();

    private string RegistryPath => _folder["research.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task New_tickets_are_candidates_and_storing_again_changes_nothing()
    {
        using var registry = await Filled();
        var revision = await registry.RevisionAsync(None);
        await registry.AddAsync(Btc, Quarter, Set1, [Bull, Refused], At(9), None);
        Assert.Equal(revision, await registry.RevisionAsync(None));
        var entries = await registry.ListAsync(null, null, null, None);
        Assert.Equal(4, entries.Count);
        Assert.All(entries, e => Assert.Equal((TicketState.Candidate, At(1)), (e.State, e.Since)));
        Assert.Null(await registry.ActiveSetAsync(Btc, Quarter, None));
    }

    [Fact]
    public async Task Activation_hands_out_the_set_with_its_live_tickets_also_to_another_process()
    {
        using var registry = await Filled();
        var before = await registry.RevisionAsync(None);
        await Activate(registry, Set1, (Bull, TicketState.Live), (Challenger, TicketState.Shadow), (Bear, TicketState.Live));
        Assert.True(await registry.RevisionAsync(None) > before);
        using var other = SqliteTicketRegistry.Open(RegistryPath);
        var active = await other.ActiveSetAsync(Btc, Quarter, None);
        Assert.Equal(Set1.Id, active!.Regimes.Id);
        Assert.Equal([Bull.Id, Bear.Id], active.Tickets.Select(t => t.Id));
        Assert.Equal(Challenger.Id, Assert.Single(await other.ListAsync(Btc, Quarter, TicketState.Shadow, None)).Ticket.Id);
        Assert.Empty(await other.ListAsync(new Symbol("ETHUSDT"), null, null, None));
        Assert.Null(await other.ActiveSetAsync(Btc, Interval.OneHour, None));
        Assert.Equal(Set1, await other.FindRegimesAsync(Set1.Id, None));
        Assert.Null(await other.FindRegimesAsync(Set2.Id, None));
    }

    [Fact]
    public async Task A_new_set_retires_the_live_tickets_of_the_old_one_and_a_set_without_tickets_may_be_in_force()
    {
        using var registry = await Filled();
        await Activate(registry, Set1, (Bull, TicketState.Live), (Challenger, TicketState.Shadow));
        await registry.AddAsync(Btc, Quarter, Set2, [Next], At(3), None);
        await Activate(registry, Set2, (Next, TicketState.Live));
        Assert.Equal([Next.Id], (await registry.ActiveSetAsync(Btc, Quarter, None))!.Tickets.Select(t => t.Id));
        Assert.Equal(TicketState.Retired, (await registry.FindAsync(Bull.Id.Value, None))!.State);
        Assert.Equal(TicketState.Shadow, (await registry.FindAsync(Challenger.Id.Value, None))!.State);

        await Activate(registry, Set1);
        var active = await registry.ActiveSetAsync(Btc, Quarter, None);
        Assert.Equal(Set1.Id, active!.Regimes.Id);
        Assert.Empty(active.Tickets);
    }

    [Fact]
    public async Task Activation_with_one_bad_ticket_changes_nothing_at_all()
    {
        using var registry = await Filled();
        await Activate(registry, Set1, (Bull, TicketState.Live));
        await registry.AddAsync(Btc, Quarter, Set2, [Next], At(3), None);
        var revision = await registry.RevisionAsync(None);
        (RegimeSet Set, (Ticket, TicketState)[] States)[] bad =
        [
            (Set1, [(Bear, TicketState.Live), (Refused, TicketState.Live)]),
            (Set1, [(Bear, TicketState.Live), (Refused, TicketState.Shadow)]),
            (Set1, [(Bull, TicketState.Live), (Challenger, TicketState.Live)]),
            (Set2, [(Next, TicketState.Live), (Bear, TicketState.Live)]),
            (Set1, [(Bear, TicketState.Live), (TestTickets.Direction(seed: 77), TicketState.Live)]),
            (TestTickets.Regimes(9), []),
        ];
        foreach (var (set, states) in bad)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => Activate(registry, set, states));
            Assert.Equal(revision, await registry.RevisionAsync(None));
            var active = await registry.ActiveSetAsync(Btc, Quarter, None);
            Assert.Equal((Set1.Id, Bull.Id), (active!.Regimes.Id, Assert.Single(active.Tickets).Id));
        }
    }

    [Fact]
    public async Task Only_a_ticket_that_passed_its_gates_becomes_live_or_shadow()
    {
        using var registry = await Filled();
        await Activate(registry, Set1);
        foreach (var state in new[] { TicketState.Live, TicketState.Shadow })
        {
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(
                async () => await registry.ChangeStateAsync(Refused.Id, state, "operator", At(5), None));
            Assert.Contains("gates", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(TicketState.Candidate, (await registry.FindAsync(Refused.Id.Value, None))!.State);
        await registry.ChangeStateAsync(Refused.Id, TicketState.Retired, "operator", At(5), None);
        Assert.Equal(TicketState.Retired, (await registry.FindAsync(Refused.Id.Value, None))!.State);
    }

    [Fact]
    public async Task The_file_itself_refuses_what_the_program_must_never_do()
    {
        using (var registry = await Filled())
        {
            await Activate(registry, Set1, (Bull, TicketState.Live));
        }

        Assert.Throws<SqliteException>(() => Execute($"UPDATE tickets SET state = 3 WHERE id = '{Refused.Id}';"));
        Assert.Throws<SqliteException>(() => Execute($"UPDATE tickets SET state = 3 WHERE id = '{Challenger.Id}';"));
    }

    [Fact]
    public async Task One_ticket_is_live_per_regime_and_the_replaced_one_is_retired()
    {
        using var registry = await Filled();
        await Activate(registry, Set1, (Bull, TicketState.Live), (Challenger, TicketState.Shadow), (Bear, TicketState.Live));
        await registry.ChangeStateAsync(Challenger.Id, TicketState.Live, "beat the champion", At(6), None);
        Assert.Equal([Challenger.Id, Bear.Id], (await registry.ActiveSetAsync(Btc, Quarter, None))!.Tickets.Select(t => t.Id));
        var retired = (await registry.FindAsync(Bull.Id.Value, None))!;
        Assert.Equal((TicketState.Retired, At(6)), (retired.State, retired.Since));
        Assert.Contains(Challenger.Id.Short, retired.Reason, StringComparison.Ordinal);
        Assert.Equal(
            [(null, TicketState.Candidate), (TicketState.Candidate, TicketState.Live), (TicketState.Live, (TicketState?)TicketState.Retired)],
            (await registry.HistoryAsync(Bull.Id, None)).Select(c => (c.From, c.To)));
        Assert.Equal(Challenger.Id, (await registry.ListAsync(null, null, null, None))[0].Ticket.Id);
    }

    [Fact]
    public async Task A_ticket_of_a_set_that_is_not_in_force_does_not_become_live_alone()
    {
        using var registry = await Filled();
        await registry.AddAsync(Btc, Quarter, Set2, [Next], At(3), None);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await registry.ChangeStateAsync(Bull.Id, TicketState.Live, "x", At(4), None));
        await Activate(registry, Set1, (Bull, TicketState.Live));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await registry.ChangeStateAsync(Next.Id, TicketState.Live, "x", At(4), None));
        Assert.Equal(TicketState.Live, (await registry.FindAsync(Bull.Id.Value, None))!.State);
    }

    [Fact]
    public async Task A_ticket_is_found_by_its_id_or_a_prefix_that_only_it_has()
    {
        using var registry = await Filled();
        Assert.Equal(Bear.Id, (await registry.FindAsync(Bear.Id.Short, None))!.Ticket.Id);
        Assert.Equal(Bear.Id, (await registry.FindAsync(Bear.Id.Value.ToUpperInvariant(), None))!.Ticket.Id);
        Assert.Null(await registry.FindAsync("", None));
        Assert.Null(await registry.FindAsync("zz", None));
        var shared = Enumerable.Range(100, 40).Select(seed => TestTickets.Direction(seed: (ulong)seed)).GroupBy(t => t.Id.Value[0]).First(g => g.Count() > 1);
        await registry.AddAsync(Btc, Quarter, Set1, [.. shared], At(2), None);
        Assert.Null(await registry.FindAsync(shared.Key.ToString(), None));
    }

    [Fact]
    public async Task An_unknown_ticket_is_named()
    {
        using var registry = await Filled();
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await registry.ChangeStateAsync(Next.Id, TicketState.Retired, "x", At(4), None));
        Assert.Contains(Next.Id.Value, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tickets_that_do_not_belong_to_the_set_are_not_stored()
    {
        using var registry = SqliteTicketRegistry.Open(RegistryPath);
        await Assert.ThrowsAsync<ArgumentException>(async () => await registry.AddAsync(Btc, Quarter, Set1, [Bull, Next], At(1), None));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await registry.AddAsync(Btc, Quarter, Set1, [Ticket.Seal(Bull with { Regime = "sunny" })], At(1), None));
        await Assert.ThrowsAsync<ArgumentException>(async () => await registry.AddAsync(Btc, Quarter, Set1, [Bull with { Temperature = 9 }], At(1), None));
        Assert.Empty(await registry.ListAsync(null, null, null, None));
    }

    [Fact]
    public async Task A_damaged_ticket_does_not_trade_and_is_an_error_where_it_is_asked_for()
    {
        using (var registry = await Filled())
        {
            await Activate(registry, Set1, (Bull, TicketState.Live));
        }

        var path = Path.Combine(_folder, "tickets", Bull.Id.Value + TicketFile.Extension);
        var bytes = File.ReadAllBytes(path);
        bytes[^100] ^= 1;
        File.WriteAllBytes(path, bytes);
        using var again = SqliteTicketRegistry.Open(RegistryPath);
        Assert.Empty((await again.ActiveSetAsync(Btc, Quarter, None))!.Tickets);
        Assert.DoesNotContain(await again.ListAsync(Btc, Quarter, null, None), e => e.Ticket.Id == Bull.Id);
        var refused = await Assert.ThrowsAsync<TicketFileException>(async () => await again.FindAsync(Bull.Id.Value, None));
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TicketFileException>(async () => await again.AddAsync(Btc, Quarter, Set1, [Bull], At(9), None));
    }

    [Fact]
    public async Task Two_processes_that_fight_over_one_regime_leave_one_live_ticket()
    {
        using var one = await Filled();
        using var two = SqliteTicketRegistry.Open(RegistryPath);
        await Activate(one, Set1, (Bull, TicketState.Shadow), (Challenger, TicketState.Shadow));
        await Task.WhenAll(
            Task.Run(async () => await Fight(one, Bull)), Task.Run(async () => await Fight(two, Challenger)));
        Assert.Single(await one.ListAsync(Btc, Quarter, TicketState.Live, None));
        var live = 0;
        foreach (var change in (await one.HistoryAsync(null, None)).Where(c => c.TicketId is not null))
        {
            live += change.To == TicketState.Live ? 1 : change.From == TicketState.Live ? -1 : 0;
            Assert.InRange(live, 0, 1);
        }

        static async Task Fight(SqliteTicketRegistry registry, Ticket ticket)
        {
            for (var i = 0; i < 20; i++)
            {
                await registry.ChangeStateAsync(ticket.Id, TicketState.Live, "fight", At(i), None);
                await registry.ChangeStateAsync(ticket.Id, TicketState.Shadow, "rest", At(i), None);
            }

            await registry.ChangeStateAsync(ticket.Id, TicketState.Live, "last word", At(99), None);
        }
    }

    private static Instant At(int minute) => new(1_720_000_000_000 + (minute * 60_000L));

    private static async Task Activate(SqliteTicketRegistry registry, RegimeSet set, params (Ticket Ticket, TicketState State)[] states) =>
        await registry.ActivateAsync(Btc, Quarter, set.Id, states.ToDictionary(s => s.Ticket.Id, s => s.State), "re-identified", At(2), None);

    private async Task<SqliteTicketRegistry> Filled()
    {
        var registry = SqliteTicketRegistry.Open(RegistryPath);
        await registry.AddAsync(Btc, Quarter, Set1, [Bull, Challenger, Bear, Refused], At(1), None);
        return registry;
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={RegistryPath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
