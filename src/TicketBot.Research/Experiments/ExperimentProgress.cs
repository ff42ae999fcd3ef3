namespace TicketBot.Research.Experiments;

/// <summary>How far an experiment is.</summary>
/// <param name="Done">Trainings done, found stored or made.</param>
/// <param name="Of">Trainings in all; fewer are made when a seed stops early.</param>
/// <param name="Reused">Of those done, how many were found stored.</param>
/// <param name="Detail">What was done last, in plain words.</param>
public sealed record ExperimentProgress(int Done, int Of, int Reused, string Detail);
