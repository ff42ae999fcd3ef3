using TicketBot.Host.Running;
using TicketBot.Market.Candles;
using TicketBot.Research;
using TicketBot.Research.Diagnostics;
using TicketBot.Tickets;

namespace TicketBot.Host.Reports;

/// <summary>The reports of a data folder: one page and one JSON document per ticket, made from what the folder keeps.</summary>
/// <param name="folder">The data folder.</param>
public sealed class TicketReports(DataFolder folder)
{
    /// <summary>Returns the path of a ticket's page, whether or not it was made.</summary>
    public string PageOf(TicketId id) => Path.Combine(folder.ReportsFolder, id.Value + ".html");

    /// <summary>Returns the path of a ticket's diagnosis as JSON, whether or not it was made.</summary>
    public string DiagnosticsOf(TicketId id) => Path.Combine(folder.ReportsFolder, id.Value + ".json");

    /// <summary>Diagnoses a ticket and keeps page and diagnosis in the folder; returns both, and what the ticket said on rows after training. What the search or an earlier report trained is read back.</summary>
    /// <param name="entry">The ticket.</param>
    /// <param name="registry">Its registry.</param>
    /// <param name="candles">The candles it was made from.</param>
    /// <param name="runs">Keeps finished trainings.</param>
    /// <param name="threads">Trainings side by side.</param>
    /// <param name="progress">Told of each step.</param>
    /// <param name="cancellationToken">Ends it; finished trainings stay.</param>
    /// <exception cref="ResearchRefusedException">The ticket cannot be made again from these candles.</exception>
    public async Task<(TicketDiagnostics Diagnostics, OutOfSampleQuality? Quality, string Page)> MakeAsync(
        RegistryEntry entry, ITicketRegistry registry, ICandleStore candles, IRunStore runs, int threads, Action<FactoryProgress> progress, CancellationToken cancellationToken)
    {
        var ticket = entry.Ticket;
        var regimes = await registry.FindRegimesAsync(ticket.RegimeSetId, cancellationToken)
            ?? throw new ResearchRefusedException($"the regime set {ticket.RegimeSetId} of ticket {ticket.Id.Short} is not in the registry; restore it from a backup");
        var parent = ticket.Lineage.Parent is { } id ? await registry.FindAsync(id.Value, cancellationToken) : null;
        var input = await InputOfAsync(ticket, candles, cancellationToken);
        var found = await TicketDerivation.DiagnoseAsync(ticket, parent?.Ticket, regimes, input, runs, threads, progress, cancellationToken);
        var quality = OutOfSampleQuality.Of(ticket, regimes, input);
        var page = TicketReportPage.Of(entry, found, quality);
        await ReportFile.WriteAsync(DiagnosticsOf(ticket.Id), found.ToJson(), cancellationToken);
        await ReportFile.WriteAsync(PageOf(ticket.Id), page, cancellationToken);
        return (found, quality, page);
    }

    /// <summary>Returns the stored candles of a ticket's series, at the market time of the call that made it.</summary>
    public static async Task<SearchInput> InputOfAsync(Ticket ticket, ICandleStore candles, CancellationToken cancellationToken) => new()
    {
        Symbol = ticket.Symbol,
        Interval = ticket.Interval,
        Candles = await candles.ReadAsync(ticket.Symbol, ticket.Interval, null, null, cancellationToken),
        ReferenceCandles = ticket.Schema.Reference is { } other ? await candles.ReadAsync(other, ticket.Interval, null, null, cancellationToken) : null,
        AsOf = ticket.Lineage.AsOf,
    };
}
