using TicketBot.Host.Reports;
using TicketBot.Host.Verbs;
using TicketBot.Research.ArchitectureSearch.Latency;

namespace TicketBot.Host.Searches;

/// <summary>The latencies that were measured on this machine, kept in a file of the data folder.</summary>
public static class LatencyFile
{
    /// <summary>Name of the file.</summary>
    public const string Name = "latency.json";

    /// <summary>Returns the table of a file; where there is none, measures it and writes the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="say">Told in plain words that it is measured.</param>
    /// <param name="progress">Told how far the measuring is: done, of.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="UsageException">The file is no latency table.</exception>
    public static async Task<LatencyTable> ReadOrMeasureAsync(string path, Action<string> say, Action<int, int> progress, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
        {
            try
            {
                return LatencyTable.Read(await File.ReadAllTextAsync(path, cancellationToken));
            }
            catch (FormatException fault)
            {
                throw new UsageException($"{path}: {fault.Message}; delete it to measure it again, or say --latency none", fault);
            }
        }

        say($"measuring how long predictions take on this machine, once; kept in {path}");
        var table = await Task.Run(() => LatencyMeter.Measure(progress, cancellationToken), cancellationToken);
        await ReportFile.WriteAsync(path, table.Text(), cancellationToken);
        return table;
    }
}
