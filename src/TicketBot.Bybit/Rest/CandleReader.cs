using System.Globalization;
using TicketBot.Bybit.Wire;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Rest;

/// <summary>Reads closed candles page by page, newest first, and returns them ascending.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/market/kline. The endpoint has no "closed" flag: a candle is closed when its
/// close time is not after market time. With both bounds given it returns the newest rows up to the end, so paging goes backward.</remarks>
internal sealed class CandleReader
{
    /// <summary>Rows per page, the venue's maximum.</summary>
    public const int PageSize = 1000;

    private readonly RestClient _rest;

    public CandleReader(RestClient rest) => _rest = rest;

    /// <summary>Returns the closed candles that open in [from, until).</summary>
    public async Task<IReadOnlyList<Candle>> RangeAsync(
        Symbol symbol, Interval interval, Instant from, Instant until, Instant marketTime, CancellationToken cancellationToken)
    {
        var end = Math.Min(until.UnixMilliseconds, marketTime.UnixMilliseconds) - 1;
        var candles = await BackwardAsync(symbol, interval, from.UnixMilliseconds, end, int.MaxValue, marketTime, cancellationToken);
        candles.Reverse();
        return candles;
    }

    /// <summary>Returns the newest closed candles.</summary>
    public async Task<IReadOnlyList<Candle>> LatestAsync(
        Symbol symbol, Interval interval, int count, Instant marketTime, CancellationToken cancellationToken)
    {
        var candles = await BackwardAsync(symbol, interval, null, marketTime.UnixMilliseconds - 1, count, marketTime, cancellationToken);
        candles.Reverse();
        return candles;
    }

    /// <summary>Returns the open time of the newest candle that opens by <paramref name="by"/> (<c>null</c> = now), closed or not; <c>null</c> when there is none.</summary>
    public async Task<Instant?> NewestOpenAsync(Symbol symbol, Interval interval, Instant? by, CancellationToken cancellationToken)
    {
        var query = QueryOf(symbol, interval).With("limit", 1);
        if (by is { } end)
        {
            query.With("end", end.UnixMilliseconds);
        }

        var (result, _) = await _rest.GetAsync("/v5/market/kline", query, signed: false, WireJson.Default.KlineResult, cancellationToken);
        var open = result.List is [var row, ..] ? Parse(row, symbol, interval).OpenTime : (Instant?)null;
        return open > by ? throw new ExchangeException($"candles of {symbol} {interval}: expected one that opens by {by}, found {open}") : open;
    }

    /// <summary>Returns why the venue tells no candle of a series, in its own words, or <c>null</c> when it knows the series.</summary>
    public async Task<string?> RefusalAsync(Symbol symbol, Interval interval, CancellationToken cancellationToken)
    {
        var answer = await _rest.ReadAsync("/v5/market/kline", QueryOf(symbol, interval).With("limit", 1).ToString(), signed: false, cancellationToken);
        return answer.Kind is BybitErrorKind.Parameter or BybitErrorKind.SymbolUnavailable ? answer.Said : null;
    }

    private static Query QueryOf(Symbol symbol, Interval interval) =>
        new Query().With("category", "linear").With("symbol", symbol.Value).With("interval", interval.VenueCode);

    private async Task<List<Candle>> BackwardAsync(
        Symbol symbol, Interval interval, long? start, long end, int count, Instant marketTime, CancellationToken cancellationToken)
    {
        var candles = new List<Candle>();
        while (candles.Count < count && (start is null || end >= start))
        {
            var query = QueryOf(symbol, interval);
            if (start is not null)
            {
                query.With("start", start.Value);
            }

            // One more than asked: the newest row is normally the open candle, which is dropped.
            query.With("end", end).With("limit", Math.Min(PageSize, count == int.MaxValue ? PageSize : count - candles.Count + 1));
            var (result, _) = await _rest.GetAsync("/v5/market/kline", query, signed: false, WireJson.Default.KlineResult, cancellationToken);
            var rows = result.List ?? throw new ExchangeException($"candles of {symbol} {interval}: expected a list, found none");
            var page = rows.ConvertAll(row => Parse(row, symbol, interval));
            if (page.Count == 0)
            {
                break;
            }

            // Pages promise newest first; a server that answers otherwise would silently scramble history.
            for (var i = 0; i < page.Count; i++)
            {
                var bound = i == 0 ? end : page[i - 1].OpenTime.UnixMilliseconds - 1;
                var open = page[i].OpenTime.UnixMilliseconds;
                if (open > bound || open < (start ?? long.MinValue))
                {
                    throw new ExchangeException($"candles of {symbol} {interval}: expected rows descending from {new Instant(bound)}, found {page[i].OpenTime}");
                }
            }

            candles.AddRange(page.Where(candle => interval.CloseOf(candle.OpenTime) <= marketTime));
            end = page[^1].OpenTime.UnixMilliseconds - 1;
        }

        if (candles.Count > count)
        {
            candles.RemoveRange(count, candles.Count - count);
        }

        return candles;
    }

    private static Candle Parse(List<string> row, Symbol symbol, Interval interval)
    {
        if (row is not { Count: >= 7 } || !long.TryParse(row[0], NumberStyles.None, CultureInfo.InvariantCulture, out var open) || open > 100_000_000_000_000)
        {
            throw new ExchangeException($"candles of {symbol} {interval}: expected rows of 7 numbers as text, found [{string.Join(',', row ?? [])}]");
        }

        Span<double> values = stackalloc double[6];
        for (var i = 0; i < 6; i++)
        {
            if (!double.TryParse(row[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]))
            {
                throw new ExchangeException($"candles of {symbol} {interval}: expected numbers as text, found '{row[i + 1]}' at {new Instant(open)}");
            }
        }

        var candle = new Candle(new Instant(open), values[0], values[1], values[2], values[3], values[4], values[5]);
        return candle.Fault() is { } fault
            ? throw new ExchangeException($"candle of {symbol} {interval} at {candle.OpenTime} is impossible: {fault}")
            : candle;
    }
}
