namespace TicketBot.Learning.Search;

/// <summary>What a differentiable search found.</summary>
/// <param name="Path">The operation of each position.</param>
/// <param name="Architecture">The network of that path, to be trained from its start.</param>
/// <param name="Epochs">Every epoch that was run.</param>
/// <param name="End">Why it ended.</param>
/// <param name="Strengths">Strengths that the choice was made from.</param>
public sealed record DartsResult(IReadOnlyList<int> Path, Architecture Architecture, IReadOnlyList<DartsEpoch> Epochs, DartsEnd End, IReadOnlyList<double[]> Strengths)
{
    /// <summary>Positions that hold an operation without weights.</summary>
    public required int ParameterFree { get; init; }
}
