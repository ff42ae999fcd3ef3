namespace TicketBot.Research.ArchitectureSearch;

/// <summary>What a strategy is told of a candidate.</summary>
/// <param name="Fitness">One number to make large; negative infinity for a candidate that was not trained or diverged.</param>
/// <param name="Objectives">Numbers to make small, equally many for every candidate of a search; infinite for a candidate that was not trained or diverged.</param>
/// <param name="Violation">How far the candidate is outside the constraints, 0 (inside) or above; of two outside the less violating is the better.</param>
public sealed record Outcome(double Fitness, IReadOnlyList<double> Objectives, double Violation = 0.0);
