using TicketBot.Bybit.AccountData;
using TicketBot.Bybit.Rest;
using TicketBot.Domain;
using TicketBot.Host.Checks;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Tests.Checks;

public sealed class KeyCheckTests
{
    private static readonly Instant Now = new(1_735_689_600_000);

    [Theory]
    [InlineData(10003, BybitErrorKind.Credentials, "exactly one environment", FindingCause.Verdict)]
    [InlineData(10004, BybitErrorKind.Credentials, "secret does not belong", FindingCause.Verdict)]
    [InlineData(10005, BybitErrorKind.Credentials, "rights to orders", FindingCause.Verdict)]
    [InlineData(10010, BybitErrorKind.Credentials, "bound to other network addresses", FindingCause.Verdict)]
    [InlineData(33004, BybitErrorKind.Credentials, "expired", FindingCause.Verdict)]
    [InlineData(10002, BybitErrorKind.Clock, "NTP", FindingCause.Verdict)]
    [InlineData(10009, BybitErrorKind.Forbidden, "only the venue can change", FindingCause.Verdict)]
    [InlineData(10016, BybitErrorKind.Ambiguous, "repeated", FindingCause.World)]
    public void A_refused_key_says_what_to_do(int code, BybitErrorKind kind, string remedy, FindingCause cause)
    {
        var finding = KeyCheck.Refusal(ExchangeEnvironment.Testnet, kind, code)!;
        Assert.Equal((false, cause), (finding.Passed, finding.Cause));
        Assert.Contains(remedy, finding.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Withdraw", "WITHDRAW")]
    [InlineData("AccountTransfer", "TRANSFER")]
    public void A_key_that_may_move_money_is_a_loud_warning(string right, string word)
    {
        var findings = KeyCheck.Rights(Key(false, [right], [], null), Now).ToList();
        var warning = Assert.Single(findings, one => one.Name == "key may move money");
        Assert.Equal((true, FindingCause.Warning), (warning.Passed, warning.Cause));
        Assert.Contains($"MAY {word}", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_key_that_may_only_trade_has_nothing_against_it() =>
        Assert.All(KeyCheck.Rights(Key(false, [], ["10.1.2.3"], Now.Plus(90 * Instant.MillisecondsPerDay)), Now), one => Assert.Equal((true, FindingCause.Verdict), (one.Passed, one.Cause)));

    [Fact]
    public void A_key_that_only_reads_or_has_expired_fails()
    {
        var findings = KeyCheck.Rights(Key(true, [], ["10.1.2.3"], Now.Plus(-1)), Now).Where(one => !one.Passed).Select(one => one.Name);
        Assert.Equal(["key rights", "key expiry"], findings);
    }

    [Fact]
    public void An_environment_that_does_not_tell_is_a_warning_that_says_where_to_look() =>
        Assert.Contains("site", Assert.Single(KeyCheck.Rights(new Available<KeyInfo>(null, "demo"), Now), one => one.Cause == FindingCause.Warning).Text, StringComparison.Ordinal);

    private static Available<KeyInfo> Key(bool readOnly, string[] wallet, string[] addresses, Instant? expires) => new(
        new KeyInfo(readOnly, new Dictionary<string, IReadOnlyList<string>> { ["ContractTrade"] = ["Order", "Position"], ["Wallet"] = wallet }, addresses, expires), "");
}
