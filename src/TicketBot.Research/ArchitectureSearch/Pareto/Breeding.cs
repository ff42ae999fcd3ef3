using TicketBot.Learning;

namespace TicketBot.Research.ArchitectureSearch.Pareto;

/// <summary>How genomes of one kind are made: drawn, and bred from two parents.</summary>
/// <typeparam name="T">The genome.</typeparam>
public abstract class Breeding<T>
{
    /// <summary>Draws a genome at random.</summary>
    public abstract T Draw(ref Rng rng);

    /// <summary>Returns two children of two parents, crossed and mutated.</summary>
    public abstract (T First, T Second) Breed(T first, T second, ref Rng rng);

    /// <summary>Whether two genomes are the same.</summary>
    public abstract bool AreSame(T first, T second);
}
