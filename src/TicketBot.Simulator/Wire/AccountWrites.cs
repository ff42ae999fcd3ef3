using System.Globalization;
using System.Text.Json;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Wire;

/// <summary>The requests about an account's settings, most of which a unified account in cross margin answers with what it has. Everything here is a
/// function of venue and body.</summary>
/// <remarks>Sources: https://bybit-exchange.github.io/docs/v5/position, /v5/abandon/set-risk-limit, /v5/demo and the codes of /v5/error.</remarks>
internal static class AccountWrites
{
    private const decimal MostDemoMoney = 100_000; // USDT in one request.

    /// <summary>Whether a path is one of these.</summary>
    internal static bool Knows(string path) => path is "/v5/account/set-margin-mode" or "/v5/account/demo-apply-money" or "/v5/position/switch-isolated"
        or "/v5/position/set-tpsl-mode" or "/v5/position/set-risk-limit" or "/v5/position/set-auto-add-margin" or "/v5/position/add-margin"
        or "/v5/position/confirm-pending-mmr";

    /// <summary>Applies a request.</summary>
    /// <exception cref="FormatException">A value has the wrong form.</exception>
    internal static WireAnswer Apply(Venue venue, Account account, string path, JsonElement body) => path switch
    {
        "/v5/account/set-margin-mode" => SetMarginMode(body),
        "/v5/account/demo-apply-money" => Apply(venue, account, body),
        _ when OrderBody.Text(body, "category") is not ("linear" or "inverse") =>
            WireAnswer.BadParameter($"category must be linear or inverse, was '{OrderBody.Text(body, "category")}'"),
        _ when OrderBody.Text(body, "category") == "inverse" || venue.InstrumentOf(OrderBody.SymbolOf(body)) is null =>
            WireAnswer.BadParameter($"symbol invalid {OrderBody.Text(body, "symbol")}"),
        "/v5/position/switch-isolated" => new WireAnswer(100028, "The API cannot be accessed by unified account users.", null),
        "/v5/position/set-tpsl-mode" => OrderBody.Required(body, "tpSlMode") is "Full" or "Partial"
            ? WireAnswer.Ok(w => w.WriteString("tpSlMode", OrderBody.Text(body, "tpSlMode"))) // Each order says its own mode.
            : WireAnswer.BadParameter($"tpSlMode must be Full or Partial, was '{OrderBody.Text(body, "tpSlMode")}'"),
        "/v5/position/set-risk-limit" => OrderBody.Number(body, "riskId") is not 1
            ? new WireAnswer(110031, "Risk limit info does not exist.", null)
            : WireAnswer.Ok(w =>
            {
                w.WriteString("category", "linear");
                w.WriteNumber("riskId", 1);
                w.WriteString("riskLimitValue", WireText.Of(InstrumentRows.RiskLimit));
            }),
        "/v5/position/confirm-pending-mmr" => WireAnswer.Ok(), // Nothing is pending: there is one tier.
        "/v5/position/set-auto-add-margin" when OrderBody.Number(body, "autoAddMargin") is 0 => WireAnswer.Ok(),
        _ => new WireAnswer(110015, "The position is in cross margin.", null),
    };

    private static WireAnswer SetMarginMode(JsonElement body) => OrderBody.Text(body, "setMarginMode") switch
    {
        "REGULAR_MARGIN" => WireAnswer.Ok(w =>
        {
            w.WriteStartArray("reasons");
            w.WriteEndArray();
        }),
        var mode => new WireAnswer(3400045, $"Set margin mode failed: this venue knows cross margin (REGULAR_MARGIN) only, was '{mode}'", null),
    };

    // Money for a demo account, added (adjustType 0, the default) or taken away (1).
    private static WireAnswer Apply(Venue venue, Account account, JsonElement body)
    {
        var isTaken = OrderBody.Number(body, "adjustType") switch
        {
            null or 0 => false,
            1 => true,
            var other => throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"adjustType must be 0 or 1, was {other}")),
        };
        if (!body.TryGetProperty("utaDemoApplyMoney", out var coins) || coins.ValueKind != JsonValueKind.Array || coins.GetArrayLength() == 0)
        {
            return WireAnswer.BadParameter("utaDemoApplyMoney must be a list of coins and amounts");
        }

        var sum = 0m;
        foreach (var coin in coins.EnumerateArray())
        {
            var amount = OrderBody.Number(coin, "amountStr") ?? 0;
            if (OrderBody.Text(coin, "coin") != "USDT" || amount is <= 0 or > MostDemoMoney)
            {
                return WireAnswer.BadParameter(string.Create(CultureInfo.InvariantCulture,
                    $"coin must be USDT and amountStr above 0 and at most {MostDemoMoney}, were '{OrderBody.Text(coin, "coin")}' and {amount}"));
            }

            sum += amount;
        }

        // The request is in the venue's log itself, so that no act from outside is logged beside it.
        var answer = VenueActs.Apply(venue, account, new VenueAct.Transfer(isTaken ? -sum : sum));
        return new WireAnswer(answer.Code, answer.Text, null);
    }
}
