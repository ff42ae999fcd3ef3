using TicketBot.Bybit.Wire;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit;

/// <summary>From the venue's rows to our values. A row that lacks what it must have throws <see cref="FormatException"/>; an unknown word
/// becomes unknown.</summary>
internal static class Mapping
{
    /// <summary>Settlement coin of the account.</summary>
    public const string SettleCoin = "USDT";

    private const long LatestMs = 100_000_000_000_000;

    public static Instrument ToInstrument(InstrumentRow row)
    {
        var symbol = new Symbol(Needed(row.Symbol, "symbol"));
        var lot = row.LotSizeFilter ?? throw Missing("lotSizeFilter", symbol.Value);
        return new Instrument
        {
            Symbol = symbol,
            TickSize = Positive(row.PriceFilter?.TickSize, "tickSize", symbol.Value),
            QuantityStep = Positive(lot.QtyStep, "qtyStep", symbol.Value),
            MinQuantity = Positive(lot.MinOrderQty, "minOrderQty", symbol.Value),
            MaxQuantity = Positive(lot.MaxOrderQty, "maxOrderQty", symbol.Value),
            MaxMarketQuantity = Positive(lot.MaxMktOrderQty ?? lot.MaxOrderQty, "maxMktOrderQty", symbol.Value),
            MinNotional = lot.MinNotionalValue ?? 0,
            FundingIntervalMinutes = (int)(row.FundingInterval ?? throw Missing("fundingInterval", symbol.Value)),
            IsTrading = row.Status == "Trading",
        };
    }

    public static OrderReport ToOrder(OrderRow row, Instant fallbackTime)
    {
        var id = Needed(row.OrderId, "orderId");
        return new OrderReport
        {
            VenueId = new VenueOrderId(id),
            ClientOrderId = ToClientId(row.OrderLinkId),
            Symbol = new Symbol(Needed(row.Symbol, "symbol")),
            Side = ToSide(row.Side) ?? throw new FormatException($"order {id}: side must be Buy or Sell, was '{row.Side}'"),
            Status = ToStatus(row.OrderStatus),
            Quantity = new Quantity(row.Qty ?? throw Missing("qty", id)),
            FilledQuantity = new Quantity(row.CumExecQty ?? 0),
            ReduceOnly = row.ReduceOnly,
            IsStopLoss = row.StopOrderType is "StopLoss" or "PartialStopLoss",
            Trigger = ToPrice(row.TriggerPrice),
            Reason = ReasonOf(row),
            Time = (row.UpdatedTime ?? row.CreatedTime) is { } ms ? ToInstant(ms) : fallbackTime,
        };
    }

    public static OrderStatus ToStatus(string? text) => text switch
    {
        "New" or "Untriggered" or "Triggered" or "Created" or "Active" => OrderStatus.Open,
        "PartiallyFilled" => OrderStatus.PartiallyFilled,
        "Filled" => OrderStatus.Filled,
        "Cancelled" or "Deactivated" or "PartiallyFilledCanceled" => OrderStatus.Cancelled,
        "Rejected" => OrderStatus.Rejected,
        _ => OrderStatus.Unknown,
    };

    public static Execution ToExecution(ExecutionRow row)
    {
        var id = Needed(row.ExecId, "execId");
        var kind = ToKind(row.ExecType);
        var price = kind is ExecutionKind.Trade or ExecutionKind.Forced ? row.ExecPrice : Either(row.ExecPrice, row.MarkPrice);
        return new Execution
        {
            Id = new ExecutionId(id),
            Symbol = new Symbol(Needed(row.Symbol, "symbol")),
            Kind = kind,
            OrderId = new VenueOrderId(row.OrderId ?? ""),
            ClientOrderId = ToClientId(row.OrderLinkId),
            IsStopLoss = row.StopOrderType is "StopLoss" or "PartialStopLoss",
            Side = ToSide(row.Side) ?? throw new FormatException($"execution {id}: side must be Buy or Sell, was '{row.Side}'"),
            Price = ToPrice(price) ?? throw Missing("execPrice", id),
            Quantity = new Quantity(row.ExecQty ?? throw Missing("execQty", id)),
            Fee = new Money(row.ExecFee ?? throw Missing("execFee", id)),
            IsMaker = row.IsMaker,
            Time = ToInstant(row.ExecTime ?? throw Missing("execTime", id)),
        };
    }

    public static ExecutionKind ToKind(string? text) => text switch
    {
        // A moved position and a spread leg change the size as a trade does.
        "Trade" or "BlockTrade" or "MovePosition" or "FutureSpread" => ExecutionKind.Trade,
        "Funding" => ExecutionKind.Funding,
        "BustTrade" or "AdlTrade" or "Delivery" => ExecutionKind.Forced,
        _ => ExecutionKind.Unknown,
    };

    /// <summary>Returns the position of a contract from its row, or from the two of hedge mode as one: their net quantity, with entry and stop of
    /// the larger side.</summary>
    public static PositionReport ToPosition(IReadOnlyList<PositionRow> rows, Instant time)
    {
        var symbol = new Symbol(Needed(rows[0].Symbol, "symbol"));
        decimal net = 0, largest = 0, entry = 0;
        Price? stop = null;
        foreach (var row in rows)
        {
            if (row.Size is not { } size || size == 0)
            {
                continue;
            }

            var side = ToSide(row.Side) ?? throw new FormatException($"position of {symbol}: side must be Buy or Sell, was '{row.Side}'");
            net += side.Sign() * size;
            if (size > largest)
            {
                largest = size;
                entry = Either(row.EntryPrice, row.AvgPrice) ?? throw Missing("avgPrice", symbol.Value);
                stop = ToPrice(row.StopLoss);
            }
        }

        return new PositionReport(symbol, net, entry, stop, time, rows[0].Leverage is > 0 ? rows[0].Leverage : null, IsHedged: rows.Any(row => row.PositionIdx is > 0));
    }

    /// <summary>Returns the settlement coin's balance, or <c>null</c> when the account does not list that coin.</summary>
    public static WalletReport? ToWallet(AccountRow row, Instant time)
    {
        var coin = row.Coin?.Find(c => c?.Coin == SettleCoin);
        if (coin is null)
        {
            return null;
        }

        var balance = coin.WalletBalance ?? throw Missing("walletBalance", SettleCoin);
        return new WalletReport(new Money(balance), new Money(coin.Equity ?? throw Missing("equity", SettleCoin)), time);
    }

    /// <summary>Returns our id, or <c>default</c> when the text is none of ours.</summary>
    public static ClientOrderId ToClientId(string? text) =>
        text is { Length: > 0 and <= 36 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? new ClientOrderId(text) : default;

    /// <summary>Maps a row; one that cannot be read is a failure of the world.</summary>
    /// <exception cref="ExchangeException">The row lacks what it must have.</exception>
    public static TResult Mapped<T, TResult>(T row, Func<T, TResult> map, string what)
    {
        try
        {
            return map(row);
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            throw new ExchangeException($"the venue's {what} could not be read: {e.Message}", e);
        }
    }

    /// <summary>Returns a time of the venue; one that no clock shows would overflow whoever adds to it.</summary>
    public static Instant ToInstant(long ms) =>
        ms is >= 0 and <= LatestMs ? new Instant(ms) : throw new FormatException($"a time must lie between 1970 and 5138, was {ms} ms");

    private static Side? ToSide(string? text) => text switch { "Buy" => Side.Buy, "Sell" => Side.Sell, _ => null };

    private static Price? ToPrice(decimal? value) => value is > 0 ? new Price(value.Value) : null;

    private static decimal? Either(decimal? first, decimal? second) => first is > 0 ? first : second is > 0 ? second : null;

    private static string ReasonOf(OrderRow row)
    {
        var cancel = row.CancelType is null or "" or "UNKNOWN" ? "" : row.CancelType;
        var reject = row.RejectReason is null or "" or "EC_NoError" or "UNKNOWN" ? "" : row.RejectReason;
        return cancel.Length > 0 && reject.Length > 0 ? $"{cancel}; {reject}" : cancel + reject;
    }

    private static string Needed(string? text, string field) => string.IsNullOrEmpty(text) ? throw new FormatException($"{field} is missing") : text;

    private static decimal Positive(decimal? value, string field, string of) =>
        value is > 0 ? value.Value : throw new FormatException($"{of}: {field} must be above zero, was {value?.ToString() ?? "missing"}");

    private static FormatException Missing(string field, string of) => new($"{of}: {field} is missing");
}
