using System.Diagnostics;
using System.Globalization;
using TicketBot.Host.Jobs;

namespace TicketBot.Host.Tests.Jobs;

public sealed class ChildProcessTests
{
    private static readonly ChildLimits Wide = new(TimeSpan.FromMinutes(2), 512, 1_024, 5);
    private readonly List<string> _lines = [];

    [Fact]
    public async Task Returns_the_exit_code_with_the_last_words()
    {
        var outcome = Assert.IsType<ChildOutcome.Exited>(await ShellAsync("echo working; echo broken >&2; exit 3", Wide, CancellationToken.None));
        Assert.Equal(3, outcome.Code);
        Assert.False(outcome.Succeeded);
        Assert.Contains("broken", outcome.LastWords, StringComparison.Ordinal);
        Assert.Contains("working", _lines);
    }

    [Fact]
    public async Task Runs_niced_and_with_the_heap_limit_in_its_environment()
    {
        await ShellAsync("nice; echo limit $DOTNET_GCHeapHardLimit", Wide, CancellationToken.None);
        Assert.Contains((NicenessOfThis() + 5).ToString(CultureInfo.InvariantCulture), _lines);
        Assert.Contains("limit 20000000", _lines); // 512 MiB in hexadecimal, as the runtime reads it.
    }

    [Fact]
    public async Task Kills_a_child_that_overruns_with_all_its_descendants()
    {
        var outcome = await ShellAsync("sleep 300 & echo $!; wait", Wide with { Time = TimeSpan.FromMilliseconds(700) }, CancellationToken.None);
        Assert.IsType<ChildOutcome.Overran>(outcome);
        Assert.False(IsAlive(int.Parse(Assert.Single(_lines), CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Kills_a_child_that_eats_memory()
    {
        var outcome = await ShellAsync("ulimit -v 2000000; exec tail /dev/zero", Wide with { ResidentMiB = 60 }, CancellationToken.None); // Seeks a line end for ever, keeping all it read.
        var ate = Assert.IsType<ChildOutcome.AteMemory>(outcome);
        Assert.True(ate.MiB > 60);
    }

    [Fact]
    public async Task Kills_the_child_when_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var child = new ChildProcess(TimeProvider.System).RunAsync(
            "sh", ["-c", "echo $$; sleep 300"], Wide,
            line =>
            {
                lock (_lines)
                {
                    _lines.Add(line);
                }

                stop.Cancel();
            },
            stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => child);
        Assert.False(IsAlive(int.Parse(Assert.Single(_lines), CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Its_standard_input_is_open_so_that_it_notices_when_the_parent_dies()
    {
        // A closed input would end "cat" at once; an open one is ended by the time limit.
        Assert.IsType<ChildOutcome.Overran>(await ShellAsync("cat", Wide with { Time = TimeSpan.FromMilliseconds(500) }, CancellationToken.None));
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_an_outcome()
    {
        var outcome = await new ChildProcess(TimeProvider.System).RunAsync("no-such-program", [], Wide with { Niceness = 0 }, _ => { }, CancellationToken.None);
        Assert.Contains("no-such-program", Assert.IsType<ChildOutcome.NotStarted>(outcome).Text, StringComparison.Ordinal);
    }

    private Task<ChildOutcome> ShellAsync(string script, ChildLimits limits, CancellationToken cancellationToken) => new ChildProcess(TimeProvider.System).RunAsync(
        "sh", ["-c", script], limits,
        line =>
        {
            lock (_lines)
            {
                _lines.Add(line);
            }
        },
        cancellationToken);

    // The nineteenth field of /proc/PID/stat; the second may hold blanks, so count from its closing bracket.
    private static int NicenessOfThis() =>
        int.Parse(File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[16], CultureInfo.InvariantCulture);

    private static bool IsAlive(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            var state = File.ReadAllText($"/proc/{processId}/stat").Split(')')[^1].Trim()[0];
            return state is not ('Z' or 'X'); // Killed, and only waiting to be collected.
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or IOException)
        {
            return false;
        }
    }
}
