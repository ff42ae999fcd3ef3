namespace TicketBot.Learning.Kernels;

/// <summary>The shape of a batch tile: up to 64 samples side by side, <c>[feature][64]</c>.</summary>
internal static class Tile
{
    /// <summary>Samples of a tile.</summary>
    public const int Width = 64;

    /// <summary>Lanes that kernels handle at once; lane counts are rounded up to it.</summary>
    public const int LaneGroup = 16;

    public static int RoundUp(int count) => (count + LaneGroup - 1) & ~(LaneGroup - 1);

    /// <summary>Writes <c>source [rows][sourceStride]</c> transposed into <c>destination [columns][destinationStride]</c>.</summary>
    public static unsafe void Transpose(float* source, int sourceStride, int rows, int columns, float* destination, int destinationStride)
    {
        for (int r = 0; r < rows; r++)
        {
            float* from = source + (long)r * sourceStride;
            float* to = destination + r;
            for (int c = 0; c < columns; c++)
            {
                to[(long)c * destinationStride] = from[c];
            }
        }
    }
}
