using Microsoft.Extensions.Options;
using TicketBot.Market;
using TicketBot.Trading;

namespace TicketBot.Host.Configuration;

/// <summary>Checks the ranges of <see cref="HostOptions"/>.</summary>
[OptionsValidator]
public sealed partial class HostValidator : IValidateOptions<HostOptions>;

/// <summary>Checks the ranges of <see cref="MarketOptions"/>.</summary>
[OptionsValidator]
public sealed partial class MarketValidator : IValidateOptions<MarketOptions>;

/// <summary>Checks the ranges of <see cref="TradingOptions"/>.</summary>
[OptionsValidator]
public sealed partial class TradingValidator : IValidateOptions<TradingOptions>;
