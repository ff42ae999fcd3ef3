using TicketBot.Bybit.AccountData;
using TicketBot.Bybit.Rest;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Checks;

/// <summary>Judges a key: whether the venue takes it, what it may do and what it should not.</summary>
public static class KeyCheck
{
    private const long SoonMs = 14 * Instant.MillisecondsPerDay;

    /// <summary>Where keys of an environment are made.</summary>
    public static string SiteOf(ExchangeEnvironment environment) => environment switch
    {
        ExchangeEnvironment.Testnet => "https://testnet.bybit.com",
        ExchangeEnvironment.Demo => "https://www.bybit.com (switched to Demo Trading)",
        ExchangeEnvironment.Live => "https://www.bybit.com",
        _ => "the simulator (options --key and --secret)",
    };

    /// <summary>Returns what a refused sign-in means and what to do about it, or <c>null</c> when the key works.</summary>
    /// <param name="environment">The environment that was asked.</param>
    /// <param name="kind">What the venue's answer means.</param>
    /// <param name="code">The venue's code.</param>
    public static Finding? Refusal(ExchangeEnvironment environment, BybitErrorKind kind, int code)
    {
        if (kind == BybitErrorKind.None)
        {
            return null;
        }

        var (text, cause) = code switch
        {
            10003 => ($"the key is unknown at {environment}. A key belongs to exactly one environment and keys of all of them look alike: give one made at {SiteOf(environment)}, or change Bybit:Environment", FindingCause.Verdict),
            10004 => ("the signature is wrong: the secret does not belong to the key; copy both anew", FindingCause.Verdict),
            10005 => ($"the key may not read the account: give it the rights to orders and positions of contracts at {SiteOf(environment)}", FindingCause.Verdict),
            10010 => ("the key is bound to other network addresses: add this machine's address to it, or make one without a binding", FindingCause.Verdict),
            33004 => ($"the key has expired: make a new one at {SiteOf(environment)}", FindingCause.Verdict),
            10002 or -1 => ("the venue refuses our timestamp: set this machine's clock by NTP", FindingCause.Verdict),
            _ => (BybitErrors.AdviceOf(kind), kind is BybitErrorKind.Ambiguous or BybitErrorKind.RateLimit or BybitErrorKind.AddressBlocked ? FindingCause.World : FindingCause.Verdict),
        };
        return new Finding("key", false, $"the venue refused a signed read ({code}, {kind}): {text}", cause);
    }

    /// <summary>Returns the findings over what a key may do.</summary>
    /// <param name="key">What the venue says of it.</param>
    /// <param name="now">Venue time.</param>
    public static IEnumerable<Finding> Rights(Available<KeyInfo> key, Instant now)
    {
        if (key.Value is not { } info)
        {
            yield return new Finding("key rights", true, $"not known: {key.Reason}. See on the venue's site that it may trade contracts and not withdraw", FindingCause.Warning);
            yield break;
        }

        var rights = string.Join("; ", info.Permissions.Where(group => group.Value.Count > 0).Select(group => $"{group.Key}: {string.Join(", ", group.Value)}"));
        yield return new Finding("key rights", info.CanTrade, info.CanTrade
            ? $"it may place orders and set stops ({rights})"
            : $"it may {(info.IsReadOnly ? "only read" : "not trade contracts")} ({rights}): give it 'Orders' and 'Positions' of contracts, with write access");
        if (info.CanWithdraw || info.CanTransfer)
        {
            yield return new Finding(
                "key may move money", true,
                $"THIS KEY MAY {(info.CanWithdraw ? "WITHDRAW" : "TRANSFER")} ({rights}). The bot never needs it: who steals such a key can empty the account. Make a key without it",
                FindingCause.Warning);
        }

        yield return info.Addresses.Count > 0
            ? new Finding("key binding", true, $"bound to {string.Join(", ", info.Addresses)}")
            : new Finding("key binding", true, "bound to no network address; the venue lets such keys expire after three months: bind it to this machine's address", FindingCause.Warning);
        if (info.ExpiresAt is { } end)
        {
            var left = end.Since(now);
            yield return left <= 0
                ? new Finding("key expiry", false, $"it expired at {end}: make a new one")
                : new Finding("key expiry", true, $"it ends at {end}" + (left < SoonMs ? ": renew it in time" : ""), left < SoonMs ? FindingCause.Warning : FindingCause.Verdict);
        }
    }
}
