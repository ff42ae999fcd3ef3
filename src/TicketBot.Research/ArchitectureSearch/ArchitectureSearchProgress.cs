namespace TicketBot.Research.ArchitectureSearch;

/// <summary>How far a search is.</summary>
/// <param name="Done">Trainings done: trials, then those of the finalists.</param>
/// <param name="Of">Trainings planned; fewer when the space or the time ends first.</param>
/// <param name="Reused">Of those done, how many were found stored.</param>
/// <param name="Front">Trials that no other one dominates so far.</param>
/// <param name="Detail">What was done last, in plain words.</param>
public sealed record ArchitectureSearchProgress(int Done, int Of, int Reused, int Front, string Detail);
