using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.ArchitectureSearch.Strategies;

/// <summary>Mutates the fittest candidate of all so far: what a predictor must beat at equal cost, since most of what predictors gain comes from it.</summary>
/// <param name="space">The architectures.</param>
/// <param name="draws">Candidates drawn at random before the first mutation, at least 1.</param>
/// <param name="seed">Seed of all its chance.</param>
public sealed class MutateBest(ArchitectureSpace space, int draws, ulong seed) : ISearchStrategy
{
    private Rng _rng = new(seed);
    private Candidate? _best;
    private double _fitness = double.NegativeInfinity;
    private int _asked;

    /// <inheritdoc/>
    public string Name => "mutate-best";

    /// <inheritdoc/>
    public Candidate Ask() => ++_asked <= draws || _best is null ? space.Draw(ref _rng) : Variation.Mutate(space, _best, ref _rng);

    /// <inheritdoc/>
    public void Tell(Candidate candidate, Outcome outcome)
    {
        if (_best is null || outcome.Fitness > _fitness)
        {
            (_best, _fitness) = (candidate, outcome.Fitness);
        }
    }
}
