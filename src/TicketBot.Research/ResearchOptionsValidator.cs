using Microsoft.Extensions.Options;

namespace TicketBot.Research;

/// <summary>Checks every rule of <see cref="ResearchOptions"/> at once.</summary>
[OptionsValidator]
public sealed partial class ResearchOptionsValidator : IValidateOptions<ResearchOptions>
{
}
