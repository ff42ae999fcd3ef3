using TicketBot.Research.ArchitectureSearch.Pareto;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.ArchitectureSearch.Strategies;

/// <summary>NSGA-II over the objectives of a search: it looks for a whole front instead of one fittest candidate.</summary>
/// <param name="space">The architectures.</param>
/// <param name="population">Candidates alive, at least 4.</param>
/// <param name="seed">Seed of all its chance.</param>
public sealed class Nsga2Search(ArchitectureSpace space, int population, ulong seed) : ISearchStrategy
{
    private const int MostChildren = 8; // At a time: enough that a few cores are never idle.

    private readonly Nsga2<Candidate> _engine = new(new CandidateBreeding(space), population, Math.Min(population, MostChildren), seed);

    /// <inheritdoc/>
    public string Name => "nsga2";

    /// <inheritdoc/>
    public Candidate? Ask() => _engine.TryAsk(out var candidate) ? candidate : null;

    /// <inheritdoc/>
    public void Tell(Candidate candidate, Outcome outcome) => _engine.Tell(candidate, outcome.Objectives, outcome.Violation);
}
