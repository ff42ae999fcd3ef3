using TicketBot.Bybit;
using TicketBot.Market;
using TicketBot.Research;
using TicketBot.Simulator;
using TicketBot.Storage;
using TicketBot.Trading;

namespace TicketBot.Host.Configuration;

/// <summary>Every section of the configuration.</summary>
public static class Sections
{
    /// <summary>The section of the log sinks; its keys are those of the logging library.</summary>
    public const string Serilog = "Serilog";

    /// <summary>The rooms' sections in the order they are shown.</summary>
    public static IReadOnlyList<Section> All { get; } =
    [
        new Section<HostOptions, HostOptionsValidator>("Host"),
        new Section<TradingOptions, TradingOptionsValidator>("Trading", new TradingOptionsRules()),
        new Section<MarketOptions, MarketOptionsValidator>("Market"),
        new Section<ResearchOptions, ResearchOptionsValidator>("Research"),
        new Section<BybitOptions, BybitOptionsValidator>(BybitOptions.Section),
        new Section<SimulatorOptions, SimulatorOptionsValidator>("Simulator"),
        new Section<StorageOptions, StorageOptionsValidator>("Storage"),
    ];
}
