using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Domain;
using TicketBot.Host.Configuration;
using TicketBot.Host.Jobs;
using TicketBot.Host.Running;
using TicketBot.Storage;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Host.Tests.Jobs;

public sealed class JobRunnerTests
{
    private readonly List<JobResult> _journalled = [];
    private readonly JobBoard _board = new(new JobOptions());

    [Fact]
    public async Task A_research_child_that_succeeds_is_journalled_with_its_last_line()
    {
        Assert.True(await Runner("echo searching; echo 2 tickets passed").RunAsync(JobNames.Reidentify, CancellationToken.None));
        var result = Assert.Single(_journalled);
        Assert.Equal((JobNames.Reidentify, "BTCUSDT", true, "2 tickets passed"), (result.Name, result.Symbol, result.Succeeded, result.Outcome));
        Assert.False(Job(JobNames.Reidentify).Running);
    }

    [Fact]
    public async Task A_research_child_that_throws_is_journalled_and_harmless()
    {
        Assert.False(await Runner("echo Unhandled exception >&2; exit 134").RunAsync(JobNames.Finetune, CancellationToken.None));
        Assert.Contains("134", Assert.Single(_journalled).Outcome, StringComparison.Ordinal);
        Assert.Null(Job(JobNames.Finetune).LastSuccess);
        Assert.Contains("Unhandled exception", Job(JobNames.Finetune).LastOutcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disagreement_of_the_journal_is_told_in_its_own_words_and_once_for_the_account()
    {
        Assert.False(await Runner("echo reading; echo live and replay disagree at journal entry 7; exit 1").RunAsync(JobNames.Agreement, CancellationToken.None));
        var result = Assert.Single(_journalled);
        Assert.Equal((JobNames.Agreement, "", false, "live and replay disagree at journal entry 7"), (result.Name, result.Symbol, result.Succeeded, result.Outcome));
        Assert.Equal("live and replay disagree at journal entry 7", Job(JobNames.Agreement).LastOutcome);
    }

    [Fact]
    public async Task A_job_that_is_stopped_ends_as_interrupted()
    {
        using var stop = new CancellationTokenSource();
        var runner = Runner("sleep 300");
        runner.Stopping = stop.Token;
        var running = runner.RunAsync(JobNames.Reidentify, CancellationToken.None);
        await stop.CancelAsync();
        Assert.False(await running);
        Assert.Equal("interrupted", Job(JobNames.Reidentify).LastOutcome);
    }

    [Fact]
    public async Task The_history_job_says_so_when_there_is_no_venue_yet()
    {
        Assert.False(await Runner("true").RunAsync(JobNames.History, CancellationToken.None));
        Assert.Contains("not connected", Assert.Single(_journalled).Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public void A_claimed_job_cannot_be_claimed_again_before_it_ended()
    {
        Assert.True(_board.Claim(JobNames.History));
        Assert.False(_board.Claim(JobNames.History));
        _board.Ended(JobNames.History, true, "done", default);
        Assert.True(_board.Claim(JobNames.History));
    }

    [Fact]
    public void The_last_success_of_each_job_is_found_in_the_journal()
    {
        var journal = new MemoryJournal();
        Append(journal, 1_000, new JobResult(JobNames.History, "BTCUSDT", true, "", 1));
        Append(journal, 2_000, new JobResult(JobNames.History, "BTCUSDT", false, "", 1));
        Append(journal, 3_000, new JobResult(JobNames.Reidentify, "BTCUSDT", true, "", 1));
        journal.Commit();
        var last = JobCalendar.LastSuccesses(journal);
        Assert.Equal(new Instant(1_000), last[JobNames.History]);
        Assert.Equal(new Instant(3_000), last[JobNames.Reidentify]);
        Assert.False(last.ContainsKey(JobNames.Finetune));
    }

    private static void Append(MemoryJournal journal, long time, JobResult result) =>
        journal.Append(new JournalEntry(new Instant(time), JobResult.Kind, result.Symbol, HostJson.Line(result), null));

    private JobStatus Job(string name) => _board.All(default).Single(j => j.Name == name);

    private JobRunner Runner(string script)
    {
        var settings = Settings.Of([new Layer("test", new Dictionary<string, string?> { ["Trading:Symbols:0"] = "BTCUSDT" })]);
        var folder = DataFolder.OfRun(Directory.CreateTempSubdirectory("ticketbot-jobs-").FullName, ExchangeEnvironment.Simulator, "test");
        return new JobRunner(
            _board, settings, folder, new InMemoryCandleStore(), new DaemonState("simulator", "test"), TimeProvider.System, NullLogger<JobRunner>.Instance)
        {
            Program = ("sh", ["-c", script]), Journal = _journalled.Add,
        };
    }
}
