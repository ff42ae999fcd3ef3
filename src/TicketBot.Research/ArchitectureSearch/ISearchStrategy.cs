using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.ArchitectureSearch;

/// <summary>A way through a space of architectures, by ask and tell. It is a pure function of its seed and of the order of asks and tells, so a search is resumed by
/// asking again and telling what is stored. Not safe for use by several threads at once.</summary>
public interface ISearchStrategy
{
    /// <summary>The word it has on the command line.</summary>
    string Name { get; }

    /// <summary>What the strategy has to say about itself in the report, in plain sentences: for example why weights it shared were not trusted.</summary>
    IReadOnlyList<string> Remarks => [];

    /// <summary>Learns what it must from the rows before the first <see cref="Ask"/>; does nothing unless a strategy says otherwise. Long work belongs into stages of
    /// <see cref="SearchContext.Stages"/>, so that an interrupted search finds it done.</summary>
    /// <param name="context">Space, rows and tools of the search.</param>
    /// <param name="cancellationToken">Ends it.</param>
    ValueTask PrepareAsync(SearchContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Returns the next candidate to be trained. It may be asked again before the last one was told.</summary>
    /// <returns><c>null</c> when it has nothing to ask before more is told; when everything was told, the search is at its end.</returns>
    Candidate? Ask();

    /// <summary>Tells what came of a candidate, once per <see cref="Ask"/> and in the order of the asks.</summary>
    void Tell(Candidate candidate, Outcome outcome);
}
