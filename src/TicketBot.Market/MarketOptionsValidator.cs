using Microsoft.Extensions.Options;

namespace TicketBot.Market;

/// <summary>Checks <see cref="MarketOptions"/> with everything nested in them, all faults at once.</summary>
[OptionsValidator]
public sealed partial class MarketOptionsValidator : IValidateOptions<MarketOptions>;
