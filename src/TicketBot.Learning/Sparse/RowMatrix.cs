using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Sparse;

/// <summary>Surviving weights packed for products with one row of inputs, y = start + W x, in the form that the measured costs favour for their shape
/// and density. All forms give the same bits.</summary>
internal abstract unsafe class RowMatrix
{
    /// <summary>Outputs are written in whole groups of so many; what lies behind the last output up to there is overwritten.</summary>
    public const int RowGroup = 16;

    /// <summary>Floats behind the last input that a product may read, without using them.</summary>
    public const int ReadAhead = 32;

    // Costs in tenths of a nanosecond, measured on Zen 3 at 24 to 512 inputs; only their ratios matter.
    private const long DenseStep = 4; // 16 outputs, one input
    private const long WindowStep = 5; // one step of one slice
    private const long WindowSlice = 60;
    private const long ListWeight = 4;
    private const long ListRow = 15;

    protected RowMatrix(int rows, int columns, int count)
    {
        Rows = rows;
        Columns = columns;
        Count = count;
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Surviving weights, which is the number of multiply-adds that matter.</summary>
    public int Count { get; }

    /// <summary>Packs the rows in the form of least estimated cost.</summary>
    /// <param name="rows">Per output its weights with inputs ascending.</param>
    /// <param name="columns">Inputs.</param>
    /// <param name="form">Form of the kernels.</param>
    public static RowMatrix Pack(PackedRow[] rows, int columns, KernelForm form)
    {
        var windows = new WindowMatrix(rows, columns, form);
        long filled = rows.LongCount(row => row.Columns.Length > 0);
        long dense = (rows.Length + RowGroup - 1) / RowGroup * columns * DenseStep;
        long window = windows.Steps * WindowStep + windows.Slices * WindowSlice;
        long list = windows.Count * ListWeight + filled * ListRow;
        return dense <= Math.Min(window, list) ? new DenseMatrix(rows, columns, form)
            : window <= list ? windows
            : new ListMatrix(rows, columns);
    }

    /// <summary>y = start + W x. Start and y have room for the rows rounded up to <see cref="RowGroup"/> and may be one; x may be read
    /// <see cref="ReadAhead"/> floats past its end.</summary>
    public abstract void Multiply(float* x, float* start, float* y);

    protected static void CopyStart(float* start, float* y, int rows)
    {
        if (start != y)
        {
            new ReadOnlySpan<float>(start, rows).CopyTo(new Span<float>(y, rows));
        }
    }
}
