using TicketBot.Learning;

namespace TicketBot.Research.ArchitectureSearch.Spaces;

/// <summary>What one gene costs in a prediction.</summary>
/// <param name="Gene">The gene; <c>null</c> for the head.</param>
/// <param name="Inputs">Channels it reads.</param>
/// <param name="Outputs">Channels it writes.</param>
/// <param name="Steps">Steps there are.</param>
/// <param name="Computed">Steps of its output that the layers behind it read; a recurrent layer computes all all the same.</param>
/// <param name="MultiplyAdds">Products of a prediction, those of skip projections and between the steps of attention included.</param>
/// <param name="TrainingMultiplyAdds">The same when every step is computed, as in training: the forward pass of one row.</param>
public sealed record GeneWork(Gene? Gene, int Inputs, int Outputs, int Steps, int Computed, long MultiplyAdds, long TrainingMultiplyAdds)
{
    /// <summary>Channels of each output that is added where a projection is needed because they differ from <see cref="Outputs"/>.</summary>
    public IReadOnlyList<int> Projections { get; init; } = [];
}
