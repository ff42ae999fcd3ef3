using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Bybit;
using TicketBot.Bybit.AccountData;
using TicketBot.Host.Running;
using TicketBot.Host.Tests.Verbs;
using TicketBot.Simulator;
using TicketBot.Simulator.Faults;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Tests.Running;

public sealed class AccountClaimTests
{
    private static readonly AccountOwner Here = new(4711, "here", "/data/one", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("ticketbot-claims-").FullName, "locks");

    [Fact]
    public async Task Two_keys_of_one_account_are_one_account_and_the_second_is_told_who_holds_it()
    {
        using var first = Claim("k1");
        using var second = Claim("k2");
        await first.TakeAccountAsync(Account(7), default);

        var fault = await Assert.ThrowsAsync<IOException>(() => second.TakeAccountAsync(Account(7), default));

        Assert.Contains("process 4711 on here", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_accounts_are_claimed_side_by_side_and_one_id_in_two_environments_is_two_accounts()
    {
        using var first = Claim("k1");
        using var second = Claim("k2");
        using var demo = Claim("k1", ExchangeEnvironment.Demo);
        await first.TakeAccountAsync(Account(7), default);
        await second.TakeAccountAsync(Account(8), default);
        await demo.TakeAccountAsync(Account(7), default);

        Assert.Equal(6, Directory.GetFiles(_folder, "*.json").Length);
    }

    [Fact]
    public async Task A_venue_that_cannot_be_asked_ends_the_start_and_the_next_one_finds_everything_free()
    {
        using (var first = Claim("k1"))
        {
            await Assert.ThrowsAsync<ExchangeException>(() => first.TakeAccountAsync(_ => throw new ExchangeException("no route to host"), default));
        }

        using var again = Claim("k1");
        Assert.Empty((await again.TakeAccountAsync(Account(7), default)).Reason);
        Assert.Null(again.Recovered);
    }

    [Fact]
    public async Task Where_the_venue_does_not_say_the_claim_of_the_key_has_to_do_and_that_is_said()
    {
        using var first = Claim("k1");
        Assert.Equal("not in demo", (await first.TakeAccountAsync(_ => Task.FromResult(new Available<KeyInfo>(null, "not in demo")), default)).Reason);
        Assert.NotEmpty((await first.TakeAccountAsync(Account(null), default)).Reason);
        Assert.Throws<IOException>(() => Claim("k1"));
    }

    [Fact]
    public async Task An_account_given_back_is_free_for_the_other_key()
    {
        using (var first = Claim("k1"))
        {
            await first.TakeAccountAsync(Account(7), default);
        }

        using var second = Claim("k2");
        await second.TakeAccountAsync(Account(7), default);
        Assert.Null(second.Recovered);
    }

    [Fact]
    public async Task The_venues_word_tells_its_accounts_apart()
    {
        await using var server = await OnlineVenue.StartAsync(o => o.MoreKeys["other"] = "other-secret");
        var defaults = new SimulatorOptions();
        var mine = await KeyAsync(server, defaults.ApiKey, defaults.ApiSecret);
        var other = await KeyAsync(server, "other", "other-secret");

        Assert.NotNull(mine.UserId);
        Assert.NotNull(other.UserId);
        Assert.NotEqual(mine.UserId, other.UserId);
    }

    [Fact]
    public async Task A_daemon_whose_account_is_traded_by_another_key_does_not_start_and_sends_nothing()
    {
        await using var server = await OnlineVenue.StartAsync();
        var defaults = new SimulatorOptions();
        var id = (await KeyAsync(server, defaults.ApiKey, defaults.ApiSecret)).UserId;
        using var other = Claim("another key of it");
        await other.TakeAccountAsync(Account(id), default);
        using var folder = new VerbFolder();
        var switches = 0; // The first writes of a start.
        server.Faults.Add(new FaultRule { Kind = FaultKind.DelayAnswer, DelayMs = 1, Path = "/v5/position/switch-mode", Count = null });
        server.Faults.Struck = _ => Interlocked.Increment(ref switches);

        var (code, output, error) = await folder.RunAsync(
            ["run", "--port", "0", "--set", $"Host:AccountLockFolder={_folder}", .. OnlineVenue.Words(folder, server, defaults.ApiKey)]);

        Assert.Equal(3, code);
        Assert.Contains("process 4711 on here", output + error, StringComparison.Ordinal);
        Assert.Equal(0, switches);
    }

    private static Func<CancellationToken, Task<Available<KeyInfo>>> Account(long? id) => _ => Task.FromResult(
        new Available<KeyInfo>(new KeyInfo(false, new Dictionary<string, IReadOnlyList<string>>(), [], null) { UserId = id }, ""));

    private static async Task<KeyInfo> KeyAsync(SimulatorServer server, string key, string secret)
    {
        var options = new BybitOptions
        {
            Environment = ExchangeEnvironment.Testnet, RestAddress = server.RestAddress.ToString(),
            PublicStreamAddress = new Uri(server.WebSocketAddress, "v5/public/linear").ToString(), PrivateStreamAddress = new Uri(server.WebSocketAddress, "v5/private").ToString(),
        };
        await using var exchange = new BybitExchange(options, new BybitCredentials(key, secret), TimeProvider.System, NullLogger<BybitExchange>.Instance);
        return (await exchange.AccountData.KeyAsync(default)).Value!;
    }

    private AccountClaim Claim(string key, ExchangeEnvironment environment = ExchangeEnvironment.Testnet)
    {
        var claim = new AccountClaim(_folder, environment, Here);
        claim.TakeKey(key);
        return claim;
    }
}
