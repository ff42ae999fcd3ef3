using TicketBot.Market;
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
        new Section<HostOptions, HostValidator>("Host"),
        new Section<MarketOptions, MarketValidator>("Market"),
        new Section<TradingOptions, TradingValidator>("Trading"),
    ];
}
