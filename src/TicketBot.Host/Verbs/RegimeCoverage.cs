using TicketBot.Domain;
using TicketBot.Host.Dashboard;
using TicketBot.Storage;
using TicketBot.Tickets;

namespace TicketBot.Host.Verbs;

/// <summary>Which ticket serves a regime of the set in force, and what became of the others that were made for it.</summary>
/// <param name="Symbol">The contract.</param>
/// <param name="Interval">The candle length.</param>
/// <param name="Regime">The regime.</param>
/// <param name="Live">The ticket that trades in it, or <c>null</c>: then it stays flat unless an all-weather ticket is allowed.</param>
/// <param name="Shadow">The newest ticket in shadow, or <c>null</c>.</param>
/// <param name="Candidates">Tickets of this regime set that were made for it.</param>
/// <param name="RefusedAt">The gate that refused its newest ticket, or <c>null</c>.</param>
public sealed record RegimeCoverage(Symbol Symbol, Interval Interval, string Regime, TicketId? Live, TicketId? Shadow, int Candidates, string? RefusedAt)
{
    /// <summary>Returns one line per series and regime: of the set in force, else of the newest set that has tickets.</summary>
    public static async Task<IReadOnlyList<RegimeCoverage>> OfAsync(SqliteTicketRegistry registry, IReadOnlyList<TicketView> tickets, CancellationToken cancellationToken)
    {
        var lines = new List<RegimeCoverage>();
        foreach (var series in tickets.GroupBy(t => (t.Symbol, t.Interval)))
        {
            var regimes = (await registry.ActiveSetAsync(series.Key.Symbol, series.Key.Interval, cancellationToken))?.Regimes
                ?? await registry.FindRegimesAsync(new(series.MaxBy(t => t.TestedUntil)!.RegimeSetId), cancellationToken);
            foreach (var regime in regimes?.Names ?? [])
            {
                var own = series.Where(t => t.RegimeSetId == regimes!.Id.Value && t.Regime == regime).OrderByDescending(t => t.TestedUntil).ToList();
                lines.Add(new RegimeCoverage(
                    series.Key.Symbol, series.Key.Interval, regime, own.Find(t => t.State == TicketState.Live)?.Id, own.Find(t => t.State == TicketState.Shadow)?.Id, own.Count,
                    own.FirstOrDefault()?.Gates.FirstOrDefault(g => g.Passed == false)?.Name));
            }
        }

        return lines;
    }
}
