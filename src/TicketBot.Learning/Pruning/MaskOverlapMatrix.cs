namespace TicketBot.Learning.Pruning;

/// <summary>The overlap of every mask of a list with every other.</summary>
public sealed class MaskOverlapMatrix
{
    private readonly MaskOverlap[,] _overlaps;

    private MaskOverlapMatrix(string[] names, MaskOverlap[,] overlaps)
    {
        Names = names;
        _overlaps = overlaps;
    }

    /// <summary>Names of the masks, in the order given.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Returns the overlap of two masks by their places in <see cref="Names"/>; the same both ways round.</summary>
    public MaskOverlap this[int row, int column] => _overlaps[row, column];

    /// <summary>Compares all masks with each other.</summary>
    /// <param name="masks">Masks of one architecture, each with a name.</param>
    /// <exception cref="ArgumentException">The masks are for different architectures.</exception>
    public static MaskOverlapMatrix Of(IReadOnlyList<(string Name, MaskSet Mask)> masks)
    {
        var overlaps = new MaskOverlap[masks.Count, masks.Count];
        for (int row = 0; row < masks.Count; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                overlaps[row, column] = overlaps[column, row] = MaskOverlap.Of(masks[row].Mask, masks[column].Mask);
            }
        }

        return new MaskOverlapMatrix([.. masks.Select(mask => mask.Name)], overlaps);
    }
}
