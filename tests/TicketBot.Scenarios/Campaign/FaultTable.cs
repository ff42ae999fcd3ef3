using TicketBot.Scenarios.Campaign.Rows;

namespace TicketBot.Scenarios.Campaign;

/// <summary>Every row of the fault table, in its order.</summary>
internal static class FaultTable
{
    internal static IReadOnlyList<FaultRow> Rows { get; } = [.. KillRows.All, .. AnswerRows.All, .. FillRows.All, .. StreamRows.All, .. ClockRows.All, .. DiskRows.All, .. TicketRows.All, .. RecoveryRows.All, .. ProcessRows.All, .. OperatorRows.All, .. SoakRows.All];
}
