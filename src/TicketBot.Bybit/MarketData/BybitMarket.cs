using System.Runtime.CompilerServices;
using TicketBot.Bybit.Rest;
using TicketBot.Bybit.Wire;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.MarketData;

/// <summary>What the venue tells everybody: contracts, prices, books, trades, funding and candles. Needs no key. Safe for use by several threads.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/market/time and its sister pages.</remarks>
public sealed class BybitMarket
{
    /// <summary>Rows of one page of settled funding rates, the venue's maximum.</summary>
    public const int FundingPage = 200;

    private readonly RestClient _rest;
    private readonly CandleReader _candles;

    internal BybitMarket(RestClient rest, CandleReader candles) => (_rest, _candles) = (rest, candles);

    /// <summary>Returns the rules of every linear USDT perpetual that trades, page by page of the venue.</summary>
    /// <exception cref="ExchangeException">The venue could not be read.</exception>
    public async Task<IReadOnlyList<Instrument>> InstrumentsAsync(CancellationToken cancellationToken)
    {
        var rows = await _rest.PagesAsync(
            "/v5/market/instruments-info", cursor => new Query().With("category", "linear").With("limit", 1000).WithCursor(cursor),
            signed: false, WireJson.Default.PageInstrumentRow, cancellationToken);
        return
        [
            .. rows.Where(row => row.ContractType is null or "LinearPerpetual" && row.SettleCoin is null or Mapping.SettleCoin)
                .Select(row => Mapping.Mapped(row, Mapping.ToInstrument, "instrument")),
        ];
    }

    /// <summary>Returns a contract's prices of this moment.</summary>
    /// <exception cref="ExchangeException">The venue does not list it, or could not be read.</exception>
    public async Task<Ticker> TickerAsync(Symbol symbol, CancellationToken cancellationToken)
    {
        var (page, _) = await _rest.GetAsync(
            "/v5/market/tickers", new Query().With("category", "linear").With("symbol", symbol.Value), signed: false, WireJson.Default.PageTickerRow, cancellationToken);
        var row = page.List?.Find(one => one.Symbol == symbol.Value)
            ?? throw new ExchangeException($"{symbol} has no ticker among the venue's linear contracts: check the symbol and the environment");
        return Mapping.Mapped(row, MarketMapping.ToTicker, "ticker");
    }

    /// <summary>Returns a contract's order book.</summary>
    /// <param name="symbol">The contract.</param>
    /// <param name="depth">Levels per side, 1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ExchangeException">The venue could not be read.</exception>
    public async Task<BookSnapshot> BookAsync(Symbol symbol, int depth, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, 1000);
        var (book, _) = await _rest.GetAsync(
            "/v5/market/orderbook", new Query().With("category", "linear").With("symbol", symbol.Value).With("limit", depth),
            signed: false, WireJson.Default.BookResult, cancellationToken);
        return Mapping.Mapped(book, row => MarketMapping.ToBook(row, symbol), "order book");
    }

    /// <summary>Returns a contract's newest trades, oldest first.</summary>
    /// <param name="symbol">The contract.</param>
    /// <param name="count">Trades, 1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ExchangeException">The venue could not be read.</exception>
    public async Task<IReadOnlyList<RecentTrade>> RecentTradesAsync(Symbol symbol, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 1000);
        var (page, _) = await _rest.GetAsync(
            "/v5/market/recent-trade", new Query().With("category", "linear").With("symbol", symbol.Value).With("limit", count),
            signed: false, WireJson.Default.PageRecentTradeRow, cancellationToken);
        var rows = page.List ?? throw new ExchangeException($"trades of {symbol}: expected a list, found none");
        return [.. rows.Select(row => Mapping.Mapped(row, MarketMapping.ToTrade, "trade")).OrderBy(trade => trade.Time)];
    }

    /// <summary>Returns the settled funding rates of [from, until], oldest first, paging backward.</summary>
    /// <exception cref="ExchangeException">The venue could not be read.</exception>
    public async Task<IReadOnlyList<FundingSettlement>> FundingAsync(Symbol symbol, Instant from, Instant until, CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<long, double>();
        var end = until.UnixMilliseconds;
        while (end >= from.UnixMilliseconds)
        {
            var query = new Query().With("category", "linear").With("symbol", symbol.Value)
                .With("startTime", from.UnixMilliseconds).With("endTime", end).With("limit", FundingPage);
            var (page, _) = await _rest.GetAsync("/v5/market/funding/history", query, signed: false, WireJson.Default.PageFundingRow, cancellationToken);
            var rows = (page.List ?? throw new ExchangeException($"funding of {symbol}: expected a list, found none"))
                .ConvertAll(row => Mapping.Mapped(row, MarketMapping.ToFunding, "funding"));
            foreach (var row in rows)
            {
                if (row.Time.UnixMilliseconds > end)
                {
                    throw new ExchangeException($"funding of {symbol}: expected settlements up to {new Instant(end)}, found {row.Time}");
                }

                found[row.Time.UnixMilliseconds] = row.Rate;
            }

            if (rows.Count < FundingPage)
            {
                break;
            }

            end = rows.Min(row => row.Time.UnixMilliseconds) - 1;
        }

        return [.. found.Where(one => one.Key >= from.UnixMilliseconds).Select(one => new FundingSettlement(new Instant(one.Key), one.Value))];
    }

    /// <summary>Returns the closed candles that open in [from, until), ascending, read backward: the newest page first.</summary>
    /// <param name="symbol">The contract.</param>
    /// <param name="interval">Candle length.</param>
    /// <param name="from">Earliest open time.</param>
    /// <param name="until">End, and the market time that says which candles are closed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ExchangeException">The venue could not be read.</exception>
    public Task<IReadOnlyList<Candle>> CandlesAsync(Symbol symbol, Interval interval, Instant from, Instant until, CancellationToken cancellationToken) =>
        _candles.RangeAsync(symbol, interval, from, until, until, cancellationToken);

    /// <summary>Returns the closed candles that open in [from, until) page by page, ascending, read forward: for histories that are stored as
    /// they come, so that a stopped download can go on where it was.</summary>
    /// <param name="symbol">The contract.</param>
    /// <param name="interval">Candle length.</param>
    /// <param name="from">Earliest open time.</param>
    /// <param name="until">End, and the market time that says which candles are closed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ExchangeException">The venue could not be read.</exception>
    public async IAsyncEnumerable<IReadOnlyList<Candle>> CandlePagesAsync(
        Symbol symbol, Interval interval, Instant from, Instant until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Each page names both its bounds and spans no more rows than a page holds, so that nothing depends on which end a server cuts.
        var start = interval.OpenOf(from) is var open && open < from ? interval.CloseOf(open) : from;
        while (start < until)
        {
            var next = interval.Shift(start, CandleReader.PageSize);
            var page = await _candles.RangeAsync(symbol, interval, start, next < until ? next : until, until, cancellationToken);
            if (page.Count > 0)
            {
                yield return page;
            }

            start = next;
        }
    }
    /// <summary>Returns why the venue tells no candle of a series, in its own words, or <c>null</c> when it knows the series.</summary>
    public Task<string?> RefusalOfCandlesAsync(Symbol symbol, Interval interval, CancellationToken cancellationToken) =>
        _candles.RefusalAsync(symbol, interval, cancellationToken);

    /// <summary>Returns the open time of the newest candle of a series, which is the one under way while the contract trades; <c>null</c> when there is none.</summary>
    /// <exception cref="ExchangeException">The venue could not be read.</exception>
    public Task<Instant?> NewestCandleAsync(Symbol symbol, Interval interval, CancellationToken cancellationToken) =>
        _candles.NewestOpenAsync(symbol, interval, by: null, cancellationToken);

    /// <summary>Returns when a series begins as far as [from, until) is concerned: the first open time of that span if the contract was listed
    /// before it, else the first candle's, found by bisection in some twenty reads; <c>null</c> when the venue has no candle before the end.</summary>
    /// <param name="symbol">The contract.</param>
    /// <param name="interval">Candle length.</param>
    /// <param name="from">Beginning of the span.</param>
    /// <param name="until">Exclusive end of the span.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ExchangeException">The venue could not be read.</exception>
    public async Task<Instant?> FirstCandleAsync(Symbol symbol, Interval interval, Instant from, Instant until, CancellationToken cancellationToken)
    {
        var low = interval.OpenOf(from) is var open && open < from ? interval.CloseOf(open) : from;
        if (low.UnixMilliseconds > 0 && await _candles.NewestOpenAsync(symbol, interval, low.Plus(-1), cancellationToken) is not null)
        {
            return low;
        }

        if (await _candles.NewestOpenAsync(symbol, interval, until.Plus(-1), cancellationToken) is not { } high)
        {
            return null;
        }

        // No candle opens before low, and one opens at high.
        while (low < high)
        {
            var middle = interval.OpenOf(new Instant(low.UnixMilliseconds + ((high.UnixMilliseconds - low.UnixMilliseconds) / 2)));
            if (await _candles.NewestOpenAsync(symbol, interval, middle, cancellationToken) is { } earlier)
            {
                high = earlier;
            }
            else
            {
                low = interval.CloseOf(middle);
            }
        }

        return high;
    }
}
