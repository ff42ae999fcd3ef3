using TicketBot.Domain;

namespace TicketBot.Trading.Risk;

/// <summary>A halt of one symbol's entries.</summary>
/// <param name="Symbol">The contract.</param>
/// <param name="Code">Why.</param>
/// <param name="Detail">Plain words with the numbers.</param>
/// <param name="Since">Market time.</param>
public sealed record SymbolHalt(Symbol Symbol, HaltCode Code, string Detail, Instant Since);
