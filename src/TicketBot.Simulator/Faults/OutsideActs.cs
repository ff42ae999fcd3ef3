using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Matching;
using TicketBot.Simulator.Wire;

namespace TicketBot.Simulator.Faults;

/// <summary>What the venue, or somebody with another key to the account, does to an account. Each act is a logged request like the account's
/// own, so that a rebuilt venue has been through the same; no client can send one.</summary>
internal static class OutsideActs
{
    /// <summary>Beginning of an act's path in the venue's log.</summary>
    internal const string Prefix = "/simulator/act/";

    /// <summary>Whether a path is an act's.</summary>
    internal static bool Knows(string path) => path.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Does an act.</summary>
    internal static WireAnswer Apply(Venue venue, Account account, string path, JsonElement body)
    {
        Symbol? symbol = Text(body, "symbol") is { } name ? new Symbol(name) : null;
        var done = path[Prefix.Length..] switch
        {
            "reject" => account.OrderById(Text(body, "orderId") ?? "") is { IsFinal: false } order
                ? venue.Cancel(account, order.Request.Symbol, order.Id, null)
                : VenueAnswer.Accepted(),
            "trade" => venue.Submit(account, new NewOrder
            {
                Symbol = symbol!.Value,
                Side = Enum.Parse<Side>(Text(body, "side")!),
                Type = OrderType.Market,
                Quantity = Number(body, "quantity"),
            }),
            "close" => ForEach(venue, account, symbol, p => venue.Submit(account, new NewOrder
            {
                Symbol = p.Symbol,
                Side = p.SignedQuantity > 0 ? Side.Sell : Side.Buy,
                Type = OrderType.Market,
                Quantity = Math.Abs(p.SignedQuantity),
                ReduceOnly = true,
            })),
            "leverage" => venue.SetLeverage(account, symbol!.Value, Number(body, "amount")),
            "removeStop" => ForEach(venue, account, symbol, p => p.StopLoss is null ? VenueAnswer.Accepted() : venue.SetStop(account, p.Symbol, 0)),
            "cancelOrders" => CancelOrders(venue, account, symbol),
            _ => VenueAnswer.Refused(10001, $"there is no act '{path}'"),
        };
        return new WireAnswer(done.Code, done.Text, null);
    }

    private static VenueAnswer CancelOrders(Venue venue, Account account, Symbol? symbol)
    {
        venue.CancelAll(account, symbol, o => !o.IsStopLoss);
        return VenueAnswer.Accepted();
    }

    private static VenueAnswer ForEach(Venue venue, Account account, Symbol? symbol, Func<VenuePosition, VenueAnswer> act)
    {
        foreach (var instrument in venue.Instruments.Where(i => symbol is null || i.Symbol == symbol).ToList())
        {
            if (venue.PositionOf(account, instrument.Symbol) is { SignedQuantity: not 0 } position && act(position) is { Code: not 0 } refused)
            {
                return refused;
            }
        }

        return VenueAnswer.Accepted();
    }

    private static string? Text(JsonElement body, string name) => body.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static decimal Number(JsonElement body, string name) => decimal.Parse(Text(body, name)!, CultureInfo.InvariantCulture);
}
