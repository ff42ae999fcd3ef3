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

    // Costs in hundredths of a nanosecond, measured on Zen 3 from 24 x 2 to 512 x 512; only their ratios matter, and they never change a bit.
    private const long DenseStep = 45; // 16 outputs, one input, weights in the first cache
    private const long DenseStepFar = 75; // in the second
    private const long DenseStepFarther = 120;
    private const long Latency = 125; // one fused multiply-add after another
    private const long WindowStep = 95; // one step of one slice
    private const long WindowSlice = 700;
    private const long ListWeight = 75;
    private const long ListWeightFar = 115;
    private const long ListRow = 250;
    private const int FirstCache = 8192; // floats
    private const int SecondCache = 131_072;

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
    /// <param name="hasZeroInputs">True if many inputs can be expected to be zero, as behind a ReLU.</param>
    public static RowMatrix Pack(PackedRow[] rows, int columns, KernelForm form, bool hasZeroInputs = false)
    {
        var windows = new WindowMatrix(rows, columns, form);
        long filled = rows.LongCount(row => row.Columns.Length > 0);
        long steps = (rows.Length + RowGroup - 1L) / RowGroup * columns;
        long floats = steps * RowGroup;
        long dense = Math.Max(columns * Latency, steps * (floats <= FirstCache ? DenseStep : floats <= SecondCache ? DenseStepFar : DenseStepFarther));
        long window = windows.Steps * (windows.Slices == 1 ? Latency : WindowStep) + windows.Slices * WindowSlice;
        long list = windows.Count * (windows.Count * 2 <= FirstCache ? ListWeight : ListWeightFar) + filled * ListRow;
        return dense <= Math.Min(window, list) ? new DenseMatrix(rows, columns, hasZeroInputs, form)
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
