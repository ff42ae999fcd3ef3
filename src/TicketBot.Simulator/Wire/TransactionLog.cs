using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Wire;

/// <summary>What moved an account's wallet and what it held after each move (https://bybit-exchange.github.io/docs/v5/account/transaction-log).
/// Called under the session's lock.</summary>
internal static class TransactionLog
{
    private const long Week = 7 * Instant.MillisecondsPerDay;

    /// <summary>Answers the read: newest first, 20 rows a page by default and 50 at most, a week at a time.</summary>
    internal static WireAnswer Answer(VenueSession session, Account account, WireQuery query)
    {
        if (query["accountType"] is not (null or "UNIFIED"))
        {
            return WireAnswer.BadParameter($"accountType only supports UNIFIED, was '{query["accountType"]}'");
        }

        var (from, until) = query.Window(session.Venue.Time, Week);
        var isOfCoin = query["currency"] is null or "USDT";
        var found = Rows(session.Venue, account).Where(r => isOfCoin && r.Time >= from && r.Time <= until
            && (query["category"] is null || (query["category"] == "linear" && r.Symbol.Length > 0))
            && (query["baseCoin"] is not { } coin || r.Symbol == coin + "USDT")
            && (query["type"] is not { } type || r.Type == type));
        return query.PageBy(found, 20, 50, r => r.Key, Write);
    }

    /// <summary>Returns every move that is still known, newest first.</summary>
    internal static IEnumerable<Row> Rows(Venue venue, Account account)
    {
        var balance = account.Balance;
        var sizes = new Dictionary<Symbol, decimal>();
        var transfers = account.TransferList.Count;

        // From what there is now back to what there was: the oldest executions may be forgotten.
        for (var i = account.Executions.Count - 1; i >= -1; i--)
        {
            var sequence = i < 0 ? 0 : account.Executions[i].Sequence;
            for (; transfers > 0 && account.TransferList[transfers - 1].Sequence >= sequence; transfers--)
            {
                var transfer = account.TransferList[transfers - 1];
                yield return OfTransfer(transfer.Time, transfer.Amount, balance, $"T{transfers}") with { Key = (transfer.Sequence, transfers) };
                balance -= transfer.Amount;
            }

            if (i < 0)
            {
                break;
            }

            var symbol = account.Executions[i].Execution.Symbol;
            if (!sizes.TryGetValue(symbol, out var size))
            {
                size = venue.PositionOf(account, symbol).SignedQuantity;
            }

            var row = OfExecution(account.Executions[i], balance, size);
            yield return row;
            balance -= row.Change;
            sizes[symbol] = size - (row.Type == "SETTLEMENT" ? 0 : row.Side.Sign() * row.Quantity);
        }

        // An account opens with a deposit; it is the first row unless older executions are forgotten.
        if (balance == account.InitialBalance)
        {
            yield return OfTransfer(account.Opened, balance, balance, "T0");
        }
    }

    private static Row OfTransfer(Instant time, decimal amount, decimal balance, string id) => new()
    {
        Id = id,
        Symbol = "",
        Type = amount > 0 ? "TRANSFER_IN" : "TRANSFER_OUT",
        Time = time,
        CashFlow = amount,
        Balance = balance,
    };

    private static Row OfExecution(VenueExecution told, decimal balance, decimal size)
    {
        var (execution, isFunding) = (told.Execution, told.Type == "Funding");
        return new Row
        {
            Id = execution.Id.Value,
            Symbol = execution.Symbol.Value,
            Side = execution.Side,
            Type = told.Type switch { "Funding" => "SETTLEMENT", "BustTrade" => "LIQUIDATION", "AdlTrade" => "ADL", _ => "TRADE" },
            Time = execution.Time,
            Quantity = execution.Quantity.Value,
            Size = size,
            Price = execution.Price.Value,
            Funding = isFunding ? -execution.Fee.Value : 0,
            Fee = isFunding ? 0 : execution.Fee.Value,
            CashFlow = told.ClosedPnl,
            Balance = balance,

            // Of a settlement the rate as the side sees it: a short receives what a long pays.
            FeeRate = isFunding ? execution.Side.Sign() * told.FeeRate : told.FeeRate,
            OrderId = told.Order?.Id ?? "",
            LinkId = told.Order?.Request.LinkId ?? "",
            Key = (told.Sequence, 0),
        };
    }

    private static void Write(Utf8JsonWriter w, Row row)
    {
        var isTransfer = row.Symbol.Length == 0;
        w.WriteStartObject();
        w.WriteString("id", row.Id);
        w.WriteString("symbol", row.Symbol);
        w.WriteString("category", isTransfer ? "" : "linear");
        w.WriteString("side", isTransfer ? "None" : row.Side.ToString());
        w.WriteString("transactionTime", WireText.Of(row.Time));
        w.WriteString("type", row.Type);
        w.WriteString("transSubType", "");
        w.WriteString("qty", WireText.Of(isTransfer ? Math.Abs(row.CashFlow) : row.Quantity));
        w.WriteString("size", WireText.Of(row.Size));
        w.WriteString("currency", "USDT");
        w.WriteString("tradePrice", isTransfer ? "" : WireText.Of(row.Price));
        w.WriteString("funding", row.Type == "SETTLEMENT" ? WireText.Of(row.Funding) : "");
        w.WriteString("fee", WireText.Of(row.Fee));
        w.WriteString("cashFlow", WireText.Of(row.CashFlow));
        w.WriteString("change", WireText.Of(row.Change));
        w.WriteString("cashBalance", WireText.Of(row.Balance));
        w.WriteString("feeRate", isTransfer ? "" : WireText.Of(row.FeeRate));
        w.WriteString("bonusChange", "");
        w.WriteString("tradeId", isTransfer ? "" : row.Id);
        w.WriteString("orderId", row.OrderId);
        w.WriteString("orderLinkId", row.LinkId);
        w.WriteString("extraFees", "");
        w.WriteEndObject();
    }

    /// <summary>One move of the wallet.</summary>
    internal sealed record Row
    {
        /// <summary>What tells it apart.</summary>
        internal required string Id { get; init; }

        /// <summary>The contract; empty for a transfer.</summary>
        internal required string Symbol { get; init; }

        /// <summary>Bybit's type: TRADE, SETTLEMENT (funding), LIQUIDATION, ADL, TRANSFER_IN or TRANSFER_OUT.</summary>
        internal required string Type { get; init; }

        /// <summary>Market time.</summary>
        internal required Instant Time { get; init; }

        /// <summary>Side of the trade, or of the position that funding was settled for.</summary>
        internal Side Side { get; init; }

        /// <summary>Base coin traded or settled.</summary>
        internal decimal Quantity { get; init; }

        /// <summary>Base coin held afterwards, negative for a short.</summary>
        internal decimal Size { get; init; }

        /// <summary>Price of the trade, mark price of the settlement.</summary>
        internal decimal Price { get; init; }

        /// <summary>Funding received; negative when paid.</summary>
        internal decimal Funding { get; init; }

        /// <summary>Fee paid.</summary>
        internal decimal Fee { get; init; }

        /// <summary>Profit realised before the fee, or the amount transferred.</summary>
        internal decimal CashFlow { get; init; }

        /// <summary>Wallet balance afterwards.</summary>
        internal decimal Balance { get; init; }

        /// <summary>Fee or funding rate as a fraction.</summary>
        internal decimal FeeRate { get; init; }

        /// <summary>The venue's id of the order; empty for none.</summary>
        internal string OrderId { get; init; } = "";

        /// <summary>The client's id of the order; empty for none.</summary>
        internal string LinkId { get; init; } = "";

        /// <summary>Its place: later moves have larger ones.</summary>
        internal (long First, long Second) Key { get; init; }

        /// <summary>What it added to the wallet.</summary>
        internal decimal Change => CashFlow + Funding - Fee;
    }
}
