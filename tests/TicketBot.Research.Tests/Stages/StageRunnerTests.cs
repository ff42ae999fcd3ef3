using TicketBot.Research.Stages;

namespace TicketBot.Research.Tests.Stages;

public sealed class StageRunnerTests
{
    [Fact]
    public async Task A_stored_output_is_read_back_instead_of_made_again()
    {
        var runner = new StageRunner(new MemoryRunStore(), 2);
        var made = 0;
        StageRunner.Work[] batch = [.. Enumerable.Range(0, 5).Select(i => new StageRunner.Work($"{i}", () => [(byte)i, (byte)Interlocked.Increment(ref made)]))];
        var (first, second) = (await runner.RunAsync("s", batch, default), await runner.RunAsync("s", batch, default));
        Assert.Equal(first, second);
        Assert.Equal([0, 1, 2, 3, 4], first.Select(output => output[0]));
        Assert.Equal((5, 5, 5), (made, runner.Made, runner.Reused));
    }

    [Fact]
    public async Task What_was_made_stays_stored_when_another_stage_of_the_batch_fails()
    {
        var store = new MemoryRunStore();
        var batch = new[] { new StageRunner.Work("good", () => [1]), new StageRunner.Work("bad", () => throw new InvalidOperationException("bad")) };
        await Assert.ThrowsAsync<InvalidOperationException>(() => new StageRunner(store, 1).RunAsync("s", batch, default));
        Assert.Equal(1, store.Count);
        Assert.NotNull(await store.ReadAsync("s", "good", default));
    }

    [Fact]
    public async Task No_more_run_side_by_side_than_there_are_threads_whoever_asks()
    {
        var runner = new StageRunner(new MemoryRunStore(), 2);
        int running = 0, most = 0;
        byte[] Make()
        {
            var now = Interlocked.Increment(ref running);
            int seen;
            while (now > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, now, seen) != seen)
            {
                // Another one wrote a number in between.
            }

            Thread.SpinWait(20_000);
            Interlocked.Decrement(ref running);
            return [1];
        }

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => runner.RunAsync("s", new StageRunner.Work($"{i}", Make), default)));
        Assert.InRange(most, 1, 2);
        Assert.Equal(40, runner.Made);
    }
}
