using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using TicketBot.Bybit.AccountData;
using TicketBot.Bybit.MarketData;
using TicketBot.Bybit.Rest;
using TicketBot.Bybit.Wire;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit;

/// <summary>A Bybit V5 account for linear USDT perpetuals: unified, one-way, leverage 1. Safe for use by several threads.</summary>
public sealed partial class BybitExchange : IExchange
{
    private readonly BybitOptions _options;
    private readonly BybitAddresses _addresses;
    private readonly Signer _signer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly BybitClock _clock;
    private readonly Chance _chance;
    private readonly RestClient _rest;
    private readonly Counters _counters = new();
    private readonly bool _observes;
    private readonly CandleReader _candles;
    private readonly AccountReader _account;
    private readonly Unanswered _unanswered;

    /// <summary>Makes a connector; nothing is sent yet.</summary>
    /// <param name="options">Validated options.</param>
    /// <param name="credentials">Key and secret of the environment.</param>
    /// <param name="time">Wall time.</param>
    /// <param name="logger">Receives what operators should know.</param>
    /// <param name="seed">Seed of the jitter in pauses.</param>
    /// <param name="handler">The HTTP transport, or <c>null</c> for the network; disposed with the connector.</param>
    /// <param name="observe">Whether book, trades and funding are followed and closed candles carry what was observed of them.</param>
    /// <exception cref="ExchangeException">The simulator's addresses are not given.</exception>
    public BybitExchange(
        BybitOptions options, BybitCredentials credentials, TimeProvider time, ILogger<BybitExchange> logger, ulong seed = 1, HttpMessageHandler? handler = null,
        bool observe = false)
    {
        (_options, _time, _logger, _observes) = (options, time, logger, observe);
        _addresses = BybitAddresses.Of(options);
        _signer = new Signer(credentials);
        _clock = new BybitClock(time);
        _chance = new Chance(seed);
        var transport = handler ?? new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(15), // Follows the venue's address changes.
            ConnectTimeout = TimeSpan.FromMilliseconds(options.RequestTimeoutMs),
        };
        _rest = new RestClient(options, _addresses.Rest, _signer, _clock, time, _chance, transport, _counters, logger);
        _candles = new CandleReader(_rest);
        _account = new AccountReader(_rest);
        _unanswered = new Unanswered(time, options.RecvWindowMs);
        (MarketData, AccountData) = (new BybitMarket(_rest, _candles), new BybitAccount(_rest, _account));
    }

    /// <inheritdoc/>
    public ExchangeEnvironment Environment => _options.Environment;

    /// <summary>What the venue tells everybody.</summary>
    public BybitMarket MarketData { get; }

    /// <summary>What the venue tells of this account beyond what trading needs.</summary>
    public BybitAccount AccountData { get; }

    /// <summary>The venue's clock as measured so far.</summary>
    public BybitClock Clock => _clock;

    /// <summary>The addresses in force.</summary>
    public BybitAddresses Addresses => _addresses;

    /// <summary>Measures the venue's clock now.</summary>
    /// <exception cref="ExchangeException">The venue's time could not be read.</exception>
    public Task MeasureClockAsync(CancellationToken cancellationToken) => _rest.MeasureClockAsync(cancellationToken);

    /// <summary>What has happened at this connector so far.</summary>
    public ConnectorCounts Counts => _counters.Read();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Instrument>> GetInstrumentsAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellationToken) =>
        await _account.InstrumentsAsync(symbols, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Candle>> GetCandlesAsync(
        Symbol symbol, Interval interval, Instant from, Instant? until, CancellationToken cancellationToken)
    {
        var now = await GetMarketTimeAsync(cancellationToken);
        return await _candles.RangeAsync(symbol, interval, from, until ?? now, now, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Candle>> GetLatestCandlesAsync(Symbol symbol, Interval interval, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return await _candles.LatestAsync(symbol, interval, count, await GetMarketTimeAsync(cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<ExchangeSnapshot> GetSnapshotAsync(IReadOnlyList<Symbol> symbols, Instant executionsSince, CancellationToken cancellationToken) =>
        await _account.SnapshotAsync(symbols, executionsSince, await GetMarketTimeAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>An order that is not found while its request may still arrive is looked for once more when it no longer can.</remarks>
    public async ValueTask<OrderReport?> FindOrderAsync(Symbol symbol, ClientOrderId id, bool mayRepeat, CancellationToken cancellationToken)
    {
        var found = await _account.FindAsync(symbol, id, await GetMarketTimeAsync(cancellationToken), cancellationToken);
        if (found is null && !mayRepeat && _unanswered.TimeLeft(id) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left, _time, cancellationToken);
            found = await _account.FindAsync(symbol, id, await GetMarketTimeAsync(cancellationToken), cancellationToken);
        }

        if (found is not null || !mayRepeat)
        {
            _unanswered.Remove(id);
        }

        return found;
    }

    /// <inheritdoc/>
    public async ValueTask PrepareAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellationToken)
    {
        // After the first start there is nothing to change, and reading is both quicker and allowed more often than writing.
        foreach (var position in await _account.PositionsOfAsync(symbols, await GetMarketTimeAsync(cancellationToken), cancellationToken))
        {
            if (position.IsHedged || position.Leverage is null)
            {
                await BringAsync("/v5/position/switch-mode", position.Symbol, (body, of) => RequestBodies.WriteMode(body, of, hedged: false), "one-way mode", "close its positions and orders first", cancellationToken);
            }

            if (position.Leverage != 1)
            {
                await BringAsync("/v5/position/set-leverage", position.Symbol, (body, of) => RequestBodies.WriteLeverage(body, of, 1), "leverage 1", "set leverage 1 on the venue's site", cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<SubmitAnswer> SubmitAsync(OrderRequest request, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(512);
        RequestBodies.WriteCreate(body, request);
        var answer = await _rest.PostAsync("/v5/order/create", body.WrittenMemory, urgent: request.ReduceOnly, cancellationToken);
        if (answer.Kind == BybitErrorKind.None)
        {
            return OrderIdIn(answer) is { } id
                ? new SubmitAnswer.Acknowledged(new VenueOrderId(id))
                : new SubmitAnswer.Unknown("the venue acknowledged without an order id");
        }

        if (answer.Kind == BybitErrorKind.DuplicateOrderId)
        {
            return new SubmitAnswer.Duplicate();
        }

        if (!BybitErrors.LeavesOutcomeOpen(answer.Kind))
        {
            return new SubmitAnswer.Refused(answer.Code, answer.Text);
        }

        _unanswered.Add(request.Id, answer.SentAt ?? _time.GetTimestamp());
        return new SubmitAnswer.Unknown(answer.Said);
    }

    /// <inheritdoc/>
    public async ValueTask<RequestAnswer> CancelAsync(Symbol symbol, ClientOrderId id, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(128);
        RequestBodies.WriteCancel(body, symbol, id);

        // An order that is gone needs no cancel; how it ended comes by the stream or a look-up.
        return AnswerOf(await _rest.PostAsync("/v5/order/cancel", body.WrittenMemory, urgent: true, cancellationToken), BybitErrorKind.OrderGone);
    }

    /// <inheritdoc/>
    public async ValueTask<RequestAnswer> SetStopAsync(Symbol symbol, Price stop, bool byMarkPrice, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(192);
        RequestBodies.WriteStop(body, symbol, stop, byMarkPrice);
        return AnswerOf(await _rest.PostAsync("/v5/position/trading-stop", body.WrittenMemory, urgent: true, cancellationToken), BybitErrorKind.AlreadyDone);
    }

    internal static RequestAnswer AnswerOf(RestAnswer answer, BybitErrorKind done)
    {
        if (answer.Kind == BybitErrorKind.None || answer.Kind == done)
        {
            return new RequestAnswer.Done();
        }

        return BybitErrors.LeavesOutcomeOpen(answer.Kind)
            ? new RequestAnswer.Unknown(answer.Said)
            : new RequestAnswer.Refused(answer.Code, answer.Text);
    }

    private static string? OrderIdIn(RestAnswer answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Result, WireJson.Default.OrderIds)?.OrderId is { Length: > 0 } id ? id : null;
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            return null;
        }
    }

    private async Task BringAsync(
        string path, Symbol symbol, Action<IBufferWriter<byte>, Symbol> write, string what, string remedy, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(128);
        write(body, symbol);
        var answer = await _rest.PostRepeatableAsync(path, body.WrittenMemory, cancellationToken);
        if (answer.Kind is not (BybitErrorKind.None or BybitErrorKind.AlreadyDone))
        {
            throw new ExchangeException($"{symbol} could not be brought to {what}: the venue said {answer.Said} ({answer.Kind}); {remedy}");
        }
    }
}
