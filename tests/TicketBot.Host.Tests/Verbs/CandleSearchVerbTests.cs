using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Host.Searches;
using TicketBot.Storage;
using TicketBot.Testing;

namespace TicketBot.Host.Tests.Verbs;

public sealed class CandleSearchVerbTests
{
    private static readonly string[] Small =
    [
        "--budget", "4", "--population", "4", "--places", "1", "--widths", "4,8", "--epochs", "1", "--finalists", "2", "--retest-seeds", "2", "--latency", "none",
        "--set", "Research:Folds=1", "--set", "Research:Epochs=2", "--set", "Research:Densities=0.3", "--set", "Research:MinTrainRows=500", "--set", "Research:RandomMaskDraws=1",
    ];

    [Fact]
    public async Task Candles_go_through_search_and_gates_and_every_trial_into_the_chain_of_the_ledger()
    {
        using var folder = new VerbFolder();
        var page = folder["search.html"];
        var (code, document) = await folder.JsonAsync(["search", "--data", folder.Candles(3_000), .. Small, "--report", page]);
        Assert.Equal(0, code);
        Assert.Equal(4, document.GetProperty("trials").GetArrayLength());
        var best = document.GetProperty("best");
        Assert.Equal(best.GetProperty("searchScore").GetDouble() - best.GetProperty("retestScore").GetDouble(), best.GetProperty("shrinkage").GetDouble(), 12);
        var candles = document.GetProperty("candles");
        Assert.Equal(("BTCUSDT", "15m", 6, "notEligible"), (candles.GetProperty("symbol").GetString(), candles.GetProperty("interval").GetString(), candles.GetProperty("ledgerEntries").GetInt32(), candles.GetProperty("verdict").GetString()));
        Assert.NotEmpty(candles.GetProperty("tickets").GetProperty("tickets").EnumerateArray().First().GetProperty("gates").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, candles.GetProperty("admission").ValueKind);
        Assert.True(string.CompareOrdinal(candles.GetProperty("trialSpan").GetProperty("until").GetString(), candles.GetProperty("testSpan").GetProperty("from").GetString()) <= 0);

        using (var ledger = SqliteTrialLedger.Open(Path.Combine(folder["data"], "searches.db")))
        {
            var entries = await ledger.ListAsync(new Symbol("BTCUSDT"), new Instant(0), new Instant(long.MaxValue / 2), CancellationToken.None);
            Assert.Equal(6, entries.Count(e => e.What.StartsWith("search ", StringComparison.Ordinal)));
            Assert.Null(await ledger.VerifyAsync(CancellationToken.None));
        }

        Assert.Contains("Architectures for BTCUSDT 15m", await File.ReadAllTextAsync(page), StringComparison.Ordinal);
        var kept = Assert.Single(new SearchArchive(folder.Data.SharedSearchesFolder).All());
        Assert.Equal(("BTCUSDT_15m", true, "notEligible", 4), (kept.Key, kept.Search.IsDone, kept.Search.Verdict, kept.Search.Trials.Count));
        Assert.False(File.Exists(folder.Data.ResearchDatabase)); // A file belongs to no account.

        var again = (await folder.JsonAsync(["search", "--data", folder.Candles(3_000), .. Small])).Document;
        Assert.All(
            document.EnumerateObject().Where(field => field.Name is not ("seconds" or "candles")), field => Assert.Equal(field.Value.GetRawText(), again.GetProperty(field.Name).GetRawText()));
    }

    [Fact]
    public async Task Candles_of_the_store_are_searched_and_their_tickets_stand_in_the_registry()
    {
        using var folder = new VerbFolder();
        await StoreAsync(folder);
        var (code, output, error) = await folder.RunAsync(["search", "--symbol", "BTCUSDT", "--interval", "15m", .. Small]);
        Assert.True(code == 0, error);
        Assert.Contains("verdict: notEligible; registry: no champion", output.Replace("no ticket passed", "no champion", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("within one standard error", output, StringComparison.Ordinal);
        var (key, search) = Assert.Single(new SearchArchive(folder.Data.SearchesFolder).All());
        Assert.Equal(("BTCUSDT_15m", true), (key, search.IsDone));
        Assert.Contains("4 architectures tried, best ", search.Outcome(), StringComparison.Ordinal);
        using (var registry = SqliteTicketRegistry.Open(folder.Data.ResearchDatabase))
        {
            var stored = await registry.ListAsync(new Symbol("BTCUSDT"), Interval.FifteenMinutes, null, CancellationToken.None);
            Assert.NotEmpty(stored);
            Assert.All(stored, e => Assert.Equal(search.Chosen, JsonDocument.Parse(e.Ticket.Lineage.Settings).RootElement.GetProperty("Research").GetProperty("Architecture").GetString()));
        }
    }

    [Fact]
    public async Task The_job_searches_what_the_daemon_trades_and_goes_on_at_the_candles_it_was_interrupted_at()
    {
        using var folder = new VerbFolder();
        await StoreAsync(folder);
        string[] job =
        [
            "job", "run", "architectureSearch", "--set", "Trading:Interval=15m", "--set", "Trading:Symbols:0=BTCUSDT", "--set", "Research:ArchitectureSearch:Trials=3", "--set", "Research:ArchitectureSearch:Population=4",
            "--set", "Research:ArchitectureSearch:Tournament=2", "--set", "Research:ArchitectureSearch:Finalists=1", "--set", "Research:ArchitectureSearch:RetestSeeds=2",
            "--set", "Research:ArchitectureSearch:MaxParameters=2000", .. Small[Array.IndexOf(Small, "--set")..],
        ];
        var (code, output, error) = await folder.RunAsync(job);
        Assert.True(code == 0, error);
        Assert.StartsWith("3 architectures tried, best ", output, StringComparison.Ordinal);
        Assert.Contains("; tickets drawn from ", output, StringComparison.Ordinal);

        // As if it had been killed: an open search of older candles is there, and newer candles have come meanwhile.
        var archive = new SearchArchive(folder.Data.SearchesFolder);
        var done = archive.Find("BTCUSDT 15m")!;
        await archive.KeepAsync(new SearchRecord { Name = "BTCUSDT 15m open", Source = "", AsOfMs = done.AsOfMs, Plan = done.Plan }, CancellationToken.None);
        await StoreAsync(folder, 3_020);
        (code, output, error) = await folder.RunAsync(job);
        Assert.True(code == 0, error);
        Assert.Contains("was interrupted and goes on", error, StringComparison.Ordinal);
        var resumed = archive.Find("BTCUSDT 15m")!;
        Assert.Equal((done.AsOfMs, done.Outcome().Split(';')[0]), (resumed.AsOfMs, resumed.Outcome().Split(';')[0]));
        Assert.Null(archive.Find("BTCUSDT 15m open"));

        (_, _, error) = await folder.RunAsync(job);
        Assert.DoesNotContain("goes on", error, StringComparison.Ordinal);
        Assert.True(archive.Find("BTCUSDT 15m")!.AsOfMs > done.AsOfMs);
    }

    [Theory]
    [InlineData("", "search needs rows: --data FILE")]
    [InlineData("--dataset t.csv --data c.csv", "--dataset is a labelled table and --data names candles")]
    [InlineData("--dataset t.csv --label y --symbol BTCUSDT", "--symbol names candles")]
    [InlineData("--dataset t.csv", "--dataset needs --label NAME")]
    [InlineData("--dataset t.csv --label y --tickets false", "--tickets belongs to candles")]
    [InlineData("--data c.csv --label y", "--label belongs to a labelled table")]
    [InlineData("--data c.csv --raw", "leave --raw out")]
    [InlineData("--symbol BTCUSDT", "found no --interval")]
    [InlineData("--symbol BTCUSDT --interval 15m", "has no candle of BTCUSDT 15m")]
    [InlineData("--symbol BTCUSDT --interval 15m --window 65", "--window: expected 1 to 64 candles")]
    [InlineData("--data a_BTCUSDT_1h.csv --data b_ETHUSDT_1h.csv --symbol BTCUSDT", "describe one file, 2 were given")]
    public async Task Words_that_do_not_go_together_are_usage_errors_that_say_what_to_do(string words, string expected)
    {
        using var folder = new VerbFolder();
        var (code, output, error) = await folder.RunAsync(["search", "--latency", "none", .. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private static async Task StoreAsync(VerbFolder folder, int count = 3_000)
    {
        using var store = SqliteCandleStore.Open(folder.Data.MarketDatabase);
        await store.WriteAsync(new Symbol("BTCUSDT"), Interval.FifteenMinutes, RandomCandles.Walk(count, 1), CancellationToken.None);
    }
}
