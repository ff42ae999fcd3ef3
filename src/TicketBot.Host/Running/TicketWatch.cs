using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Running;

/// <summary>Hands the trader what the registry puts in force, whoever changed it: a research child, a verb, another process.</summary>
/// <param name="registry">The registry.</param>
/// <param name="log">Log.</param>
public sealed class TicketWatch(ITicketRegistry registry, ILogger<TicketWatch> log)
{
    private readonly Dictionary<SeriesKey, string> _inForce = [];
    private long _revision = -1;

    /// <summary>Returns whether every series has a regime set in force.</summary>
    public async Task<bool> HasSetsAsync(IEnumerable<SeriesKey> series, CancellationToken cancellationToken)
    {
        foreach (var one in series)
        {
            if (await registry.ActiveSetAsync(one.Symbol, one.Interval, cancellationToken) is null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes what is in force now as known to the trader.</summary>
    public Task LearnAsync(IEnumerable<SeriesKey> series, CancellationToken cancellationToken) => LookAsync(series, null, cancellationToken);

    /// <summary>Gives the trader each set that changed since the last look.</summary>
    public Task LookAsync(TradingLoop loop, CancellationToken cancellationToken) => LookAsync(loop.Series, loop, cancellationToken);

    private async Task LookAsync(IEnumerable<SeriesKey> series, TradingLoop? loop, CancellationToken cancellationToken)
    {
        var revision = await registry.RevisionAsync(cancellationToken);
        if (revision == _revision)
        {
            return;
        }

        foreach (var one in series)
        {
            if (await registry.ActiveSetAsync(one.Symbol, one.Interval, cancellationToken) is not { } set)
            {
                continue;
            }

            var tickets = string.Join(", ", set.Tickets.OrderBy(t => t.Regime, StringComparer.Ordinal).Select(t => $"{t.Regime}={t.Id.Short}"));
            var text = $"{set.Regimes.Id} {tickets}";
            if (_inForce.GetValueOrDefault(one) == text)
            {
                continue;
            }

            _inForce[one] = text;
            loop?.Activate(set);
            if (set.Tickets.Count == 0)
            {
                Log.NoTickets(log, one.ToString());
            }
            else
            {
                Log.TicketsInForce(log, one.ToString(), set.Regimes.Id.Value[..12], tickets);
            }
        }

        _revision = revision; // Last: what fails half way is looked at again.
    }
}
