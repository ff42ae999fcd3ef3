using TicketBot.Learning;

namespace TicketBot.Research.ArchitectureSearch.Spaces;

/// <summary>A point of a space: what was chosen, and the architecture it stands for. Two candidates are equal when their architectures are. Immutable.</summary>
public sealed class Candidate : IEquatable<Candidate>
{
    internal Candidate(int[] choices, Architecture architecture) => (Choices, Architecture) = (choices, architecture);

    /// <summary>Index of the chosen option per decision of the space, in its order; decisions without effect hold 0.</summary>
    public IReadOnlyList<int> Choices { get; }

    /// <summary>The architecture, in its canonical form.</summary>
    public Architecture Architecture { get; }

    /// <summary>True when the other stands for the same architecture.</summary>
    public bool Equals(Candidate? other) => other is not null && Architecture.Equals(other.Architecture);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Candidate);

    /// <inheritdoc/>
    public override int GetHashCode() => Architecture.GetHashCode();

    /// <summary>The canonical genes.</summary>
    public override string ToString() => Architecture.Genes;
}
