namespace TicketBot.Learning.Kernels;

/// <summary>A matrix of lanes: each element is one lane group (8 floats, or 16 in the 512-bit form), one sample per lane.</summary>
/// <param name="Start">Element (0, 0).</param>
/// <param name="Row">Floats between rows.</param>
/// <param name="Column">Floats between columns.</param>
internal readonly unsafe record struct AttentionCoreMatrix(nint Start, int Row, int Column)
{
    public AttentionCoreMatrix(float* start, int row, int column)
        : this((nint)start, row, column)
    {
    }

    /// <summary>The matrix with rows and columns exchanged.</summary>
    public AttentionCoreMatrix Transposed => new(Start, Column, Row);

    /// <summary>The same matrix from a row on.</summary>
    public AttentionCoreMatrix From(int row) => this with { Start = (nint)At(row, 0) };

    public float* At(int row, int column) => (float*)Start + (long)row * Row + (long)column * Column;
}
