using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Sparse;

/// <summary>All weights, the missing ones as zeros, in panels of outputs.</summary>
internal sealed unsafe class DenseMatrix : RowMatrix
{
    private readonly TileBuffer _panels;
    private readonly int _paddedRows;
    private readonly KernelForm _form;

    public DenseMatrix(PackedRow[] rows, int columns, KernelForm form)
        : base(rows.Length, columns, rows.Sum(row => row.Columns.Length))
    {
        _form = form;
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

    public override void Multiply(float* x, float* start, float* y) => RowProductDense.Run(_panels.Pointer, x, start, y, _paddedRows, Columns, _form);
}
