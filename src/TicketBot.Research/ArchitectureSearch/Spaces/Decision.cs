namespace TicketBot.Research.ArchitectureSearch.Spaces;

/// <summary>One choice among named options.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Place">Place in the architecture, from 1; one more than the last place for the reading of the window.</param>
/// <param name="Options">The options in words, at least one; the first is what a decision without effect holds.</param>
public sealed record Decision(DecisionKind Kind, int Place, IReadOnlyList<string> Options)
{
    /// <summary>Number of options.</summary>
    public int Count => Options.Count;
}
