using System.Text.Json;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Wire;

/// <summary>Writes orders, executions, positions and wallets with Bybit's field names; each writes one JSON object.</summary>
/// <remarks>Sources: https://bybit-exchange.github.io/docs/v5/order/open-order, /order/execution, /position, /account/wallet-balance and the
/// private topics under /websocket/private.</remarks>
internal static class WireRows
{
    private const decimal BreakEvenFee = 0.00055m; // The taker rate that the venue reckons with.

    internal static void Order(Utf8JsonWriter w, VenueOrder order, bool isStream)
    {
        var request = order.Request;
        w.WriteStartObject();
        if (isStream)
        {
            w.WriteString("category", "linear");
            w.WriteString("closedPnl", WireText.Of(order.ClosedPnl));
            w.WriteString("feeCurrency", "");
        }

        w.WriteString("orderId", order.Id);
        w.WriteString("orderLinkId", request.LinkId);
        w.WriteString("parentOrderLinkId", order.ParentLinkId);
        w.WriteString("blockTradeId", "");
        w.WriteString("symbol", request.Symbol.Value);
        w.WriteString("price", request.Price is { } price ? WireText.Of(price) : "0");
        w.WriteString("qty", WireText.Of(order.Quantity));
        w.WriteString("side", request.Side.ToString());
        w.WriteString("isLeverage", "");
        w.WriteNumber("positionIdx", request.PositionIndex);
        w.WriteString("orderStatus", order.Status.ToString());
        w.WriteString("createType", order.CreateType);
        w.WriteString("cancelType", order.CancelType);
        w.WriteString("rejectReason", order.RejectReason);
        w.WriteString("avgPrice", order.Filled == 0 ? "" : WireText.Rounded(order.FilledValue / order.Filled));
        var leaves = order.Leaves;
        w.WriteString("leavesQty", WireText.Of(leaves));
        w.WriteString("leavesValue", WireText.Of(leaves * (request.Price ?? 0)));
        w.WriteString("cumExecQty", WireText.Of(order.Filled));
        w.WriteString("cumExecValue", WireText.Of(order.FilledValue));
        w.WriteString("cumExecFee", WireText.Of(order.Fee));
        w.WriteStartObject("cumFeeDetail");
        if (order.Filled > 0)
        {
            w.WriteString("USDT", WireText.Of(order.Fee));
        }

        w.WriteEndObject();
        w.WriteString("timeInForce", request.TimeInForce.ToString());
        w.WriteString("orderType", request.Type.ToString());
        w.WriteString("stopOrderType", KindOf(order));
        w.WriteString("orderIv", "");
        w.WriteString("marketUnit", "");
        w.WriteString("triggerPrice", WireText.Of(order.Trigger));
        w.WriteString("triggerBy", order.Trigger is null ? "" : order.TriggerBy.ToString());
        w.WriteNumber("triggerDirection", (int)order.TriggerDirection);
        w.WriteString("takeProfit", WireText.Of(request.TakeProfit));
        w.WriteString("stopLoss", WireText.Of(request.StopLoss));
        w.WriteString("tpTriggerBy", request.TakeProfit is null ? "" : request.TakeProfitTrigger.ToString());
        w.WriteString("slTriggerBy", request.StopLoss is null ? "" : request.StopTrigger.ToString());
        w.WriteString("tpLimitPrice", WireText.Of(request.TakeProfitLimit ?? 0));
        w.WriteString("slLimitPrice", WireText.Of(request.StopLossLimit ?? 0));
        w.WriteString("tpslMode", ModeOf(order));
        w.WriteString("ocoTriggerBy", order.CancelType switch
        {
            "CancelByOCOTpCanceledBySlTriggered" => "OcoTriggerBySl",
            "CancelByOCOSlCanceledByTpTriggered" => "OcoTriggerByTp",
            _ => order.PairId.Length == 0 ? "" : "OcoTriggerByUnknown",
        });
        w.WriteString("lastPriceOnCreated", WireText.Of(order.LastPriceOnCreated));
        w.WriteString("basePrice", WireText.Of(order.LastPriceOnCreated));
        w.WriteBoolean("reduceOnly", request.ReduceOnly);
        w.WriteBoolean("closeOnTrigger", request.CloseOnTrigger);
        w.WriteString("placeType", "");
        w.WriteString("smpType", "None");
        w.WriteNumber("smpGroup", 0);
        w.WriteString("smpOrderId", "");
        w.WriteString("slippageToleranceType", request.MaxSlippage is null ? "UNKNOWN" : "Percent");
        w.WriteString("slippageTolerance", WireText.Of(request.MaxSlippage * 100));
        w.WriteString("extraFees", "");
        w.WriteString("createdTime", WireText.Of(order.Created));
        w.WriteString("updatedTime", WireText.Of(order.Updated));
        w.WriteEndObject();
    }

    internal static void Execution(Utf8JsonWriter w, VenueExecution row, bool isStream)
    {
        var (execution, order) = (row.Execution, row.Order);
        w.WriteStartObject();
        if (isStream)
        {
            w.WriteString("category", "linear");
            w.WriteString("execPnl", WireText.Of(row.ClosedPnl));
            w.WriteString("isLeverage", "0");
            w.WriteString("marketUnit", "");
        }

        w.WriteString("symbol", execution.Symbol.Value);
        w.WriteString("orderId", execution.OrderId.Value);
        w.WriteString("orderLinkId", order?.Request.LinkId ?? "");
        w.WriteString("side", execution.Side.ToString());
        w.WriteString("orderPrice", order?.Request.Price is { } price ? WireText.Of(price) : "0");
        w.WriteString("orderQty", WireText.Of(order?.Quantity ?? 0));
        w.WriteString("leavesQty", WireText.Of(order?.Leaves ?? 0));
        w.WriteString("createType", order?.CreateType ?? "");
        w.WriteString("orderType", order?.Request.Type.ToString() ?? "UNKNOWN");
        w.WriteString("stopOrderType", order is null ? "UNKNOWN" : KindOf(order));
        w.WriteString("execFee", WireText.Of(execution.Fee.Value));
        w.WriteString("execId", execution.Id.Value);
        w.WriteString("execPrice", WireText.Of(execution.Price.Value));
        w.WriteString("execQty", WireText.Of(execution.Quantity.Value));
        w.WriteString("execType", row.Type);
        w.WriteString("execValue", WireText.Of((execution.Price * execution.Quantity).Value));
        w.WriteString("execTime", WireText.Of(execution.Time));
        w.WriteString("feeCurrency", "");
        w.WriteBoolean("isMaker", execution.IsMaker);
        w.WriteString("feeRate", WireText.Of(row.FeeRate));
        w.WriteString("tradeIv", "");
        w.WriteString("markIv", "");
        w.WriteString("markPrice", WireText.Of(row.MarkPrice));
        w.WriteString("indexPrice", "");
        w.WriteString("underlyingPrice", "");
        w.WriteString("blockTradeId", "");
        w.WriteString("closedSize", WireText.Of(row.ClosedQuantity));
        w.WriteNumber("seq", row.Sequence);
        w.WriteString("extraFees", "");
        w.WriteEndObject();
    }

    internal static void Position(Utf8JsonWriter w, VenuePosition position, bool isStream)
    {
        var size = Math.Abs(position.SignedQuantity);
        var value = size * position.AverageEntry;
        var margin = WireText.Rounded(position.InitialMargin);
        var maintenance = WireText.Rounded(position.MaintenanceMargin);
        var time = WireText.Of(position.Updated);
        w.WriteStartObject();
        if (isStream)
        {
            w.WriteString("category", "linear");
        }

        w.WriteNumber("positionIdx", position.Index);
        w.WriteNumber("riskId", 1);
        w.WriteString("riskLimitValue", WireText.Of(InstrumentRows.RiskLimit));
        w.WriteString("symbol", position.Symbol.Value);
        w.WriteString("side", position.SignedQuantity switch { > 0 => "Buy", < 0 => "Sell", _ => "" });
        w.WriteString("size", WireText.Of(size));
        w.WriteString(isStream ? "entryPrice" : "avgPrice", WireText.Of(position.AverageEntry));
        w.WriteString("positionValue", WireText.Of(value));
        w.WriteNumber("tradeMode", 0);
        w.WriteNumber("autoAddMargin", 0);
        w.WriteString("positionStatus", position.Status);
        w.WriteString("leverage", WireText.Of(position.Leverage));
        w.WriteString("markPrice", WireText.Of(position.MarkPrice));
        w.WriteString("liqPrice", position.LiquidationPrice is { } liquidation ? WireText.Rounded(liquidation) : "");
        w.WriteString("bustPrice", "");
        w.WriteString("breakEvenPrice", BreakEven(position));
        w.WriteString("positionIM", margin);
        w.WriteString("positionIMByMp", margin);
        w.WriteString("positionMM", maintenance);
        w.WriteString("positionMMByMp", maintenance);
        w.WriteString("positionBalance", "0");
        w.WriteString("takeProfit", WireText.Of(position.TakeProfit));
        w.WriteString("stopLoss", WireText.Of(position.StopLoss));
        w.WriteString("trailingStop", WireText.Of(position.TrailingStop));
        w.WriteString("sessionAvgPrice", "");
        w.WriteString("unrealisedPnl", WireText.Of(position.Unrealised));
        w.WriteString("curRealisedPnl", WireText.Of(position.SessionRealised));
        w.WriteString("cumRealisedPnl", WireText.Of(position.CumulativeRealised));
        w.WriteString("tpslMode", "Full");
        w.WriteNumber("adlRankIndicator", 0);
        w.WriteBoolean("isReduceOnly", false);
        w.WriteString("mmrSysUpdatedTime", "");
        w.WriteString("leverageSysUpdatedTime", "");
        w.WriteNumber("openTime", size == 0 ? 0 : position.Opened.UnixMilliseconds);
        w.WriteString("createdTime", WireText.Of(position.Opened));
        w.WriteString("updatedTime", time);
        w.WriteNumber("seq", position.Sequence);
        w.WriteEndObject();
    }

    internal static void Closed(Utf8JsonWriter w, ClosedTrade closed)
    {
        var request = closed.Order.Request;
        w.WriteStartObject();
        w.WriteString("symbol", request.Symbol.Value);
        w.WriteString("orderId", closed.OrderId);
        w.WriteString("side", request.Side.ToString());
        w.WriteString("qty", WireText.Of(closed.Order.Quantity));
        w.WriteString("orderPrice", WireText.Of(request.Price ?? 0));
        w.WriteString("orderType", request.Type.ToString());
        w.WriteString("execType", closed.ExecutionType);
        w.WriteString("closedSize", WireText.Of(closed.Quantity));
        w.WriteString("cumEntryValue", WireText.Of(closed.EntryValue));
        w.WriteString("avgEntryPrice", WireText.Rounded(closed.EntryValue / closed.Quantity));
        w.WriteString("cumExitValue", WireText.Of(closed.ExitValue));
        w.WriteString("avgExitPrice", WireText.Rounded(closed.ExitValue / closed.Quantity));
        w.WriteString("closedPnl", WireText.Of(closed.ClosedPnl));
        w.WriteString("fillCount", closed.FillCount.ToString(System.Globalization.CultureInfo.InvariantCulture));
        w.WriteString("leverage", WireText.Of(closed.Leverage));
        w.WriteString("openFee", WireText.Of(closed.OpenFee));
        w.WriteString("closeFee", WireText.Of(closed.CloseFee));
        w.WriteString("createdTime", WireText.Of(closed.Created));
        w.WriteString("updatedTime", WireText.Of(closed.Updated));
        w.WriteEndObject();
    }

    internal static void Wallet(Utf8JsonWriter w, VenueWallet wallet, bool withCoin = true)
    {
        var equity = WireText.Of(wallet.Equity);
        var initial = wallet.PositionMargin + wallet.OrderMargin;
        w.WriteStartObject();
        w.WriteString("accountType", "UNIFIED");
        w.WriteString("accountIMRate", RateOf(initial, wallet.Equity));
        w.WriteString("accountMMRate", RateOf(wallet.MaintenanceMargin, wallet.Equity));
        w.WriteString("accountIMRateByMp", RateOf(initial, wallet.Equity));
        w.WriteString("accountMMRateByMp", RateOf(wallet.MaintenanceMargin, wallet.Equity));
        w.WriteString("accountLTV", "");
        w.WriteString("totalEquity", equity);
        w.WriteString("totalWalletBalance", WireText.Of(wallet.Balance));
        w.WriteString("totalMarginBalance", equity);
        w.WriteString("totalAvailableBalance", WireText.Rounded(wallet.Available));
        w.WriteString("totalPerpUPL", WireText.Of(wallet.Unrealised));
        w.WriteString("totalInitialMargin", WireText.Rounded(initial));
        w.WriteString("totalMaintenanceMargin", WireText.Rounded(wallet.MaintenanceMargin));
        w.WriteString("totalInitialMarginByMp", WireText.Rounded(initial));
        w.WriteString("totalMaintenanceMarginByMp", WireText.Rounded(wallet.MaintenanceMargin));
        w.WriteStartArray("coin");
        if (withCoin)
        {
            Coin(w, wallet);
        }

        w.WriteEndArray();
        w.WriteEndObject();
    }

    private static void Coin(Utf8JsonWriter w, VenueWallet wallet)
    {
        var equity = WireText.Of(wallet.Equity);
        w.WriteStartObject();
        w.WriteString("coin", "USDT");
        w.WriteString("equity", equity);
        w.WriteString("usdValue", equity);
        w.WriteString("walletBalance", WireText.Of(wallet.Balance));
        w.WriteString("locked", "0");
        w.WriteString("spotHedgingQty", "0");
        w.WriteString("borrowAmount", "0");
        w.WriteString("accruedInterest", "0");
        w.WriteString("totalOrderIM", WireText.Rounded(wallet.OrderMargin));
        w.WriteString("totalPositionIM", WireText.Rounded(wallet.PositionMargin));
        w.WriteString("totalPositionMM", WireText.Rounded(wallet.MaintenanceMargin));
        w.WriteString("unrealisedPnl", WireText.Of(wallet.Unrealised));
        w.WriteString("cumRealisedPnl", WireText.Of(wallet.Realised));
        w.WriteString("bonus", "0");
        w.WriteString("spotBorrow", "0");
        w.WriteString("colRes", "0");
        w.WriteString("free", "");
        w.WriteString("availableToWithdraw", "");
        w.WriteString("availableToBorrow", "");
        w.WriteBoolean("marginCollateral", true);
        w.WriteBoolean("collateralSwitch", true);
        w.WriteEndObject();
    }

    private static string KindOf(VenueOrder order) => order.Kind == StopKind.None ? "" : order.Kind.ToString();

    private static string ModeOf(VenueOrder order) => order.Kind switch
    {
        StopKind.PartialStopLoss or StopKind.PartialTakeProfit => "Partial",
        StopKind.StopLoss or StopKind.TakeProfit or StopKind.TrailingStop => "Full",
        _ => order.Request.StopLoss is null && order.Request.TakeProfit is null ? "" : order.Request.IsPartialProtection ? "Partial" : "Full",
    };

    // The price at which closing pays for what this holding has cost so far and for the close itself.
    private static string BreakEven(VenuePosition position)
    {
        var quantity = position.SignedQuantity;
        return quantity == 0
            ? ""
            : WireText.Rounded(((position.AverageEntry * quantity) - position.SessionRealised) / (quantity - (Math.Abs(quantity) * BreakEvenFee)));
    }

    private static string RateOf(decimal margin, decimal equity) => equity > 0 ? WireText.Rounded(margin / equity) : "0";
}
