using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.ArchitectureSearch.Strategies;

/// <summary>Regularised evolution (Real et al. 2019): of the last <c>population</c> candidates some are drawn with replacement, the fittest of them is mutated, and the
/// oldest leaves whatever its fitness.</summary>
public sealed class RegularisedEvolution : ISearchStrategy
{
    private readonly ArchitectureSpace _space;
    private readonly int _population;
    private readonly int _tournament;
    private readonly Queue<(Candidate Candidate, double Fitness)> _living = new();
    private Rng _rng;
    private int _asked;

    /// <summary>Starts with candidates drawn at random.</summary>
    /// <param name="space">The architectures.</param>
    /// <param name="population">Candidates alive, at least 2.</param>
    /// <param name="tournament">Candidates of whom the fittest has a child, from 1 to <paramref name="population"/>.</param>
    /// <param name="seed">Seed of all its chance.</param>
    public RegularisedEvolution(ArchitectureSpace space, int population, int tournament, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(population, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(tournament, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tournament, population);
        (_space, _population, _tournament, _rng) = (space, population, tournament, new Rng(seed));
    }

    /// <inheritdoc/>
    public string Name => "evolution";

    /// <inheritdoc/>
    public Candidate Ask()
    {
        if (_asked < _population || _living.Count == 0)
        {
            _asked++;
            return _space.Draw(ref _rng);
        }

        _asked++;
        var living = _living.ToArray();
        var (parent, fitness) = living[_rng.NextInt(living.Length)];
        for (var i = 1; i < _tournament; i++)
        {
            var (other, its) = living[_rng.NextInt(living.Length)];
            (parent, fitness) = its > fitness ? (other, its) : (parent, fitness);
        }

        return Variation.Mutate(_space, parent, ref _rng);
    }

    /// <inheritdoc/>
    public void Tell(Candidate candidate, Outcome outcome)
    {
        _living.Enqueue((candidate, outcome.Fitness));
        if (_living.Count > _population)
        {
            _living.Dequeue();
        }
    }
}
