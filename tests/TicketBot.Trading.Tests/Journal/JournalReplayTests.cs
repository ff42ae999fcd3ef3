using NSubstitute;
using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Market.Regimes;
using TicketBot.Testing;
using TicketBot.Tickets;
using TicketBot.Trading.Journal;

#pragma warning disable CA2012 // Naming a call to a substitute is how its answer is set; nothing is awaited there.

namespace TicketBot.Trading.Tests.Journal;

public sealed class JournalReplayTests
{
    private readonly TicketSet _set = CoreHarness.Set(0.8, horizon: 3);

    [Fact]
    public async Task A_journal_with_a_restart_in_it_replays_to_the_same_decisions()
    {
        var (journal, h) = Record();

        var report = await ReplayAsync(new MemoryJournal(journal.Committed), h);

        Assert.Equal([], report.Differences);
        Assert.True(report.Outputs > 20);
    }

    [Fact]
    public async Task One_altered_payload_is_found()
    {
        var (journal, h) = Record();
        var records = journal.Committed.ToList();
        var i = records.FindIndex(r => r.Entry.Kind == FactJson.IntentKind);
        records[i] = records[i] with { Entry = records[i].Entry with { Payload = records[i].Entry.Payload.Replace("Buy", "Sell", StringComparison.Ordinal) } };

        var report = await ReplayAsync(new MemoryJournal(records), h);

        Assert.False(report.IsEqual);
        Assert.Equal(records[i].Sequence, report.Differences[0].Sequence);
    }

    [Fact]
    public async Task It_may_begin_at_a_start_and_decides_the_rest_just_so()
    {
        var (journal, h) = Record();
        var start = journal.Committed.Last(r => r.Entry.Kind == "start").Sequence;
        Assert.True(start > 10);

        var whole = await ReplayAsync(new MemoryJournal(journal.Committed), h);
        var rest = await ReplayAsync(new MemoryJournal(journal.Committed), h, start);

        Assert.Equal([], rest.Differences);
        Assert.Equal(journal.Committed.Count(r => r.Sequence >= start && FactJson.OutputKinds.Contains(r.Entry.Kind)), rest.Outputs);
        Assert.InRange(rest.Outputs, 10, whole.Outputs - 5);
        Assert.Equal("from", (await Assert.ThrowsAsync<ArgumentException>(() => ReplayAsync(new MemoryJournal(journal.Committed), h, start + 1))).ParamName);
    }

    private (MemoryJournal Journal, CoreHarness Harness) Record()
    {
        var first = new CoreHarness().StartReconciled(set: _set);
        for (var i = 0; i < 9; i++)
        {
            first.Step(0.001);
            first.Tick(1_000); // Ticks to which nothing follows but what the next line depends on.
            first.Tick(1_000);
            if (i == 4)
            {
                first.Send(new Fact.Commanded(OperatorCommand.Flatten, "between two candles"));
            }

            first.Tick(-2_000);
        }

        first.Journal.Commit();
        var second = new CoreHarness(journal: new MemoryJournal(first.Journal.Committed));
        second.StartReconciled(second.Core.Account.Wallet.Value, _set);
        for (var i = 0; i < 14; i++)
        {
            second.Step(-0.001);
        }

        second.Journal.Commit();
        return (second.Journal, second);
    }

    private async Task<ReplayReport> ReplayAsync(MemoryJournal journal, CoreHarness h, long from = 1)
    {
        var store = Substitute.For<ICandleStore>();
        store.ReadAsync(default, default, default, default, default).ReturnsForAnyArgs(
            new ValueTask<IReadOnlyList<Candle>>(h.Warmup.Values.Single()));
        var registry = Substitute.For<ITicketRegistry>();
        registry.FindRegimesAsync(default, default).ReturnsForAnyArgs(new ValueTask<RegimeSet?>(_set.Regimes));
        registry.FindAsync(default!, default).ReturnsForAnyArgs(call => new ValueTask<RegistryEntry?>(
            new RegistryEntry(_set.Tickets.Single(t => t.Id.Value == call.Arg<string>()), TicketState.Live, CoreHarness.Begin, "")));
        return await JournalReplay.RunAsync(journal, store, registry, h.Options, null, from, CancellationToken.None);
    }
}
