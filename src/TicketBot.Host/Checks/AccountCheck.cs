using TicketBot.Bybit;
using TicketBot.Domain;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Checks;

/// <summary>Checks the key and the account: its kind, margin mode, money, and what is open on it.</summary>
public static class AccountCheck
{
    /// <summary>Adds the findings; returns the wallet, or <c>null</c> when the account cannot be asked further.</summary>
    public static async Task<WalletReport?> RunAsync(
        BybitExchange exchange, TradingOptions options, TimeProvider time, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var account = exchange.AccountData;
        try
        {
            var (kind, code) = await account.SignInAsync(cancellationToken);
            if (KeyCheck.Refusal(exchange.Environment, kind, code) is { } refusal)
            {
                findings.Add(refusal);
                return null;
            }

            findings.Add(new Finding("key", true, $"accepted by {exchange.Environment}"));
            var now = await exchange.GetMarketTimeAsync(cancellationToken);
            foreach (var finding in KeyCheck.Rights(await account.KeyAsync(cancellationToken), Instant.From(time.GetUtcNow()).Plus(exchange.Clock.OffsetMs)))
            {
                findings.Add(finding);
            }

            var info = await account.InfoAsync(cancellationToken);
            findings.Add(new Finding("account", info.IsUnified, info.IsUnified
                ? $"a unified account (status {info.UnifiedStatus})"
                : $"a classic account (status {info.UnifiedStatus}): upgrade it to a unified one on the venue's site"));
            findings.Add(MarginMode(info.MarginMode));
            var wallet = await account.WalletAsync(now, cancellationToken);
            findings.Add(new Finding("wallet", wallet.Equity.Value > 0, wallet.Equity.Value > 0
                ? VenueCheck.Text($"equity {wallet.Equity.Value:0.##} USDT, balance {wallet.WalletBalance.Value:0.##} USDT")
                : "no USDT: fund the account (testnet: the faucet on its site; demo: its fund request)"));
            await OpenThingsAsync(exchange, options, now, findings, cancellationToken);
            return wallet;
        }
        catch (ExchangeException fault)
        {
            findings.Add(new Finding("account", false, fault.Message, FindingCause.World));
            return null;
        }
    }

    private static Finding MarginMode(string mode) => mode switch
    {
        "REGULAR_MARGIN" => new Finding("margin mode", true, "cross margin"),
        "ISOLATED_MARGIN" => new Finding("margin mode", true, "isolated margin; cross margin is what the bot was tried with", FindingCause.Warning),
        _ => new Finding("margin mode", false, $"'{mode}': leverage per contract has no meaning there; switch the account to cross margin (REGULAR_MARGIN) on the venue's site"),
    };

    private static async Task OpenThingsAsync(
        BybitExchange exchange, TradingOptions options, Instant now, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var positions = await exchange.AccountData.PositionsAsync(now, cancellationToken);
        var orders = await exchange.AccountData.OpenOrdersAsync(now, cancellationToken);
        var ours = options.Symbols.ToHashSet(StringComparer.Ordinal);
        var open = positions.Where(p => p.SignedQuantity != 0 || p.IsHedged).ToList();
        var naked = open.Where(p => p.StopLoss is null && ours.Contains(p.Symbol.Value)).ToList();
        findings.Add(open.Count == 0
            ? new Finding("open positions", true, "none")
            : new Finding(
                "open positions", true,
                VenueCheck.Text($"{open.Count}: {string.Join("; ", open.Select(p => VenueCheck.Text($"{p.Symbol} {p.SignedQuantity} at {p.AverageEntry}{(p.StopLoss is { } stop ? VenueCheck.Text($", stop {stop.Value}") : ", no stop")}")))}")
                + (naked.Count > 0 ? "; those of traded contracts without a stop are given one at the start" : ""),
                naked.Count > 0 || open.Exists(p => !ours.Contains(p.Symbol.Value)) ? FindingCause.Warning : FindingCause.Verdict));
        findings.Add(new Finding(
            "open orders", true, orders.Count == 0 ? "none" : $"{orders.Count}: {string.Join("; ", orders.Take(10).Select(o => VenueCheck.Text($"{o.Symbol} {o.Side} {o.Quantity.Value}{(o.IsStopLoss ? " (stop)" : "")}")))}"));
    }
}
