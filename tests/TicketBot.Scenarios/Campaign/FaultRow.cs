namespace TicketBot.Scenarios.Campaign;

/// <summary>One line of the fault table.</summary>
/// <param name="Id">Its name, such as <c>K2</c>, with a suffix where a row has several points.</param>
/// <param name="Fault">What is done, in words.</param>
/// <param name="Full">Seeds of the full campaign.</param>
/// <param name="Short">Seeds of the short form.</param>
/// <param name="PlayAsync">Plays one seed.</param>
/// <param name="Kind">What it needs.</param>
internal sealed record FaultRow(string Id, string Fault, int Full, int Short, Func<ulong, Task<Played>> PlayAsync, RowKind Kind = RowKind.Seam);

/// <summary>What a row needs to be played.</summary>
internal enum RowKind
{
    /// <summary>Nothing but this process.</summary>
    Seam = 1,

    /// <summary>The real daemon as a process of its own.</summary>
    Process = 2,

    /// <summary>Minutes to hours.</summary>
    Soak = 3,

    /// <summary>The rights of root.</summary>
    Root = 4,
}

/// <summary>How one seed ended.</summary>
/// <param name="Breaks">Invariants that broke; empty when all held.</param>
/// <param name="RecoveryMs">Milliseconds until the trader traded again, or <c>null</c> where that has no meaning.</param>
/// <param name="Struck">Whether the fault came to pass; a play in which it did not counts for nothing.</param>
/// <param name="Note">A figure or a word worth keeping; empty if none.</param>
internal sealed record Played(IReadOnlyList<string> Breaks, double? RecoveryMs, bool Struck = true, string Note = "");
