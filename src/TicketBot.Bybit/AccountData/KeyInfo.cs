using TicketBot.Domain;

namespace TicketBot.Bybit.AccountData;

/// <summary>What a key may do (https://bybit-exchange.github.io/docs/v5/user/apikey-info).</summary>
/// <param name="IsReadOnly">Whether it may only read.</param>
/// <param name="Permissions">The venue's words of its rights by group, as <c>ContractTrade</c>: <c>Order</c>, <c>Position</c>.</param>
/// <param name="Addresses">Network addresses it is bound to; empty when it may be used from anywhere.</param>
/// <param name="ExpiresAt">When it ends, or <c>null</c> when it does not or the venue does not say.</param>
public sealed record KeyInfo(
    bool IsReadOnly, IReadOnlyDictionary<string, IReadOnlyList<string>> Permissions, IReadOnlyList<string> Addresses, Instant? ExpiresAt)
{
    /// <summary>The venue's id of the account that it opens, the same for every key of that account; <c>null</c> when the venue does not say.</summary>
    public long? UserId { get; init; }

    /// <summary>Whether it may place orders and set stops and leverage of contracts.</summary>
    public bool CanTrade => !IsReadOnly && Has("ContractTrade", "Order") && Has("ContractTrade", "Position");

    /// <summary>Whether it may withdraw from the venue: a right this bot never needs.</summary>
    public bool CanWithdraw => Permissions.Values.Any(words => words.Any(word => word.Contains("Withdraw", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Whether it may move money between accounts: a right this bot never needs.</summary>
    public bool CanTransfer => Permissions.Values.Any(words => words.Any(word => word.Contains("Transfer", StringComparison.OrdinalIgnoreCase)));

    private bool Has(string group, string word) => Permissions.TryGetValue(group, out var words) && words.Contains(word);
}
