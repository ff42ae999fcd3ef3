using System.Text.Json;
using TicketBot.Host.Running;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Tests.Running;

public sealed class AccountLockTests
{
    private static readonly AccountOwner Here = new(4711, "here", "/data/one", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("ticketbot-accounts-").FullName, "locks");

    [Fact]
    public void A_second_daemon_on_the_account_is_refused_and_told_who_holds_it()
    {
        using var first = Take(Here);

        var fault = Assert.Throws<IOException>(() => Take(Here with { ProcessId = 4712, DataFolder = "/data/two" }));

        Assert.Contains("process 4711 on here, data folder '/data/one', since 2026-01-02 03:04:05 UTC", fault.Message, StringComparison.Ordinal);
        Assert.Null(first.Recovered);
    }

    [Fact]
    public void Another_account_or_environment_is_another_lock()
    {
        using var first = Take(Here);
        using var otherKey = Take(Here, key: "k2");
        using var otherEnvironment = Take(Here, ExchangeEnvironment.Demo);

        Assert.Equal(3, Directory.GetFiles(_folder, "*.json").Length);
    }

    [Fact]
    public void An_account_given_back_is_free()
    {
        Take(Here).Dispose();
        using var second = Take(Here);

        Assert.Null(second.Recovered);
    }

    [Fact]
    public void A_lock_left_by_a_crash_is_recovered_and_said_so()
    {
        Crash(Here);

        using var next = Take(Here with { ProcessId = 5 });

        Assert.Equal(Here, next.Recovered);
        Assert.Equal(5, JsonSerializer.Deserialize<AccountOwner>(File.ReadAllText(Directory.GetFiles(_folder, "*.json").Single()), JsonSerializerOptions.Web)!.ProcessId);
    }

    [Fact]
    public void A_lock_of_another_machine_is_refused_with_what_to_do()
    {
        Crash(Here with { Host = "elsewhere" });

        var fault = Assert.Throws<IOException>(() => Take(Here));
        Assert.Contains("on elsewhere", fault.Message, StringComparison.Ordinal);
        var file = Directory.GetFiles(_folder, "*.json").Single();
        Assert.Contains($"delete '{file}'", fault.Message, StringComparison.Ordinal);

        File.Delete(file);
        Take(Here).Dispose();
    }

    [Fact]
    public void A_damaged_owner_file_locks_nobody_out()
    {
        Crash(Here);
        File.WriteAllText(Directory.GetFiles(_folder, "*.json").Single(), "{ half");

        using var next = Take(Here);

        Assert.Null(next.Recovered);
    }

    // What a killed process leaves: its owner file, and a lock file that the operating system has let go of.
    private void Crash(AccountOwner owner)
    {
        var held = Take(owner);
        var file = Directory.GetFiles(_folder, "*.json").Single();
        var text = File.ReadAllText(file);
        held.Dispose();
        File.WriteAllText(file, text);
    }

    private AccountLock Take(AccountOwner owner, ExchangeEnvironment environment = ExchangeEnvironment.Testnet, string key = "k1") =>
        AccountLock.Take(_folder, environment, key, owner);
}
