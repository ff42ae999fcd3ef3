using System.Threading.Channels;
using TicketBot.Domain;

namespace TicketBot.Trading.Exchange;

/// <summary>Which venue an account lives at.</summary>
public enum ExchangeEnvironment
{
    /// <summary>The built-in exchange simulator.</summary>
    Simulator = 1,

    /// <summary>Bybit testnet.</summary>
    Testnet = 2,

    /// <summary>Bybit demo trading.</summary>
    Demo = 3,

    /// <summary>Bybit with real money.</summary>
    Live = 4,
}

/// <summary>A symbol and the candle length it is followed in.</summary>
/// <param name="Symbol">The contract.</param>
/// <param name="Interval">The candle length.</param>
public readonly record struct SeriesKey(Symbol Symbol, Interval Interval)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Symbol}/{Interval}";
}

/// <summary>An exchange account: market data, orders and events. Safe for use by several threads.</summary>
/// <remarks>Reads throw <see cref="ExchangeException"/> when the world failed for good; writes never throw for a lost answer, they
/// return it as <see cref="SubmitAnswer.Unknown"/>.</remarks>
public interface IExchange : IAsyncDisposable
{
    /// <summary>Where the account lives.</summary>
    ExchangeEnvironment Environment { get; }

    /// <summary>Returns market time at the venue (equal to wall time except on a simulator that runs at another speed).</summary>
    ValueTask<Instant> GetMarketTimeAsync(CancellationToken cancellationToken);

    /// <summary>Returns the rules of the given contracts, in their order.</summary>
    /// <exception cref="ExchangeException">The venue does not list one of them, or could not be reached.</exception>
    ValueTask<IReadOnlyList<Instrument>> GetInstrumentsAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellationToken);

    /// <summary>Returns closed candles ascending whose open time is at least <paramref name="from"/> and below <paramref name="until"/>
    /// (or market time), paging as often as needed; a range without candles gives an empty list.</summary>
    ValueTask<IReadOnlyList<Candle>> GetCandlesAsync(
        Symbol symbol, Interval interval, Instant from, Instant? until, CancellationToken cancellationToken);

    /// <summary>Returns the newest <paramref name="count"/> closed candles ascending (fewer when the venue has fewer), paging as often as needed.</summary>
    ValueTask<IReadOnlyList<Candle>> GetLatestCandlesAsync(
        Symbol symbol, Interval interval, int count, CancellationToken cancellationToken);

    /// <summary>Returns wallet, positions, open orders and the executions since a time, read one after the other.</summary>
    ValueTask<ExchangeSnapshot> GetSnapshotAsync(
        IReadOnlyList<Symbol> symbols, Instant executionsSince, CancellationToken cancellationToken);

    /// <summary>Looks an order up by our id in open orders, history and executions; <c>null</c> when none knows it now (which is not yet
    /// proof that it never arrived: the venue may know it a little later).</summary>
    /// <param name="symbol">The contract.</param>
    /// <param name="id">Our id.</param>
    /// <param name="mayRepeat">Whether the caller would send it again under the same id. If not, <c>null</c> comes only when a request whose
    /// answer was lost can no longer reach the venue, which may take seconds.</param>
    /// <param name="cancellationToken">Gives the look-up up.</param>
    ValueTask<OrderReport?> FindOrderAsync(Symbol symbol, ClientOrderId id, bool mayRepeat, CancellationToken cancellationToken);

    /// <summary>Brings the account into one-way mode and leverage 1 for the given contracts.</summary>
    /// <exception cref="ExchangeException">The account cannot be brought there; the message says what to do.</exception>
    ValueTask PrepareAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellationToken);

    /// <summary>Sends an order once.</summary>
    ValueTask<SubmitAnswer> SubmitAsync(OrderRequest request, CancellationToken cancellationToken);

    /// <summary>Asks to cancel an order of ours.</summary>
    ValueTask<RequestAnswer> CancelAsync(Symbol symbol, ClientOrderId id, CancellationToken cancellationToken);

    /// <summary>Sets the stop of the whole position of a contract, in the place of an earlier one.</summary>
    /// <param name="symbol">The contract.</param>
    /// <param name="stop">Trigger price on the tick grid.</param>
    /// <param name="byMarkPrice">Whether it triggers by mark price instead of last price.</param>
    /// <param name="cancellationToken">Gives the request up.</param>
    ValueTask<RequestAnswer> SetStopAsync(Symbol symbol, Price stop, bool byMarkPrice, CancellationToken cancellationToken);

    /// <summary>Opens the public and private streams and writes their events, in the venue's order, until cancelled; reconnects by itself,
    /// announcing each interruption. Returns once the first subscriptions stand; <paramref name="events"/> is completed with an error
    /// only when going on is impossible (for example a refused key).</summary>
    ValueTask ConnectAsync(IReadOnlyList<SeriesKey> series, ChannelWriter<ExchangeEvent> events, CancellationToken cancellationToken);

    /// <summary>Tells the venue that every order caused by events up to <paramref name="marketTime"/> has been sent. A real venue has no use for
    /// it; a simulator that runs faster than the clock waits for it before the next candle.</summary>
    ValueTask ReportSentAsync(Instant marketTime, CancellationToken cancellationToken);
}
