using System.Collections.Concurrent;
using TicketBot.Domain;

namespace TicketBot.Host.Jobs;

/// <summary>One lock per symbol across all jobs: two jobs never work on the same symbol at once. Safe for use by several threads.</summary>
public sealed class SymbolLocks
{
    private readonly ConcurrentDictionary<Symbol, SemaphoreSlim> _locks = new();

    /// <summary>Waits for the lock of a symbol; disposing the answer gives it back.</summary>
    public async Task<IDisposable> TakeAsync(Symbol symbol, CancellationToken cancellationToken)
    {
        var one = _locks.GetOrAdd(symbol, _ => new SemaphoreSlim(1, 1));
        await one.WaitAsync(cancellationToken);
        return new Held(one);
    }

    private sealed class Held(SemaphoreSlim one) : IDisposable
    {
        private SemaphoreSlim? _one = one;

        public void Dispose() => Interlocked.Exchange(ref _one, null)?.Release();
    }
}
