namespace TicketBot.Research.Campaigns;

/// <summary>One finished market of a campaign.</summary>
/// <param name="Market">Its text form.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Settings">SHA-256 (hex) of all settings it was searched with.</param>
/// <param name="IsEligible">Whether at least one ticket passed every gate.</param>
/// <param name="Passed">Tickets that passed.</param>
/// <param name="Tickets">Tickets judged.</param>
/// <param name="Density">The density settled on.</param>
/// <param name="TestTrades">Out-of-sample trades of all tickets.</param>
/// <param name="TestNetBp">Their mean net return in basis points.</param>
/// <param name="ForwardTrades">Trades of the passed tickets on the candles after the search.</param>
/// <param name="ForwardNetBp">Their mean net return in basis points.</param>
/// <param name="ForwardNet">Their profit after all costs in settlement coin.</param>
/// <param name="Seconds">Wall seconds of the search.</param>
/// <param name="Refusals">First refusal of each refused ticket.</param>
/// <param name="Kept">By gate, whether it passed at least one ticket; where an edge was planted every gate is asked, else those after a refusal are absent.</param>
public sealed record CampaignEntry(
    string Market, ulong Seed, string Settings, bool IsEligible, int Passed, int Tickets, double Density, int TestTrades, double TestNetBp,
    int ForwardTrades, double ForwardNetBp, decimal ForwardNet, double Seconds, IReadOnlyList<string> Refusals,
    IReadOnlyDictionary<string, bool> Kept);
