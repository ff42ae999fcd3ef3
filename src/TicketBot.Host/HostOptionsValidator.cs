using Microsoft.Extensions.Options;

namespace TicketBot.Host;

/// <summary>Checks the ranges of <see cref="HostOptions"/>.</summary>
[OptionsValidator]
public sealed partial class HostOptionsValidator : IValidateOptions<HostOptions>;
