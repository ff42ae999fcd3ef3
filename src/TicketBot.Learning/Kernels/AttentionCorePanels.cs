using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>Matrices of lane groups, <c>[slot][head][group][row][column][lanes of a group]</c>: what a head does with a lane group lies together. In the
/// layout of a tile the same elements would be 256 bytes apart and share a quarter of the cache's sets.</summary>
/// <param name="rows">Rows of each matrix.</param>
/// <param name="heads">Matrices per lane group.</param>
/// <param name="columns">Columns of each matrix.</param>
internal sealed unsafe class AttentionCorePanels(int rows, int heads, int columns)
{
    // Room for the wider padding of the two; see HopOf.
    private readonly int _slotLength = rows * heads * (columns + 3) * Tile.Width;
    private TileBuffer _buffer = new(0);

    /// <summary>Makes room for so many tiles.</summary>
    public void Reserve(int slots)
    {
        if (_buffer.Length < slots * _slotLength)
        {
            _buffer = new TileBuffer(slots * _slotLength);
        }
    }

    /// <summary>The matrix of a head for a lane group.</summary>
    public AttentionCoreMatrix Of(int slot, int head, int group, KernelForm form)
    {
        int lanes = AttentionCoreProduct.LanesOf(form);
        int hop = HopOf(lanes);
        long matrix = (long)head * (Tile.Width / lanes) + group;
        return new AttentionCoreMatrix(_buffer.Pointer + (long)slot * _slotLength + matrix * rows * hop, hop, lanes);
    }

    /// <summary>Takes one step of all heads from <c>[heads * columns][64]</c>, times a factor, into a row of each matrix.</summary>
    public void Pack(int slot, int row, float* from, float factor, int lanes, KernelForm form)
    {
        int width = AttentionCoreProduct.LanesOf(form);
        for (int head = 0; head < heads; head++)
        {
            for (int group = 0; group < lanes / width; group++)
            {
                Copy(from + head * columns * Tile.Width + group * width, Tile.Width, Of(slot, head, group, form).At(row, 0), width, factor, width, form);
            }
        }
    }

    /// <summary>The way back of <see cref="Pack"/>.</summary>
    public void Unpack(int slot, int row, float* to, float factor, int lanes, KernelForm form)
    {
        int width = AttentionCoreProduct.LanesOf(form);
        for (int head = 0; head < heads; head++)
        {
            for (int group = 0; group < lanes / width; group++)
            {
                Copy(Of(slot, head, group, form).At(row, 0), width, to + head * columns * Tile.Width + group * width, Tile.Width, factor, width, form);
            }
        }
    }

    private void Copy(float* from, int fromHop, float* to, int toHop, float factor, int width, KernelForm form)
    {
        for (int column = 0; column < columns; column++)
        {
            if (form == KernelForm.Scalar)
            {
                for (int lane = 0; lane < width; lane++)
                {
                    to[lane] = from[lane] * factor;
                }
            }
            else
            {
                for (int lane = 0; lane < width; lane += 8)
                {
                    (Vector256.Load(from + lane) * factor).Store(to + lane);
                }
            }

            from += fromHop;
            to += toHop;
        }
    }

    // Floats between rows: an odd number of cache lines, so that walking down a column meets all sets of the cache in turn.
    private int HopOf(int lanes)
    {
        int lines = (columns * lanes + 15) / 16;
        return (lines | 1) * 16;
    }
}
