using Microsoft.Extensions.Options;

namespace TicketBot.Bybit;

/// <summary>The checks of <see cref="BybitOptions"/>, those across fields included; all faults are reported at once.</summary>
[OptionsValidator]
public sealed partial class BybitOptionsValidator : IValidateOptions<BybitOptions>
{
}
