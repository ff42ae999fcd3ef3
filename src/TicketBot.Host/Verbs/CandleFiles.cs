using TicketBot.Domain;
using TicketBot.Storage.Csv;

namespace TicketBot.Host.Verbs;

/// <summary>Reads candle files for verbs.</summary>
public static class CandleFiles
{
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
