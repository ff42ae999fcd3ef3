using TicketBot.Host.Configuration;
using TicketBot.Testing;

namespace TicketBot.Host.Tests.Configuration;

public sealed class ConfigurationWatchTests
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("ticketbot-watch-").FullName, "my.json");
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_good_edit_says_which_options_take_force_at_the_next_start()
    {
        var watch = Watch();
        File.WriteAllText(_file, """{"Trading":{"Symbols":["BTCUSDT"],"ConfidenceThreshold":0.7}}""");

        var edit = Rested(watch);

        Assert.True(edit!.IsValid);
        Assert.Equal("Trading:ConfidenceThreshold 0.65 -> 0.7", Assert.Single(edit.Changes));
        Assert.Null(Rested(watch));
    }

    [Fact]
    public void A_bad_edit_names_file_key_value_and_what_was_expected()
    {
        var watch = Watch();
        File.WriteAllText(_file, """{"Trading":{"Symbols":["BTCUSDT"],"ConfidenceThreshold":2,"Intervall":"15m"}}""");

        var edit = Rested(watch);

        Assert.False(edit!.IsValid);
        Assert.Contains(edit.Faults, f => f.Contains("must be between 0.5 and 1", StringComparison.Ordinal)
            && f.Contains("Trading:ConfidenceThreshold is '2', set by my.json", StringComparison.Ordinal));
        Assert.Contains(edit.Faults, f => f.Contains("Trading:Intervall", StringComparison.Ordinal) && f.Contains("my.json", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_half_written_is_no_fault_when_the_rest_follows()
    {
        var watch = Watch();
        File.WriteAllText(_file, """{"Trading":{"Symbols":["BTCU""");
        Assert.Null(Rested(watch));
        File.Delete(_file);
        Assert.Null(Rested(watch));
        File.WriteAllText(_file, """{"Trading":{"Symbols":["BTCUSDT","ETHUSDT"]}}""");

        Assert.Equal("Trading:Symbols BTCUSDT -> BTCUSDT, ETHUSDT", Assert.Single(Rested(watch)!.Changes));
    }

    [Fact]
    public void A_file_that_stays_unreadable_is_said_once()
    {
        var watch = Watch();
        File.WriteAllText(_file, "{ not json");
        ConfigurationEdit? edit = null;
        for (var i = 0; i < 4 && edit is null; i++)
        {
            edit = Rested(watch);
        }

        Assert.False(edit!.IsValid);
        Assert.Contains("not valid JSON", Assert.Single(edit.Faults), StringComparison.Ordinal);
        Assert.Null(Rested(watch));
    }

    [Theory]
    [InlineData(20261123)]
    public void No_mutation_of_the_file_makes_the_watch_fail(int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var shipped = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "appsettings.json"));
        var watch = Watch();
        var (refused, taken) = (0, 0);
        for (var i = 0; i < 200; i++)
        {
            var at = (int)(random.NextDouble() * shipped.Length);
            File.WriteAllText(_file, random.NextDouble() < 0.5
                ? shipped[..at] + (char)(32 + (random.NextDouble() * 90)) + shipped[(at + 1)..]
                : shipped[..at]);
            for (var look = 0; look < 5; look++)
            {
                if (Rested(watch) is { } edit)
                {
                    refused += edit.IsValid ? 0 : 1;
                    taken += edit.IsValid ? 1 : 0;
                    Assert.True(edit.IsValid || edit.Faults.All(f => f.Length > 10), $"seed {seed}, case {i}");
                }
            }
        }

        Assert.True(refused > 100, $"seed {seed}: {refused} refused, {taken} taken");
    }

    // The files rest long enough to be looked at, but less long than an unreadable one is borne with.
    private ConfigurationEdit? Rested(ConfigurationWatch watch)
    {
        ConfigurationEdit? edit = null;
        for (var i = 0; i < 4; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            edit ??= watch.Look();
        }

        return edit;
    }

    private ConfigurationWatch Watch()
    {
        File.WriteAllText(_file, """{"Trading":{"Symbols":["BTCUSDT"]}}""");
        Settings Load() => Settings.Of([Layer.OfFile(_file)]);
        return new ConfigurationWatch([_file], Load, Load().Values(), _time);
    }
}
