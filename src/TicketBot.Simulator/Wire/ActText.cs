using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Wire;

/// <summary>How outside acts stand in the venue's log: one JSON object each, named by <c>act</c>.</summary>
internal static class ActText
{
    /// <summary>What stands in the place of a request's path.</summary>
    internal const string Path = "/simulator/act";

    internal static void Write(Utf8JsonWriter w, VenueAct act)
    {
        w.WriteStartObject();
        w.WriteString("act", act.GetType().Name);
        switch (act)
        {
            case VenueAct.ManualTrade(var symbol, var side, var quantity):
                w.WriteString("symbol", symbol.Value);
                w.WriteString("side", side.ToString());
                w.WriteString("quantity", WireText.Of(quantity));
                break;
            case VenueAct.SwitchMode(var symbol, var hedged):
                w.WriteString("symbol", symbol.Value);
                w.WriteString("hedged", hedged ? "true" : "false");
                break;
            case VenueAct.SetLeverage(var symbol, var leverage):
                w.WriteString("symbol", symbol.Value);
                w.WriteString("leverage", WireText.Of(leverage));
                break;
            case VenueAct.Liquidate(var symbol):
                w.WriteString("symbol", symbol.Value);
                break;
            case VenueAct.Deleverage(var symbol, var quantity):
                w.WriteString("symbol", symbol.Value);
                w.WriteString("quantity", WireText.Of(quantity));
                break;
            case VenueAct.Transfer(var amount):
                w.WriteString("amount", WireText.Of(amount));
                break;
            case VenueAct.RemoveStop(var symbol):
                w.WriteString("symbol", symbol.Value);
                break;
            case VenueAct.CancelOrder(var symbol, var orderId, var cancelType):
                w.WriteString("symbol", symbol.Value);
                w.WriteString("orderId", orderId);
                w.WriteString("cancelType", cancelType);
                break;
            case VenueAct.ForgetClosedOrders:
                break;
            default:
                throw new InvalidOperationException($"Invariant: act {act.GetType().Name} has no text");
        }

        w.WriteEndObject();
    }

    /// <exception cref="FormatException">The object is no act, or lacks a value; the message names it.</exception>
    internal static VenueAct Read(JsonElement body)
    {
        string Text(string name) => body.TryGetProperty(name, out var value) && value.GetString() is { } text
            ? text
            : throw new FormatException($"an act needs {name}, was {body.GetRawText()}");
        decimal Number(string name) => decimal.Parse(Text(name), NumberStyles.Number, CultureInfo.InvariantCulture);
        Symbol SymbolOf() => new(Text("symbol"));
        return Text("act") switch
        {
            nameof(VenueAct.ManualTrade) => new VenueAct.ManualTrade(SymbolOf(), Enum.Parse<Side>(Text("side")), Number("quantity")),
            nameof(VenueAct.SwitchMode) => new VenueAct.SwitchMode(SymbolOf(), Text("hedged") == "true"),
            nameof(VenueAct.SetLeverage) => new VenueAct.SetLeverage(SymbolOf(), Number("leverage")),
            nameof(VenueAct.Liquidate) => new VenueAct.Liquidate(SymbolOf()),
            nameof(VenueAct.Deleverage) => new VenueAct.Deleverage(SymbolOf(), Text("quantity").Length == 0 ? null : Number("quantity")),
            nameof(VenueAct.Transfer) => new VenueAct.Transfer(Number("amount")),
            nameof(VenueAct.RemoveStop) => new VenueAct.RemoveStop(SymbolOf()),
            nameof(VenueAct.CancelOrder) => new VenueAct.CancelOrder(SymbolOf(), Text("orderId"), Text("cancelType")),
            nameof(VenueAct.ForgetClosedOrders) => new VenueAct.ForgetClosedOrders(),
            var other => throw new FormatException($"'{other}' is no act"),
        };
    }
}
