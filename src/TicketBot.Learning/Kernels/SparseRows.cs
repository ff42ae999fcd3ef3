namespace TicketBot.Learning.Kernels;

/// <summary>Where the surviving weights of a matrix lie, seen from the side that is written: for each target row its sources, ascending. Offsets are
/// premultiplied by <see cref="Tile.Width"/>, so they index a tile directly.</summary>
/// <param name="targets">Target rows: those without an entry, then the others, ascending.</param>
/// <param name="starts">The entries of target t are <c>starts[t] .. starts[t + 1]</c>.</param>
/// <param name="sources">Offset of the source row per entry.</param>
/// <param name="order">Index of each entry's weight, or null where entry and weight have the same index.</param>
/// <param name="count">Number of target rows.</param>
/// <param name="dead">How many targets have no entry.</param>
internal readonly unsafe struct SparseRows(int* targets, int* starts, int* sources, int* order, int count, int dead)
{
    public readonly int* Targets = targets;
    public readonly int* Starts = starts;
    public readonly int* Sources = sources;
    public readonly int* Order = order;
    public readonly int Count = count;
    public readonly int Dead = dead;
}
