using TicketBot.Domain;

namespace TicketBot.Storage.Csv;

/// <summary>What the name of a candle file says: <c>VENUE_SYMBOL_INTERVAL.csv</c> or <c>.csv.gz</c>.</summary>
/// <param name="Venue">Where the candles come from, for example <c>bybit</c>.</param>
/// <param name="Symbol">The contract.</param>
/// <param name="Interval">The candle length.</param>
public readonly record struct CandleFileName(string Venue, Symbol Symbol, Interval Interval)
{
    private const string Remedy = "Name it VENUE_SYMBOL_INTERVAL.csv or .csv.gz, for example bybit_BTCUSDT_15m.csv.gz";

    /// <summary>Reads the name of a file; folders before it do not matter.</summary>
    /// <exception cref="CandleFileException">The name has another form.</exception>
    public static CandleFileName Parse(string path)
    {
        var stem = StemOf(path);
        var first = stem.IndexOf('_', StringComparison.Ordinal);
        var last = stem.LastIndexOf('_');
        if (first <= 0 || last <= first)
        {
            throw new CandleFileException(path, 0, "", Path.GetFileName(path), "the file name must say venue, symbol and interval", Remedy);
        }

        var symbol = stem[(first + 1)..last];
        if (!Symbol.IsValid(symbol))
        {
            throw new CandleFileException(path, 0, "", symbol, "the symbol in the file name must have 1 to 32 upper-case letters or digits", Remedy);
        }

        return Interval.TryParse(stem[(last + 1)..], out var interval)
            ? new CandleFileName(stem[..first], new Symbol(symbol), interval)
            : throw new CandleFileException(
                path, 0, "", stem[(last + 1)..],
                $"the interval in the file name must be one of {string.Join(' ', Interval.All)}", Remedy);
    }

    /// <summary>Returns the file name, without a folder.</summary>
    public string ToFileName(bool gzip) => $"{Venue}_{Symbol}_{Interval}.csv{(gzip ? ".gz" : "")}";

    private static string StemOf(string path)
    {
        var name = Path.GetFileName(path);
        foreach (var ending in (string[])[".csv.gz", ".csv"])
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return name[..^ending.Length];
            }
        }

        throw new CandleFileException(path, 0, "", name, "a candle file ends in .csv or .csv.gz", Remedy);
    }
}
