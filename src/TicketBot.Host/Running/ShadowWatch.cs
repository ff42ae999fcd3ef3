using System.Globalization;
using TicketBot.Domain;
using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Host.Running;

/// <summary>Lets a ticket out of shadow: where its regime has no champion, it goes live after the set number of decisions was taken on
/// its series since it came in. Tickets beside a champion stay until the challenge job finds them better, or they are promoted by hand. Not safe for use by
/// several threads.</summary>
/// <param name="registry">The registry.</param>
/// <param name="journal">Where decisions are counted.</param>
/// <param name="decisions">Decisions to wait for.</param>
/// <param name="log">Log.</param>
public sealed class ShadowWatch(ITicketRegistry registry, IJournal journal, int decisions, ILogger<ShadowWatch> log)
{
    private readonly Dictionary<SeriesKey, Instant> _looked = [];

    /// <summary>Looks at each series whose last candle is new.</summary>
    public async Task LookAsync(TradingStatus status, CancellationToken cancellationToken)
    {
        foreach (var series in status.Series)
        {
            if (_looked.GetValueOrDefault(series.Series) == series.LastClose)
            {
                continue;
            }

            _looked[series.Series] = series.LastClose;
            await LookAsync(series.Series, status, cancellationToken);
        }
    }

    private async Task LookAsync(SeriesKey series, TradingStatus status, CancellationToken cancellationToken)
    {
        if (await registry.ActiveSetAsync(series.Symbol, series.Interval, cancellationToken) is not { } set)
        {
            return;
        }

        foreach (var entry in await registry.ListAsync(series.Symbol, series.Interval, TicketState.Shadow, cancellationToken))
        {
            var ticket = entry.Ticket;
            if (ticket.RegimeSetId == set.Regimes.Id && set.Tickets.All(t => t.Regime != ticket.Regime) && Decided(series, entry.Since, status.Series.Count) >= decisions)
            {
                var reason = string.Create(CultureInfo.InvariantCulture, $"no champion for {ticket.Regime}, and {decisions} decisions passed since {entry.Since}");
                await registry.ChangeStateAsync(ticket.Id, TicketState.Live, reason, status.MarketTime, cancellationToken);
                Log.OutOfShadow(log, ticket.Id.Short, series.ToString(), reason);
                return; // The regime has its champion now; others are looked at after the next candle.
            }
        }
    }

    private int Decided(SeriesKey series, Instant since, int seriesFollowed) =>
        journal.ReadNewest(decisions * seriesFollowed, [FactJson.DecisionKind])
            .Count(r => r.Entry.Symbol == series.Symbol.Value && r.Entry.Time > since);
}
