using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Tests.Kernels;

public unsafe class TileTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 9)]
    [InlineData(8, 8)]
    [InlineData(9, 7)]
    [InlineData(24, 64)]
    [InlineData(61, 33)]
    public void Turning_moves_every_value_and_nothing_else(int rows, int columns)
    {
        int sourceStride = columns + 3;
        int stride = rows + 5;
        float[] source = [.. Enumerable.Range(1, rows * sourceStride).Select(i => (float)i)];
        float[] turned = new float[columns * stride];
        fixed (float* s = source, t = turned)
        {
            Tile.Transpose(s, sourceStride, rows, columns, t, stride);
        }

        for (int c = 0; c < columns; c++)
        {
            for (int r = 0; r < stride; r++)
            {
                Assert.Equal(r < rows ? source[r * sourceStride + c] : 0f, turned[c * stride + r]);
            }
        }
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(8, 24)]
    [InlineData(63, 9)]
    [InlineData(64, 16)]
    public void Gathering_puts_rows_from_anywhere_into_lanes(int count, int length)
    {
        float[] source = [.. Enumerable.Range(1, 100 * length).Select(i => (float)i)];
        float[] tile = new float[length * Tile.Width];
        long* offsets = stackalloc long[Tile.Width];
        for (int i = 0; i < count; i++)
        {
            offsets[i] = i * 37 % 99 * length + i % 2;
        }

        fixed (float* s = source, t = tile)
        {
            Tile.Gather(s, offsets, count, length, t);
        }

        for (int f = 0; f < length; f++)
        {
            for (int i = 0; i < Tile.Width; i++)
            {
                Assert.Equal(i < count ? source[offsets[i] + f] : 0f, tile[f * Tile.Width + i]);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(128)]
    [InlineData(512)]
    public void Turned_rows_start_at_an_odd_number_of_cache_lines(int rows)
    {
        int lines = new TransposedRows(rows).Stride / Tile.LaneGroup;
        Assert.True(lines % 2 == 1 && lines * Tile.LaneGroup >= rows);
    }
}
