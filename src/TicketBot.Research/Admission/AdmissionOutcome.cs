using TicketBot.Tickets;

namespace TicketBot.Research.Admission;

/// <summary>What became of the tickets of a search in the registry.</summary>
/// <param name="States">State by ticket; refused ones stay candidates.</param>
/// <param name="IsActivated">Whether the regime set was taken into force.</param>
/// <param name="Contest">The contest with the champion, or <c>null</c> when there was none.</param>
/// <param name="Reason">Plain words.</param>
public sealed record AdmissionOutcome(IReadOnlyDictionary<TicketId, TicketState> States, bool IsActivated, ChampionContest? Contest, string Reason);
