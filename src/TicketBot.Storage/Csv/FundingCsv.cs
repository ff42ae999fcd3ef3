using System.Globalization;
using TicketBot.Domain;

namespace TicketBot.Storage.Csv;

/// <summary>Funding settlements as CSV: <c>time_ms,funding_rate</c>; strictly ascending; plain or gzip.</summary>
public static class FundingCsv
{
    private const decimal LargestRate = 0.1m; // Bybit caps rates at a few percent; more is a rate in percent or basis points.
    private static readonly string[] Header = ["time_ms", "funding_rate"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="CandleFileException">A line is at fault; the message names it, the value and the remedy.</exception>
    public static IReadOnlyList<FundingRate> Read(string path)
    {
        using var rows = CsvRows.Open(path, Header);
        var rates = new List<FundingRate>();
        long? last = null;
        while (rows.Read())
        {
            var time = rows.Milliseconds(0);
            rows.CheckAscending(time, last);
            last = time;
            if (!decimal.TryParse(rows[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var rate))
            {
                throw rows.Fault(1, "expected a number", "Write the rate as a fraction per settlement, for example 0.0001");
            }

            if (Math.Abs(rate) > LargestRate)
            {
                throw rows.Fault(1, $"a rate lies within plus or minus {LargestRate}", "Write it as a fraction: 0.0001 is one basis point");
            }

            rates.Add(new FundingRate(new Instant(time), rate));
        }

        return rates.Count > 0 ? rates : throw CsvRows.Empty(path);
    }

    /// <summary>Writes settlements, gzip when the name ends in <c>.gz</c>; the file appears whole or not at all.</summary>
    public static void Write(string path, IReadOnlyList<FundingRate> rates) => CsvRows.WriteFile(path, Header, csv =>
    {
        foreach (var rate in rates)
        {
            csv.WriteField(rate.Time.UnixMilliseconds.ToString(CultureInfo.InvariantCulture));
            csv.WriteField(rate.Rate.ToString(CultureInfo.InvariantCulture));
            csv.EndRecord();
        }
    });
}
