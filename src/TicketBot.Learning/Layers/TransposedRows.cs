using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>Rows of a tile turned round, <c>[sample][row]</c>: the form in which a dense weight gradient reads its inputs.</summary>
internal sealed unsafe class TransposedRows
{
    private readonly TileBuffer _buffer;

    public TransposedRows(int rows)
    {
        // An odd number of cache lines, so that the rows of a column block do not meet in few cache sets.
        Stride = Tile.RoundUp(rows) | Tile.LaneGroup;
        // A gradient may read up to 15 columns past the last row it needs.
        _buffer = new TileBuffer(Tile.Width * Stride + Tile.LaneGroup);
    }

    public float* Pointer => _buffer.Pointer;

    public int Stride { get; }

    public void Fill(float* x, int rows, int count) => Tile.Transpose(x, Tile.Width, rows, count, _buffer.Pointer, Stride);
}
