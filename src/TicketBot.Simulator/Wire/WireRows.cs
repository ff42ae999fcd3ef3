using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Wire;

/// <summary>Writes orders, executions, positions and wallets with Bybit's field names; each writes one JSON object.</summary>
/// <remarks>Sources: https://bybit-exchange.github.io/docs/v5/order/open-order, /order/execution, /position, /account/wallet-balance and the
/// private topics under /websocket/private.</remarks>
internal static class WireRows
{
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
        w.WriteNumber("positionIdx", 0);
        w.WriteString("orderStatus", order.Status.ToString());
        w.WriteString("createType", order.IsStopLoss ? "CreateByStopLoss" : "CreateByUser");
        w.WriteString("cancelType", order.CancelType);
        w.WriteString("rejectReason", order.RejectReason);
        w.WriteString("avgPrice", order.Filled == 0 ? "" : WireText.Of(order.FilledValue / order.Filled));
        var leaves = order.IsFinal ? 0 : order.Quantity - order.Filled;
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
        w.WriteString("stopOrderType", order.IsStopLoss ? "StopLoss" : "");
        w.WriteString("orderIv", "");
        w.WriteString("marketUnit", "");
        w.WriteString("triggerPrice", WireText.Of(order.Trigger));
        w.WriteString("triggerBy", order.IsStopLoss ? request.StopTrigger.ToString() : "");
        w.WriteNumber("triggerDirection", !order.IsStopLoss ? 0 : request.Side == Side.Sell ? 2 : 1);
        w.WriteString("takeProfit", "");
        w.WriteString("stopLoss", WireText.Of(request.StopLoss));
        w.WriteString("tpTriggerBy", "");
        w.WriteString("slTriggerBy", request.StopLoss is null ? "" : request.StopTrigger.ToString());
        w.WriteString("tpLimitPrice", "0");
        w.WriteString("slLimitPrice", "0");
        w.WriteString("tpslMode", order.IsStopLoss || request.StopLoss is not null ? "Full" : "");
        w.WriteString("ocoTriggerBy", "");
        w.WriteString("lastPriceOnCreated", WireText.Of(order.LastPriceOnCreated));
        w.WriteString("basePrice", WireText.Of(order.LastPriceOnCreated));
        w.WriteBoolean("reduceOnly", request.ReduceOnly);
        w.WriteBoolean("closeOnTrigger", order.IsStopLoss);
        w.WriteString("placeType", "");
        w.WriteString("smpType", "None");
        w.WriteNumber("smpGroup", 0);
        w.WriteString("smpOrderId", "");
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
        w.WriteString("leavesQty", "0");
        w.WriteString("createType", order is null ? "" : order.IsStopLoss ? "CreateByStopLoss" : "CreateByUser");
        w.WriteString("orderType", order?.Request.Type.ToString() ?? "UNKNOWN");
        w.WriteString("stopOrderType", order is null ? "UNKNOWN" : order.IsStopLoss ? "StopLoss" : "");
        w.WriteString("execFee", WireText.Of(execution.Fee.Value));
        w.WriteString("execId", execution.Id.Value);
        w.WriteString("execPrice", WireText.Of(execution.Price.Value));
        w.WriteString("execQty", WireText.Of(execution.Quantity.Value));
        w.WriteString("execType", execution.Kind == ExecutionKind.Funding ? "Funding" : "Trade");
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
        w.WriteEndObject();
    }

    internal static void Position(Utf8JsonWriter w, VenuePosition position, bool isStream)
    {
        var size = Math.Abs(position.SignedQuantity);
        var value = size * position.AverageEntry;
        var margin = value / position.Leverage;
        var time = WireText.Of(position.Updated);
        w.WriteStartObject();
        if (isStream)
        {
            w.WriteString("category", "linear");
        }

        w.WriteNumber("positionIdx", 0);
        w.WriteNumber("riskId", 1);
        w.WriteString("riskLimitValue", "");
        w.WriteString("symbol", position.Symbol.Value);
        w.WriteString("side", position.SignedQuantity switch { > 0 => "Buy", < 0 => "Sell", _ => "" });
        w.WriteString("size", WireText.Of(size));
        w.WriteString(isStream ? "entryPrice" : "avgPrice", WireText.Of(position.AverageEntry));
        w.WriteString("positionValue", WireText.Of(value));
        w.WriteNumber("tradeMode", 0);
        w.WriteNumber("autoAddMargin", 0);
        w.WriteString("positionStatus", "Normal");
        w.WriteString("leverage", WireText.Of(position.Leverage));
        w.WriteString("markPrice", WireText.Of(position.MarkPrice));
        w.WriteString("liqPrice", "");
        w.WriteString("bustPrice", "");
        w.WriteString("breakEvenPrice", "");
        w.WriteString("positionIM", WireText.Of(margin));
        w.WriteString("positionIMByMp", WireText.Of(margin));
        w.WriteString("positionMM", "0");
        w.WriteString("positionMMByMp", "0");
        w.WriteString("positionBalance", "");
        w.WriteString("takeProfit", "");
        w.WriteString("stopLoss", WireText.Of(position.StopLoss));
        w.WriteString("trailingStop", "0");
        w.WriteString("sessionAvgPrice", "");
        w.WriteString("unrealisedPnl", WireText.Of(position.Unrealised));
        w.WriteString("curRealisedPnl", WireText.Of(position.CumulativeRealised));
        w.WriteString("cumRealisedPnl", WireText.Of(position.CumulativeRealised));
        w.WriteString("tpslMode", "Full");
        w.WriteNumber("adlRankIndicator", 0);
        w.WriteBoolean("isReduceOnly", false);
        w.WriteString("mmrSysUpdatedTime", "");
        w.WriteString("leverageSysUpdatedTime", "");
        w.WriteString("createdTime", time);
        w.WriteString("updatedTime", time);
        w.WriteNumber("seq", position.Sequence);
        w.WriteEndObject();
    }

    internal static void Wallet(Utf8JsonWriter w, VenueWallet wallet)
    {
        var equity = WireText.Of(wallet.Equity);
        w.WriteStartObject();
        w.WriteString("accountType", "UNIFIED");
        w.WriteString("accountIMRate", "");
        w.WriteString("accountMMRate", "");
        w.WriteString("accountLTV", "");
        w.WriteString("totalEquity", equity);
        w.WriteString("totalWalletBalance", WireText.Of(wallet.Balance));
        w.WriteString("totalMarginBalance", equity);
        w.WriteString("totalAvailableBalance", WireText.Of(wallet.Available));
        w.WriteString("totalPerpUPL", WireText.Of(wallet.Unrealised));
        w.WriteString("totalInitialMargin", WireText.Of(wallet.PositionMargin + wallet.OrderMargin));
        w.WriteString("totalMaintenanceMargin", "0");
        w.WriteStartArray("coin");
        w.WriteStartObject();
        w.WriteString("coin", "USDT");
        w.WriteString("equity", equity);
        w.WriteString("usdValue", equity);
        w.WriteString("walletBalance", WireText.Of(wallet.Balance));
        w.WriteString("locked", "0");
        w.WriteString("spotHedgingQty", "0");
        w.WriteString("borrowAmount", "0");
        w.WriteString("accruedInterest", "0");
        w.WriteString("totalOrderIM", WireText.Of(wallet.OrderMargin));
        w.WriteString("totalPositionIM", WireText.Of(wallet.PositionMargin));
        w.WriteString("totalPositionMM", "0");
        w.WriteString("unrealisedPnl", WireText.Of(wallet.Unrealised));
        w.WriteString("cumRealisedPnl", WireText.Of(wallet.Realised));
        w.WriteString("bonus", "0");
        w.WriteString("spotBorrow", "0");
        w.WriteString("availableToWithdraw", "");
        w.WriteString("availableToBorrow", "");
        w.WriteBoolean("marginCollateral", true);
        w.WriteBoolean("collateralSwitch", true);
        w.WriteEndObject();
        w.WriteEndArray();
        w.WriteEndObject();
    }
}
