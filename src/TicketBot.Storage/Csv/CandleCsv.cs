using System.Globalization;
using TicketBot.Domain;

namespace TicketBot.Storage.Csv;

/// <summary>Candles as CSV: <c>open_time_ms,open,high,low,close,volume,turnover</c>, optionally followed by the four observations; strictly
/// ascending; plain or gzip.</summary>
public static class CandleCsv
{
    private static readonly string[] Plain = ["open_time_ms", "open", "high", "low", "close", "volume", "turnover"];
    private static readonly string[] Observed = [.. Plain, "spread_bp", "book_imbalance", "signed_flow", "funding_rate"];

    /// <summary>Reads a file whose name says symbol and interval (<see cref="CandleFileName"/>).</summary>
    /// <exception cref="CandleFileException">The name or a line is at fault.</exception>
    public static CandleFile Read(string path)
    {
        var name = CandleFileName.Parse(path);
        return Read(path, name.Symbol, name.Interval);
    }

    /// <summary>Reads a file of any name.</summary>
    /// <exception cref="CandleFileException">A line is at fault; the message names it, the value and the remedy.</exception>
    public static CandleFile Read(string path, Symbol symbol, Interval interval)
    {
        using var rows = CsvRows.Open(path, Plain, Observed);
        var candles = new List<Candle>();
        var approximated = 0;
        long? last = null;
        while (rows.Read())
        {
            var time = rows.Milliseconds(0);
            rows.CheckAscending(time, last);
            last = time;
            var open = new Instant(time);
            if (interval.OpenOf(open) != open)
            {
                throw rows.Fault(
                    0, $"a {interval} candle opens on the {interval} grid, the nearest lies at {interval.OpenOf(open).UnixMilliseconds}",
                    "Check that the file holds candles of this interval and that its times are open times in UTC");
            }

            candles.Add(ReadCandle(rows, open, ref approximated));
        }

        return candles.Count > 0 ? new CandleFile(path, symbol, interval, candles, approximated) : throw CsvRows.Empty(path);
    }

    /// <summary>Writes candles, gzip when the name ends in <c>.gz</c>; reading the file gives the same bits. Observation columns are written
    /// only if a candle has one. The file appears whole or not at all.</summary>
    /// <exception cref="ArgumentException">The candles do not ascend.</exception>
    public static void Write(string path, IReadOnlyList<Candle> candles)
    {
        for (var i = 1; i < candles.Count; i++)
        {
            if (candles[i].OpenTime <= candles[i - 1].OpenTime)
            {
                throw new ArgumentException($"candles must ascend, {candles[i].OpenTime} follows {candles[i - 1].OpenTime}", nameof(candles));
            }
        }

        var observed = candles.Any(candle => candle.Observations != default);
        CsvRows.WriteFile(path, observed ? Observed : Plain, csv =>
        {
            foreach (var candle in candles)
            {
                csv.WriteField(candle.OpenTime.UnixMilliseconds.ToString(CultureInfo.InvariantCulture));
                csv.WriteField(Text(candle.Open));
                csv.WriteField(Text(candle.High));
                csv.WriteField(Text(candle.Low));
                csv.WriteField(Text(candle.Close));
                csv.WriteField(Text(candle.Volume));
                csv.WriteField(Text(candle.Turnover));
                if (observed)
                {
                    csv.WriteField(Text(candle.Observations.SpreadBp));
                    csv.WriteField(Text(candle.Observations.BookImbalance));
                    csv.WriteField(Text(candle.Observations.SignedFlow));
                    csv.WriteField(Text(candle.Observations.FundingRate));
                }

                csv.EndRecord();
            }
        });
    }

    private static Candle ReadCandle(CsvRows rows, Instant time, ref int approximated)
    {
        var (open, high, low, close, volume) = (rows.Number(1), rows.Number(2), rows.Number(3), rows.Number(4), rows.Number(5));
        var turnover = rows.OptionalNumber(6);
        if (turnover is null)
        {
            approximated++;
        }

        var observations = rows.Columns == Observed.Length
            ? new Observations(rows.OptionalNumber(7), rows.OptionalNumber(8), rows.OptionalNumber(9), rows.OptionalNumber(10))
            : default;
        var candle = new Candle(time, open, high, low, close, volume, turnover ?? (volume * (high + low + close) / 3), observations);
        return candle.Fault() is { } fault
            ? throw rows.Fault(ColumnAtFault(candle), fault, "Repair the line, or remove it: a missing candle is noticed as a gap")
            : candle;
    }

    private static int ColumnAtFault(in Candle candle) =>
        candle.Open <= 0 ? 1
        : candle.High < Math.Max(candle.Open, candle.Close) ? 2
        : candle.Low <= 0 || candle.Low > Math.Min(candle.Open, candle.Close) ? 3
        : candle.Volume < 0 ? 5 : 6;

    private static string Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
