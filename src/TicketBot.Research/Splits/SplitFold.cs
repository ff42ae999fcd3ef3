namespace TicketBot.Research.Splits;

/// <summary>One division of the rows.</summary>
/// <param name="Train">Rows that everything fitted may see, ascending; not always a run.</param>
/// <param name="Test">Blocks of rows for judgement only, ascending and disjoint.</param>
public sealed record SplitFold(IReadOnlyList<int> Train, IReadOnlyList<RowRange> Test)
{
    /// <summary>Test rows, ascending.</summary>
    public IEnumerable<int> TestRows => Test.SelectMany(block => Enumerable.Range(block.Start, block.Count));
}
