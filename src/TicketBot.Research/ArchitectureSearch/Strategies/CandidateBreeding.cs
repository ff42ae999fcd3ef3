using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Pareto;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.ArchitectureSearch.Strategies;

/// <summary>Candidates of a space: uniform crossover of places, then each decision set anew with a chance of one by their number.</summary>
/// <param name="space">The architectures.</param>
internal sealed class CandidateBreeding(ArchitectureSpace space) : Breeding<Candidate>
{
    public override Candidate Draw(ref Rng rng) => space.Draw(ref rng);

    public override (Candidate First, Candidate Second) Breed(Candidate first, Candidate second, ref Rng rng) =>
        (Variation.Cross(space, first, second, ref rng), Variation.Cross(space, second, first, ref rng));

    public override bool AreSame(Candidate first, Candidate second) => first.Equals(second);
}
