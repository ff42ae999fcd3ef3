using System.Buffers;
using System.Globalization;
using TicketBot.Bybit.Rest;
using TicketBot.Bybit.Wire;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.AccountData;

/// <summary>What the venue tells of this account beyond what trading needs, and the writes that only operators and tools use. Safe for use
/// by several threads.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/account/account-info and its sister pages.</remarks>
public sealed class BybitAccount
{
    private readonly RestClient _rest;
    private readonly AccountReader _reader;

    internal BybitAccount(RestClient rest, AccountReader reader) => (_rest, _reader) = (rest, reader);

    /// <summary>Returns what the venue says of the key to a signed read: <see cref="BybitErrorKind.None"/> when it works, else the kind with the
    /// venue's code (0 when nothing came back).</summary>
    public async Task<(BybitErrorKind Kind, int Code)> SignInAsync(CancellationToken cancellationToken)
    {
        var answer = await _rest.ReadAsync("/v5/account/wallet-balance", new Query().With("accountType", "UNIFIED").ToString(), signed: true, cancellationToken);
        return (answer.Kind, answer.Code);
    }

    /// <summary>Returns what kind of account it is.</summary>
    /// <exception cref="ExchangeException">The venue could not be read.</exception>
    public async Task<AccountInfo> InfoAsync(CancellationToken cancellationToken)
    {
        var (info, _) = await _rest.GetAsync("/v5/account/info", null, signed: true, WireJson.Default.AccountInfoResult, cancellationToken);
        return new AccountInfo(
            info.UnifiedMarginStatus ?? throw new ExchangeException("the account's kind: expected unifiedMarginStatus, found none"), info.MarginMode ?? "");
    }

    /// <summary>Returns what the key may do, or why the environment does not say (demo trading may not).</summary>
    /// <exception cref="ExchangeException">The venue could not be read.</exception>
    public async Task<Available<KeyInfo>> KeyAsync(CancellationToken cancellationToken)
    {
        const string Path = "/v5/user/query-api";
        var answer = await _rest.ReadAsync(Path, "", signed: true, cancellationToken);
        return answer.Kind == BybitErrorKind.None
            ? new Available<KeyInfo>(Mapping.Mapped(RestClient.ResultOf(answer, WireJson.Default.KeyInfoResult, Path, ""), ToKey, "key"), "")
            : Missing<KeyInfo>(Path, answer);
    }

    /// <summary>Returns the account's fee rates of a contract, or why the environment does not say: demo trading has no such endpoint.</summary>
    /// <exception cref="ExchangeException">The venue could not be read.</exception>
    public async Task<Available<FeeRates>> FeesAsync(Symbol symbol, CancellationToken cancellationToken)
    {
        const string Path = "/v5/account/fee-rate";
        var query = new Query().With("category", "linear").With("symbol", symbol.Value).ToString();
        var answer = await _rest.ReadAsync(Path, query, signed: true, cancellationToken);
        if (answer.Kind != BybitErrorKind.None)
        {
            return Missing<FeeRates>(Path, answer);
        }

        var row = RestClient.ResultOf(answer, WireJson.Default.PageFeeRateRow, Path, query).List?.Find(one => one.Symbol == symbol.Value);
        return row is { TakerFeeRate: { } taker, MakerFeeRate: { } maker }
            ? new Available<FeeRates>(new FeeRates(taker * 10_000, maker * 10_000), "")
            : new Available<FeeRates>(null, $"the venue lists no fee of {symbol}");
    }

    /// <summary>Returns the wallet's settlement coin.</summary>
    /// <exception cref="ExchangeException">The venue could not be read, or the account holds none of it.</exception>
    public Task<WalletReport> WalletAsync(Instant marketTime, CancellationToken cancellationToken) => _reader.WalletAsync(marketTime, cancellationToken);

    /// <summary>Returns a contract's position with its leverage and mode, flat ones too.</summary>
    /// <exception cref="ExchangeException">The venue could not be read.</exception>
    public Task<PositionReport> PositionAsync(Symbol symbol, Instant marketTime, CancellationToken cancellationToken) =>
        _reader.PositionAsync(symbol, marketTime, cancellationToken);

    /// <summary>Returns every open position of the account, whatever its contract.</summary>
    /// <exception cref="ExchangeException">The venue could not be read.</exception>
    public Task<IReadOnlyList<PositionReport>> PositionsAsync(Instant marketTime, CancellationToken cancellationToken) =>
        _reader.PositionsAsync(marketTime, cancellationToken);

    /// <summary>Returns every open and untriggered order of the account, whatever its contract.</summary>
    /// <exception cref="ExchangeException">The venue could not be read.</exception>
    public Task<IReadOnlyList<OrderReport>> OpenOrdersAsync(Instant marketTime, CancellationToken cancellationToken) =>
        _reader.OpenOrdersAsync(marketTime, cancellationToken);

    /// <summary>Returns the finished orders of a contract that were made in a span of at most seven days, oldest first.</summary>
    /// <exception cref="ExchangeException">The venue could not be read.</exception>
    public Task<IReadOnlyList<OrderReport>> OrderHistoryAsync(Symbol symbol, Instant from, Instant until, CancellationToken cancellationToken) =>
        _reader.OrderHistoryAsync(symbol, from, until, cancellationToken);

    /// <summary>Changes a resting order of ours; what is <c>null</c> stays. An order that is gone meanwhile is refused with its code: look it
    /// up once, since nothing is left to change.</summary>
    /// <param name="symbol">The contract.</param>
    /// <param name="id">Our id.</param>
    /// <param name="quantity">New total quantity, above what is filled.</param>
    /// <param name="limitPrice">New price.</param>
    /// <param name="stopLoss">New stop of the position it opens.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<RequestAnswer> AmendAsync(
        Symbol symbol, ClientOrderId id, Quantity? quantity, Price? limitPrice, Price? stopLoss, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(192);
        RequestBodies.WriteAmend(body, symbol, id, quantity, limitPrice, stopLoss);
        return BybitExchange.AnswerOf(await _rest.PostAsync("/v5/order/amend", body.WrittenMemory, urgent: false, cancellationToken), BybitErrorKind.AlreadyDone);
    }

    /// <summary>Cancels every plain order of a contract; stops stay.</summary>
    public async Task<RequestAnswer> CancelAllAsync(Symbol symbol, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(96);
        RequestBodies.WriteCancelAll(body, symbol);
        return BybitExchange.AnswerOf(await _rest.PostAsync("/v5/order/cancel-all", body.WrittenMemory, urgent: true, cancellationToken), BybitErrorKind.OrderGone);
    }

    /// <summary>Sets a contract's leverage, 1 or more.</summary>
    public async Task<RequestAnswer> SetLeverageAsync(Symbol symbol, decimal leverage, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leverage, 1m);
        var body = new ArrayBufferWriter<byte>(128);
        RequestBodies.WriteLeverage(body, symbol, leverage);
        return BybitExchange.AnswerOf(await _rest.PostRepeatableAsync("/v5/position/set-leverage", body.WrittenMemory, cancellationToken), BybitErrorKind.AlreadyDone);
    }

    /// <summary>Brings a flat contract into hedge or one-way mode.</summary>
    public async Task<RequestAnswer> SwitchModeAsync(Symbol symbol, bool hedged, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(96);
        RequestBodies.WriteMode(body, symbol, hedged);
        return BybitExchange.AnswerOf(await _rest.PostRepeatableAsync("/v5/position/switch-mode", body.WrittenMemory, cancellationToken), BybitErrorKind.AlreadyDone);
    }

    private static Available<T> Missing<T>(string path, RestAnswer answer)
        where T : class =>
        answer.Kind is BybitErrorKind.WrongPath or BybitErrorKind.Forbidden || BybitErrors.IsPermission(answer.Code)
            ? new Available<T>(null, $"{path} is not there for this environment or key (the venue said {answer.Said})")
            : throw new ExchangeException($"GET {path}: expected success, the venue said {answer.Said} ({answer.Kind}); {BybitErrors.AdviceOf(answer.Kind)}");

    private static KeyInfo ToKey(KeyInfoResult row)
    {
        var expires = DateTimeOffset.TryParse(row.ExpiredAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? Instant.From(at) : (Instant?)null;
        return new KeyInfo(
            row.ReadOnly is 1,
            (row.Permissions ?? throw new FormatException("permissions are missing"))
                .ToDictionary(one => one.Key, one => (IReadOnlyList<string>)[.. (one.Value ?? []).Where(word => !string.IsNullOrEmpty(word))]),
            [.. (row.Ips ?? []).Where(address => !string.IsNullOrEmpty(address) && address != "*")],
            expires is { UnixMilliseconds: > 0 } ? expires : null)
        {
            UserId = row.UserID is > 0 ? row.UserID : null,
        };
    }
}
