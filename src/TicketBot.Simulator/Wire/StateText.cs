using System.Text.Json;

namespace TicketBot.Simulator.Wire;

/// <summary>Writes the answer of <c>/simulator/state</c>: amounts as text, counts as numbers.</summary>
internal static class StateText
{
    internal static void Write(Utf8JsonWriter w, SimulatorState state)
    {
        w.WriteNumber("marketTime", state.MarketTimeMs);
        w.WriteNumber("step", state.Step);
        w.WriteBoolean("ended", state.HasEnded);
        w.WriteString("initialBalance", WireText.Of(state.InitialBalance));
        w.WriteString("walletBalance", WireText.Of(state.Wallet.Balance));
        w.WriteString("equity", WireText.Of(state.Wallet.Equity));
        w.WriteString("realised", WireText.Of(state.Realised));
        w.WriteString("fees", WireText.Of(state.Fees));
        w.WriteString("funding", WireText.Of(state.Funding));
        w.WriteNumber("fills", state.FillCount);
        w.WriteNumber("fundings", state.FundingCount);
        w.WriteNumber("orders", state.OrderCount);
        w.WriteStartArray("positions");
        foreach (var position in state.Positions)
        {
            w.WriteStartObject();
            w.WriteString("symbol", position.Symbol.Value);
            w.WriteString("signedQuantity", WireText.Of(position.SignedQuantity));
            w.WriteString("averageEntry", WireText.Of(position.AverageEntry));
            w.WriteString("stopLoss", WireText.Of(position.StopLoss));
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.WriteStartArray("openOrders");
        foreach (var order in state.OpenOrders)
        {
            WireRows.Order(w, order, isStream: false);
        }

        w.WriteEndArray();
    }
}
