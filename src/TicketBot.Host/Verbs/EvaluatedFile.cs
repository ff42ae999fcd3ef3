using TicketBot.Research;

namespace TicketBot.Host.Verbs;

/// <summary>A file that was evaluated.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Report">What the factory found.</param>
/// <param name="Costs">The costs it was judged at.</param>
public sealed record EvaluatedFile(string Name, FactoryReport Report, CostProfile Costs);
