using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Sparse;

/// <summary>All weights, the missing ones as zeros, in panels of outputs. Inputs that are zero are left out where many can be expected.</summary>
internal sealed unsafe class DenseMatrix : RowMatrix
{
    // Below so many outputs finding the zeros costs more than leaving them out saves.
    private const int FewestRowsToSkip = 48;

    private readonly TileBuffer _panels;
    private readonly int[] _order;
    private readonly int _paddedRows;
    private readonly bool _skipsZeros;
    private readonly KernelForm _form;

    public DenseMatrix(PackedRow[] rows, int columns, bool hasZeroInputs, KernelForm form)
        : base(rows.Length, columns, rows.Sum(row => row.Columns.Length))
    {
        _form = form;
        _skipsZeros = hasZeroInputs && rows.Length >= FewestRowsToSkip;
        _order = [.. Enumerable.Range(0, columns), 0];
        _paddedRows = (rows.Length + RowGroup - 1) / RowGroup * RowGroup;
        _panels = new TileBuffer(_paddedRows * columns);
        float* panel = _panels.Pointer;
        for (int first = 0; first < _paddedRows;)
        {
            int width = RowProductDense.PanelAt(first, _paddedRows);
            for (int lane = 0; lane < Math.Min(width, rows.Length - first); lane++)
            {
                PackedRow row = rows[first + lane];
                for (int i = 0; i < row.Columns.Length; i++)
                {
                    panel[(long)row.Columns[i] * width + lane] = row.Values[i];
                }
            }

            panel += (long)width * columns;
            first += width;
        }
    }

    public override void Multiply(float* x, float* start, float* y)
    {
        fixed (int* order = _order)
        {
            int count = _skipsZeros ? RowProductDense.NonZeros(x, Columns, order) : Columns;
            RowProductDense.Run(_panels.Pointer, x, start, y, _paddedRows, Columns, order, count, _form);
        }
    }
}
