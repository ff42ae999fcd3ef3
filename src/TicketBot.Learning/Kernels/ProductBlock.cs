namespace TicketBot.Learning.Kernels;

/// <summary>What the row kernels of a product share: operands as in <see cref="TileProduct.Run"/>, for one block of k.</summary>
internal unsafe struct ProductBlock
{
    public float* A;
    public nint RowStride;
    public nint InnerStride;
    public float* X;
    public nint XStride;
    public float* Start;
    public float* C;
    public nint CStride;
    public int Rows;
    public int Inner;

    /// <summary>At most <paramref name="length"/> of the k from <paramref name="done"/> on; after the first block the sums continue from C.</summary>
    public readonly ProductBlock From(int done, int length) => this with
    {
        A = A + done * InnerStride,
        X = X + done * XStride,
        Start = done == 0 ? Start : null,
        Inner = Math.Min(length, Inner - done),
    };
}
