using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.ArchitectureSearch.Strategies;

/// <summary>Asks for candidates drawn at random, each independent of what is known: the least a strategy must beat.</summary>
/// <param name="space">The architectures.</param>
/// <param name="seed">Seed of the draws.</param>
public sealed class RandomSearch(ArchitectureSpace space, ulong seed) : ISearchStrategy
{
    private Rng _rng = new(seed);

    /// <inheritdoc/>
    public string Name => "random";

    /// <inheritdoc/>
    public Candidate Ask() => space.Draw(ref _rng);

    /// <inheritdoc/>
    public void Tell(Candidate candidate, Outcome outcome)
    {
    }
}
