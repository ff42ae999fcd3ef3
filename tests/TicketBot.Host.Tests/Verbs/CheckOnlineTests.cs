using System.Text.Json;
using TicketBot.Simulator;

namespace TicketBot.Host.Tests.Verbs;

public sealed class CheckOnlineTests
{
    [Fact]
    public async Task The_built_in_simulator_passes_every_check()
    {
        using var folder = new VerbFolder();
        var (code, document) = await folder.JsonAsync("check", "--online", "--set", "Simulator:HistoryCandles=200");
        Assert.Equal((0, "passed"), (code, document.GetProperty("verdict").GetString()));
        var names = document.GetProperty("findings").EnumerateArray().Select(one => one.GetProperty("name").GetString()!).ToList();
        Assert.Superset(
            new HashSet<string> { "REST address", "clock", "public stream address", "private stream address", "key", "key rights", "account", "margin mode", "wallet", "open positions", "contract BTCUSDT", "mode of BTCUSDT", "fees of BTCUSDT" },
            names.ToHashSet());
    }

    [Fact]
    public async Task A_venue_of_its_own_is_checked_by_addresses_and_key_alone()
    {
        using var folder = new VerbFolder();
        await using var server = await OnlineVenue.StartAsync();
        var (code, output, error) = await folder.RunAsync(["check", "--online", .. OnlineVenue.Words(folder, server, new SimulatorOptions().ApiKey)]);
        Assert.True(code == 0, output + error);
        Assert.Contains("accepted by Testnet", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_another_environment_is_a_verdict_that_says_so()
    {
        using var folder = new VerbFolder();
        await using var server = await OnlineVenue.StartAsync();
        var (code, document) = await folder.JsonAsync(["check", "--online", .. OnlineVenue.Words(folder, server, "another-key")]);
        Assert.Equal(1, code);
        Assert.Contains("exactly one environment", Failed(document).GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_key_is_a_matter_of_configuration()
    {
        using var folder = new VerbFolder();
        var (code, document) = await folder.JsonAsync("check", "--online", "--set", "Bybit:Environment=Testnet", "--set", "Bybit:ApiKeyVariable=NO_SUCH_VARIABLE_OF_ANYBODY");
        Assert.Equal((2, "configuration"), (code, Failed(document).GetProperty("cause").GetString()));
        Assert.Contains("https://testnet.bybit.com", Failed(document).GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_venue_that_does_not_answer_is_the_outside_world()
    {
        using var folder = new VerbFolder();
        var server = await OnlineVenue.StartAsync();
        var words = OnlineVenue.Words(folder, server, "any");
        await server.DisposeAsync();
        var (code, document) = await folder.JsonAsync(["check", "--online", .. words, "--set", "Bybit:ReadRetries=0"]);
        Assert.Equal((3, "world"), (code, Failed(document).GetProperty("cause").GetString()));
    }

    private static JsonElement Failed(JsonElement document) => document.GetProperty("findings").EnumerateArray().First(one => !one.GetProperty("passed").GetBoolean());
}
