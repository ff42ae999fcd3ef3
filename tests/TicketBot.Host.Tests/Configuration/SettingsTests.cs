using TicketBot.Bybit;
using TicketBot.Host.Configuration;
using TicketBot.Trading;

namespace TicketBot.Host.Tests.Configuration;

public sealed class SettingsTests
{
    // The file shows what the class cannot: lists that only grow, and the pace and history of the demonstration market.
    private static readonly string[] DemonstrationValues = ["Trading:Symbols", "Simulator:Speed", "Simulator:HistoryCandles"];

    [Fact]
    public void Reports_every_fault_at_once()
    {
        var fault = Assert.Throws<SettingsException>(() => Of(
            ("Trading:ConfidenceTreshold", "0.7"), ("Trading:MaxDailyDrawdown", "many"), ("Trading:ConfidenceThreshold", "2"), ("Trading:Interval", "7m"),
            ("Market:Regimes:States", "1"), ("Host:Jobs:HistoryCron", "tomorrow"), ("Bybit:Environment", "Live")));
        Assert.Equal(7, fault.Faults.Count);
        Assert.Contains(fault.Faults, f => f.Contains("'Trading:ConfidenceTreshold'", StringComparison.Ordinal) && f.Contains("nearest valid name is 'Trading:ConfidenceThreshold'", StringComparison.Ordinal));
        Assert.Contains(fault.Faults, f => f.Contains("Trading:MaxDailyDrawdown must be a number, was 'many'", StringComparison.Ordinal));
        Assert.Contains(fault.Faults, f => f.Contains("ConfidenceThreshold must be between 0.5 and 1", StringComparison.Ordinal));
        Assert.Contains(fault.Faults, f => f.Contains("'7m' is not an interval", StringComparison.Ordinal));
        Assert.Contains(fault.Faults, f => f.Contains("States", StringComparison.Ordinal));
        Assert.Contains(fault.Faults, f => f.Contains("HistoryCron", StringComparison.Ordinal) && f.Contains("'tomorrow'", StringComparison.Ordinal));
        Assert.Contains(fault.Faults, f => f.Contains("AcknowledgeRealMoney", StringComparison.Ordinal));
    }

    [Fact]
    public void Refuses_an_unknown_section_and_names_the_sections()
    {
        var fault = Assert.Throws<SettingsException>(() => Of(("Zzzzzzzzzzzzzzzz", "1")));
        Assert.Contains("the sections are Host Trading", Assert.Single(fault.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_an_environment_that_does_not_exist_and_names_those_that_do()
    {
        var fault = Assert.Throws<SettingsException>(() => Of(("Bybit:Environment", "Paper")));
        Assert.Contains("one of Simulator Testnet Demo Live", Assert.Single(fault.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_layer_wins_and_a_list_is_replaced_as_a_whole()
    {
        var settings = Settings.Of(
        [
            Layer("file", ("Trading:Symbols:0", "BTCUSDT"), ("Trading:Symbols:1", "ETHUSDT"), ("Trading:Interval", "1h")),
            Layer("command line", ("Trading:Symbols:0", "SOLUSDT")),
        ]);
        Assert.Equal(["SOLUSDT"], settings.Get<TradingOptions>().Symbols);
        Assert.Equal("1h", settings.Get<TradingOptions>().Interval);
        var values = settings.Values().ToDictionary(v => v.Key);
        Assert.Equal("command line", values["Trading:Symbols"].Source);
        Assert.Equal("file", values["Trading:Interval"].Source);
        Assert.Equal(("default", "0.65", "0.65"), (values["Trading:ConfidenceThreshold"].Source, values["Trading:ConfidenceThreshold"].Value, values["Trading:ConfidenceThreshold"].Default));
    }

    [Fact]
    public void Live_needs_the_separate_switch()
    {
        Assert.Throws<SettingsException>(() => Of(("Bybit:Environment", "Live")));
        Assert.Equal(
            Trading.Exchange.ExchangeEnvironment.Live,
            Of(("Bybit:Environment", "Live"), ("Bybit:AcknowledgeRealMoney", "true")).Get<BybitOptions>().Environment);
    }

    [Fact]
    public void A_child_runs_with_exactly_the_values_that_were_written_for_it()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("ticketbot-settings-").FullName, "effective.json");
        var settings = Of(("Trading:Symbols:0", "SOLUSDT"), ("Trading:Symbols:1", "ETHUSDT"), ("Trading:Interval", "4h"), ("Market:ReferenceSymbol", null));
        settings.WriteEffective(path);
        var read = Settings.LoadEffective(path);
        Assert.Equal(settings.Values().Select(v => (v.Key, v.Value)), read.Values().Select(v => (v.Key, v.Value)));
    }

    [Fact]
    public void The_shipped_file_names_every_option_at_its_default()
    {
        var settings = Settings.Of([Host.Configuration.Layer.OfFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"))]);
        Assert.All(settings.Values(), v => Assert.True(
            v.Source == "appsettings.json" || v.Default == "(none)", $"{v.Key} is missing in appsettings.json"));
        Assert.All(settings.Values().Where(v => !DemonstrationValues.Contains(v.Key)), v => Assert.Equal($"{v.Key}={v.Default}", $"{v.Key}={v.Value}"));
    }

    private static Settings Of(params (string Key, string? Value)[] values) =>
        Settings.Of([Layer("file", [.. values, ("Trading:Symbols:0", "BTCUSDT")])]);

    private static Layer Layer(string name, params (string Key, string? Value)[] values) =>
        new(name, values.DistinctBy(v => v.Key).ToDictionary(v => v.Key, v => v.Value, StringComparer.OrdinalIgnoreCase));
}
