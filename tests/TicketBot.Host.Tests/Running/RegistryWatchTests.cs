using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Host.Running;
using TicketBot.Storage;
using TicketBot.Testing;

namespace TicketBot.Host.Tests.Running;

public sealed class RegistryWatchTests
{
    private readonly FakeTimeProvider _time = new();
    private Exception? _fault;
    private int _looks;

    [Fact]
    public async Task A_registry_that_fails_ends_nothing_and_is_looked_at_again_after_a_pause()
    {
        var watch = Make();
        _fault = new StorageException("the disk is full");
        await watch.LookAsync(default);
        await watch.LookAsync(default);
        Assert.Equal(1, _looks);

        _time.Advance(TimeSpan.FromSeconds(10));
        _fault = null;
        await watch.LookAsync(default);
        await watch.LookAsync(default);

        Assert.Equal(3, _looks);
    }

    [Fact]
    public async Task A_fault_of_the_program_is_not_hidden()
    {
        _fault = new InvalidOperationException("bug");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Make().LookAsync(default));
    }

    private RegistryWatch Make() => new(
        _ =>
        {
            _looks++;
            return _fault is null ? Task.CompletedTask : Task.FromException(_fault);
        },
        _time, NullLogger.Instance);
}
