namespace TicketBot.Simulator.Wire;

/// <summary>Requests that exist at Bybit and have no meaning here: transfers, chains, sub-accounts, borrowing, other products. They are answered as
/// a demo account is answered there, so that a client tells them from a misspelt path.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/demo lists what a demo account may ask for.</remarks>
internal static class Unserved
{
    private static readonly HashSet<string> Posts =
    [
        "/v5/order/pre-check", "/v5/order/disconnected-cancel-all", "/v5/position/move-positions", "/v5/account/set-collateral-switch",
        "/v5/account/set-collateral-switch-batch", "/v5/account/set-hedging-mode", "/v5/account/upgrade-to-uta", "/v5/account/quick-repayment",
        "/v5/account/borrow", "/v5/account/repay", "/v5/account/no-convert-repay", "/v5/account/mmp-modify", "/v5/account/mmp-reset",
        "/v5/account/set-limit-px-action", "/v5/account/set-delta-mode",
    ];

    // Whole products.
    private static readonly string[] Roots =
    [
        "/v5/spot-margin-trade/", "/v5/spot-cross-margin-trade/", "/v5/spot-lever-token/", "/v5/ins-loan/", "/v5/crypto-loan", "/v5/earn/", "/v5/spread/", "/v5/rfq/",
        "/v5/broker/", "/v5/affiliate/", "/v5/pre-upgrade/", "/v5/p2p/", "/v5/fiat/", "/v5/asset/exchange/", "/v5/asset/convert", "/v5/asset/covert",
    ];

    private static readonly string[] PostRoots = ["/v5/asset/", "/v5/user/"];

    private static readonly HashSet<string> Gets =
    [
        "/v5/asset/deposit/query-address", "/v5/asset/deposit/query-sub-member-address", "/v5/asset/deposit/query-allowed-list", "/v5/asset/withdraw/query-address",
        "/v5/asset/withdraw/vasp/list", "/v5/account/contract-transaction-log", "/v5/order/spot-borrow-check", "/v5/user/aff-customer-info",
    ];

    // Answered elsewhere.
    private static readonly HashSet<string> Served = ["/v5/spot-margin-trade/data", "/v5/asset/exchange/order-record"];

    /// <summary>What such a request is answered.</summary>
    internal static WireAnswer Answer { get; } = new(10032, "Demo trading are not supported.", null);

    /// <summary>Whether a method and path are known and not served.</summary>
    internal static bool Has(bool isGet, string path) => !Served.Contains(path)
        && (IsUnder(Roots, path) || (isGet ? Gets.Contains(path) : Posts.Contains(path) || IsUnder(PostRoots, path)));

    private static bool IsUnder(string[] roots, string path) => roots.Any(r => path.StartsWith(r, StringComparison.Ordinal));
}
