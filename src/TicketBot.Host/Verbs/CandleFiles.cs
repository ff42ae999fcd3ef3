using TicketBot.Domain;
using TicketBot.Storage.Csv;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Verbs;

/// <summary>Reads candle files for verbs.</summary>
public static class CandleFiles
{
    /// <summary>Reads files of different series, all before the first is worked on: what cannot be read is told at once, not after minutes.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="symbol">The contract of the only file; <c>null</c> takes it from the name.</param>
    /// <param name="interval">Its candle length.</param>
    /// <param name="what">What is done with a file, a verb.</param>
    /// <exception cref="UsageException">A file, or its name, is not what it should be.</exception>
    public static IReadOnlyList<CandleFile> ReadAll(IReadOnlyList<string> paths, string? symbol, string? interval, string what)
    {
        if (paths.Count > 1 && (symbol ?? interval) is not null)
        {
            throw new UsageException($"--symbol and --interval describe one file, {paths.Count} were given; name files VENUE_SYMBOL_INTERVAL.csv[.gz]");
        }

        var files = paths.Select(p => Read(p, symbol, interval)).ToList();
        return files.GroupBy(f => (f.Symbol, f.Interval)).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new UsageException($"{twice.Key.Symbol}/{twice.Key.Interval} is given twice, the second time by '{twice.Last().Path}'; {what} one after the other")
            : files;
    }

    /// <summary>Returns the series that words name.</summary>
    /// <exception cref="UsageException">One is missing or is none.</exception>
    public static SeriesKey SeriesOf(string? symbol, string? interval)
    {
        try
        {
            return symbol is not null && interval is not null
                ? new SeriesKey(new Symbol(symbol), Interval.Parse(interval))
                : throw new UsageException($"candles of the store are named by --symbol and --interval, found {(symbol is null ? "no --symbol" : "no --interval")}");
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException)
        {
            throw new UsageException(fault.Message, fault);
        }
    }

    /// <summary>Reads a file; symbol and interval come from its name unless both are given.</summary>
    /// <exception cref="UsageException">The file, or its name, is not what it should be.</exception>
    public static CandleFile Read(string path, string? symbol, string? interval)
    {
        try
        {
            if (symbol is null && interval is null)
            {
                return CandleCsv.Read(path);
            }

            return symbol is not null && interval is not null
                ? CandleCsv.Read(path, new Symbol(symbol), Interval.Parse(interval))
                : throw new UsageException("give both --symbol and --interval, or neither when the file is named VENUE_SYMBOL_INTERVAL.csv[.gz]");
        }
        catch (Exception fault) when (fault is CandleFileException or FormatException or ArgumentException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException(fault.Message, fault);
        }
    }
}
