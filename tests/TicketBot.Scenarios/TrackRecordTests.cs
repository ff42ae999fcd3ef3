using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Scenarios.Running;
using TicketBot.Trading.Journal;

namespace TicketBot.Scenarios;

/// <summary>What live tickets said is held against them signal by signal, and a kill between two signals loses and doubles none.</summary>
[Collection(DaemonCollection.Name)]
public sealed class TrackRecordTests(PreparedTickets prepared)
{
    [Fact]
    public async Task A_kill_changes_nothing_in_the_records_of_the_live_tickets()
    {
        using var folder = prepared.NewFolder();
        string[] Arguments(string speed) => [.. PreparedTickets.Market, "--data-folder", folder.Path, "--speed", speed, "--set", "Host:Jobs:Enabled=false"];

        IReadOnlyList<JsonElement> before;
        await using (var first = DaemonProcess.Start(Arguments("5000")))
        {
            await first.ReadyAsync(PreparedTickets.StartLimit);
            before = await RecordsAsync(first, 25);
            await first.KillAsync();
        }

        // From here on a candle takes minutes: nothing is added while it is compared.
        IReadOnlyList<JsonElement> second, third;
        await using (var daemon = DaemonProcess.Start(Arguments("2")))
        {
            await daemon.ReadyAsync(PreparedTickets.StartLimit);
            second = await RecordsAsync(daemon, before.Sum(Signals));
            await daemon.KillAsync();
        }

        await using (var daemon = DaemonProcess.Start(Arguments("2")))
        {
            await daemon.ReadyAsync(PreparedTickets.StartLimit);
            third = await RecordsAsync(daemon, second.Sum(Signals));
        }

        Assert.Equal(second.Select(r => r.GetRawText()), third.Select(r => r.GetRawText()));
        Assert.All(second, r => Assert.True(r.GetProperty("outOfSample").GetInt32() > 0));

        // What the first daemon counted while it traded is what the journal says, counted by hand.
        var journal = await JournalFile.ReadAsync(folder);
        var closes = journal.Facts.Select(f => f.Fact).OfType<Fact.CandleClosed>().DistinctBy(c => c.Candle.OpenTime).ToDictionary(c => c.Series.Interval.CloseOf(c.Candle.OpenTime), c => c.Candle.Close);
        foreach (var record in before)
        {
            var signals = journal.Facts.Select(f => f.Fact).OfType<Fact.Decided>().Select(f => f.Decision)
                .Where(d => d.Signal is not null && d.Ticket?.Value == record.GetProperty("ticket").GetString()).Take(Signals(record)).ToList();
            var hits = signals.Count(d => (d.Signal == Side.Buy) == (closes[d.Series.Interval.Shift(d.Time, 1)] > closes[d.Time]));
            Assert.Equal((double)hits / signals.Count, record.GetProperty("hitRate").GetDouble(), 1e-12);
        }
    }

    [Fact]
    public async Task Tickets_whose_edge_has_gone_retire_though_no_job_runs()
    {
        // The same market but for its edge: what announced the next candle's direction with 0.75 announces nothing.
        using var tickets = prepared.NewFolder();
        using var folder = new ScenarioFolder();
        string[] arguments =
        [
            "run", "--port", "0", "--market", "planted:0.5", "--seed", $"{PreparedTickets.Seed}", "--set", "Simulator:HistoryCandles=20000", "--set", "Research:TicketLifeDays=3650",
            "--set", "Host:Jobs:Enabled=false", "--data-folder", folder.Path, "--speed", "0",
        ];
        await using (var empty = DaemonProcess.Start(arguments))
        {
            await empty.ReadyAsync(PreparedTickets.StartLimit);
            await empty.KillAsync();
        }

        var from = Path.GetDirectoryName(tickets.FileOf("research.db"))!;
        var to = Path.GetDirectoryName(folder.FileOf("research.db"))!;
        Directory.Delete(to, recursive: true);
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await using var daemon = DaemonProcess.Start(arguments);
        await daemon.ReadyAsync(PreparedTickets.StartLimit);
        List<JsonElement> all = [];
        await daemon.UntilAsync(
            _ =>
            {
                all = [.. daemon.GetAsync("/api/tickets").GetAwaiter().GetResult().EnumerateArray()];
                return all.Count > 0 && all.All(t => t.GetProperty("state").GetString() != "live");
            },
            TimeSpan.FromSeconds(120), "no live ticket left");

        var retired = all.Where(t => t.GetProperty("reason").GetString()!.StartsWith("stated confidence: ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(retired);
        Assert.All(retired, t => Assert.Contains("has reached 200 times its stake", t.GetProperty("reason").GetString(), StringComparison.Ordinal));
    }

    private static int Signals(JsonElement record) => record.GetProperty("signals").GetInt32();

    private static async Task<IReadOnlyList<JsonElement>> RecordsAsync(DaemonProcess daemon, int signals)
    {
        List<JsonElement> records = [];
        await daemon.UntilAsync(
            _ =>
            {
                records = [.. daemon.GetAsync("/api/tickets").GetAwaiter().GetResult().EnumerateArray().Where(t => t.TryGetProperty("record", out var r) && Signals(r) > 0)
                    .Select(t => t.GetProperty("record")).OrderBy(r => r.GetProperty("ticket").GetString(), StringComparer.Ordinal)];
                return records.Sum(Signals) >= signals;
            },
            TimeSpan.FromSeconds(120), $"{signals} signals with outcome");
        return records;
    }
}
