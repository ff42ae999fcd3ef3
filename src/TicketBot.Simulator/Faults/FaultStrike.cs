using TicketBot.Domain;

namespace TicketBot.Simulator.Faults;

/// <summary>One strike of a rule.</summary>
/// <param name="Number">Ascending number, from 1.</param>
/// <param name="Rule">Id of the rule.</param>
/// <param name="Kind">What went wrong.</param>
/// <param name="MarketTime">Market time.</param>
/// <param name="Step">Steps played by then.</param>
/// <param name="On">The request, message or step it struck, such as <c>POST /v5/order/create</c>.</param>
public sealed record FaultStrike(long Number, string Rule, FaultKind Kind, Instant MarketTime, long Step, string On);
