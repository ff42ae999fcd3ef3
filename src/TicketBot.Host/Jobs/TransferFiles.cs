using TicketBot.Domain;
using TicketBot.Host.Reports;
using TicketBot.Host.Running;
using TicketBot.Research;
using TicketBot.Research.Transfer;

namespace TicketBot.Host.Jobs;

/// <summary>What the page about transfer shows, as JSON files of the data folder: research writes them in a child, the daemon reads them.</summary>
/// <param name="folder">Data folder.</param>
public sealed class TransferFiles(DataFolder folder)
{
    private const string AdaptationPrefix = "adaptation_";

    private string MapFile => Path.Combine(folder.TransferFolder, "domains.json");

    /// <summary>Writes the map of domains.</summary>
    /// <param name="map">The map.</param>
    /// <param name="at">Market time of the newest candle it saw.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task WriteAsync(DomainMap map, Instant at, CancellationToken cancellationToken) =>
        ReportFile.WriteAsync(MapFile, HostJson.Line(new { at, map.Interval, map.Symbols, map.Pairs, map.LeftOut }), cancellationToken);

    /// <summary>Writes how the tickets of a series were trained on.</summary>
    /// <param name="input">The series.</param>
    /// <param name="result">What was found.</param>
    /// <param name="source">The market that the tickets came from, where it is another.</param>
    /// <param name="outcome">In plain words.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task WriteAsync(SearchInput input, FactoryResult result, DomainPair? source, string outcome, CancellationToken cancellationToken) => ReportFile.WriteAsync(
        Path.Combine(folder.TransferFolder, $"{AdaptationPrefix}{input.Symbol}_{input.Interval.Name}.json"),
        HostJson.Line(new { at = input.AsOf, series = $"{input.Symbol}/{input.Interval.Name}", source, outcome, tickets = result.Adaptations }), cancellationToken);

    /// <summary>Returns the map as JSON, or <c>null</c> as long as none was made.</summary>
    public string? Map() => File.Exists(MapFile) ? File.ReadAllText(MapFile) : null;

    /// <summary>Returns the last adaptation of each series as one JSON list.</summary>
    public string Adaptations() => Directory.Exists(folder.TransferFolder)
        ? $"[{string.Join(',', Directory.EnumerateFiles(folder.TransferFolder, AdaptationPrefix + "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllText))}]"
        : "[]";
}
