using TicketBot.Domain;
using TicketBot.Tickets;

namespace TicketBot.Research.Stages;

/// <summary>A trial ledger of one run only: what a verdict about a file counts. Safe for use by several threads.</summary>
public sealed class MemoryTrialLedger : ITrialLedger
{
    private readonly Lock _lock = new();
    private readonly List<Trial> _trials = [];

    /// <inheritdoc/>
    public ValueTask AppendAsync(Trial trial, Instant at, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_trials.Any(t => t.Symbol == trial.Symbol && t.Interval == trial.Interval && t.ConfigurationHash == trial.ConfigurationHash
                && t.From == trial.From && t.Until == trial.Until))
            {
                _trials.Add(trial);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(Symbol symbol, Instant from, Instant until, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(_trials
                .Where(t => t.Symbol == symbol && t.From < until && t.Until > from)
                .Select(t => t.ConfigurationHash).Distinct(StringComparer.Ordinal).Count());
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Trial>> ListAsync(Symbol symbol, Instant from, Instant until, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<Trial>>([.. _trials.Where(t => t.Symbol == symbol && t.From < until && t.Until > from)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<long?> VerifyAsync(CancellationToken cancellationToken) => ValueTask.FromResult<long?>(null);
}
