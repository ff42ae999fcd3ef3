namespace TicketBot.Tickets;

/// <summary>Measures how alike the live market is to a ticket's training market, 0..1.</summary>
/// <remarks>1 while the distance of the live window of scaled feature rows to the training rows lies below the 95 % point of the
/// distances of windows inside the training period; beyond it, it falls monotonically to 0.</remarks>
public sealed record SimilarityReference
{
    /// <summary>Rows of the live window.</summary>
    public int WindowRows => throw new NotImplementedException();

    /// <summary>Fits on scaled training rows, <c>[rows, features]</c> row-major in time order.</summary>
    public static SimilarityReference Fit(ReadOnlySpan<float> rows, int features, int windowRows = 96) => throw new NotImplementedException();

    /// <summary>Returns the similarity of a window of scaled rows, <c>[WindowRows, features]</c> row-major in time order.</summary>
    public double SimilarityOf(ReadOnlySpan<float> rows) => throw new NotImplementedException();
}
