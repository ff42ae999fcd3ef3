using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Sparse;

/// <summary>Compressed rows.</summary>
internal sealed unsafe class ListMatrix : RowMatrix
{
    private readonly int[] _targets;
    private readonly int[] _ends;
    private readonly int[] _columns;
    private readonly float[] _values;

    public ListMatrix(PackedRow[] rows, int columns)
        : base(rows.Length, columns, rows.Sum(row => row.Columns.Length))
    {
        _targets = [.. Enumerable.Range(0, rows.Length).Where(row => rows[row].Columns.Length > 0)];
        _columns = [.. _targets.SelectMany(row => rows[row].Columns)];
        _values = [.. _targets.SelectMany(row => rows[row].Values)];
        _ends = new int[_targets.Length];
        int end = 0;
        for (int i = 0; i < _ends.Length; i++)
        {
            _ends[i] = end += rows[_targets[i]].Columns.Length;
        }
    }

    public override void Multiply(float* x, float* start, float* y)
    {
        CopyStart(start, y, Rows);
        fixed (int* targets = _targets, ends = _ends, columns = _columns)
        {
            fixed (float* values = _values)
            {
                RowProductList.Run(targets, ends, columns, values, _targets.Length, x, y);
            }
        }
    }
}
