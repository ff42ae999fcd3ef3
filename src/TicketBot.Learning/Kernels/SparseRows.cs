namespace TicketBot.Learning.Kernels;

/// <summary>Where the surviving weights of a matrix lie, seen from the side that is written: runs of entries with one target, cut so that the source
/// rows of neighbouring runs stay in the first-level cache. Within a target, sources ascend from run to run. Source offsets are premultiplied by
/// <see cref="Tile.Width"/>, so they index a tile directly.</summary>
/// <param name="targets">Target row per run. The first <paramref name="firstCount"/> runs name every target once, of which the leading <paramref name="emptyCount"/>
/// have no entry in theirs.</param>
/// <param name="ends">Index behind the last entry per run; a run begins where the one before it ends.</param>
/// <param name="sources">Offset of the source row per entry.</param>
/// <param name="order">Index of each entry's weight, or null where entry and weight have the same index.</param>
/// <param name="count">Number of runs.</param>
/// <param name="firstCount">Number of targets.</param>
/// <param name="emptyCount">Number of leading runs without an entry.</param>
internal readonly unsafe struct SparseRows(int* targets, int* ends, int* sources, int* order, int count, int firstCount, int emptyCount)
{
    public readonly int* Targets = targets;
    public readonly int* Ends = ends;
    public readonly int* Sources = sources;
    public readonly int* Order = order;
    public readonly int Count = count;
    public readonly int FirstCount = firstCount;
    public readonly int EmptyCount = emptyCount;
}
