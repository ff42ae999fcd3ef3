namespace TicketBot.Bybit.AccountData;

/// <summary>What kind of account it is (https://bybit-exchange.github.io/docs/v5/account/account-info).</summary>
/// <param name="UnifiedStatus">1 classic, 3 and 4 unified 1.0, 5 and 6 unified 2.0.</param>
/// <param name="MarginMode">The venue's word: <c>REGULAR_MARGIN</c> (cross), <c>ISOLATED_MARGIN</c> or <c>PORTFOLIO_MARGIN</c>.</param>
public sealed record AccountInfo(long UnifiedStatus, string MarginMode)
{
    /// <summary>Whether the account is a unified one.</summary>
    public bool IsUnified => UnifiedStatus >= 3;
}
