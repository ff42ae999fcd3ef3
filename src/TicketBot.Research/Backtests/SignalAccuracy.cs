using TicketBot.Domain;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Signals;

namespace TicketBot.Research.Backtests;

/// <summary>Whether signals pointed the right way, whatever trading them earned.</summary>
public static class SignalAccuracy
{
    /// <summary>Returns of each signal in order whether the close a horizon later lay on its side of the close it was decided at; a close that did not move
    /// is no rise. Signals whose horizon reaches beyond the candles are left out.</summary>
    /// <param name="decisions">Decisions in their order.</param>
    /// <param name="candles">Candles by series, ascending.</param>
    /// <param name="tickets">The tickets that were asked.</param>
    public static IReadOnlyList<bool> Of(
        IReadOnlyList<Decision> decisions, IReadOnlyDictionary<SeriesKey, IReadOnlyList<Candle>> candles, IReadOnlyList<TicketSet> tickets)
    {
        var horizons = tickets.SelectMany(s => s.Tickets).DistinctBy(t => t.Id).ToDictionary(t => t.Id, t => t.HorizonCandles);
        var closes = new Dictionary<SeriesKey, Dictionary<Instant, double>>();
        var right = new List<bool>();
        foreach (var decision in decisions)
        {
            if (decision is not { Signal: { } side, Ticket: { } id } || !horizons.TryGetValue(id, out var horizon) || !candles.TryGetValue(decision.Series, out var list))
            {
                continue;
            }

            var interval = decision.Series.Interval;
            if (!closes.TryGetValue(decision.Series, out var byClose))
            {
                closes[decision.Series] = byClose = list.ToDictionary(c => interval.CloseOf(c.OpenTime), c => c.Close);
            }

            if (byClose.TryGetValue(decision.Time, out var now) && byClose.TryGetValue(interval.Shift(decision.Time, horizon), out var then))
            {
                right.Add(then > now == (side == Side.Buy));
            }
        }

        return right;
    }
}
