namespace TicketBot.Research.Splits;

/// <summary>Rows <c>[Start, End)</c> of a dataset.</summary>
/// <param name="Start">First row.</param>
/// <param name="End">One past the last row.</param>
public readonly record struct RowRange(int Start, int End)
{
    /// <summary>Rows in the range.</summary>
    public int Count => End - Start;

    /// <summary>Whether <paramref name="row"/> lies inside.</summary>
    public bool Contains(int row) => row >= Start && row < End;
}
