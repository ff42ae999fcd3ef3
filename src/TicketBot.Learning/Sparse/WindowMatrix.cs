using System.Runtime.InteropServices;
using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Sparse;

/// <summary>Rows packed for <see cref="RowProductWindow"/>. Rows of similar length share a slice; a step's window begins at the smallest input that any lane
/// of the slice has still to add, and every lane whose next input lies in the window takes it.</summary>
internal sealed unsafe class WindowMatrix : RowMatrix
{
    private readonly record struct Slice(int[] Rows, List<int> Bases, List<byte> Offsets, List<float> Values);

    private readonly record struct Run(int FirstEntry, int Slices, int Steps);

    private readonly int _lanes;
    private readonly KernelForm _form;
    private readonly int[] _targets;
    private readonly Run[] _runs;
    private readonly TileBuffer _values;
    private readonly byte[] _offsets;
    private readonly int[] _bases;
    private readonly TileBuffer _sums;

    public WindowMatrix(PackedRow[] rows, int columns, KernelForm form)
        : base(rows.Length, columns, rows.Sum(row => row.Columns.Length))
    {
        _form = form;
        _lanes = RowProductWindow.LanesOf(form);
        int[] order = [.. Enumerable.Range(0, rows.Length).Where(row => rows[row].Columns.Length > 0).OrderByDescending(row => rows[row].Columns.Length)];
        Slice[] slices = [.. order.Chunk(_lanes).Select(chunk => Cut(chunk, rows, columns, _lanes)).OrderByDescending(slice => slice.Bases.Count)];
        Slices = slices.Length;
        var runs = new List<Run>();
        var bases = new List<int>();
        var offsets = new List<byte>();
        var values = new List<float>();
        for (int first = 0; first < slices.Length;)
        {
            // A last group of two or three is filled up: alone, each of its slices would wait for its own sums.
            int count = slices.Length - first == 1 ? 1 : RowProductWindow.Group;
            int steps = slices[first].Bases.Count;
            runs.Add(new Run(bases.Count, count, steps));
            for (int step = 0; step < steps; step++)
            {
                for (int i = first; i < first + count; i++)
                {
                    bool ended = i >= slices.Length || step >= slices[i].Bases.Count;
                    bases.Add(ended ? 0 : slices[i].Bases[step]);
                    offsets.AddRange(ended ? new byte[_lanes] : CollectionsMarshal.AsSpan(slices[i].Offsets).Slice(step * _lanes, _lanes));
                    values.AddRange(ended ? new float[_lanes] : CollectionsMarshal.AsSpan(slices[i].Values).Slice(step * _lanes, _lanes));
                }
            }

            first += count;
        }

        _runs = [.. runs];
        _bases = [.. bases];
        _offsets = [.. offsets];
        _values = new TileBuffer(values.Count);
        CollectionsMarshal.AsSpan(values).CopyTo(_values.Span);
        _sums = new TileBuffer(RowProductWindow.Group * _lanes);
        _targets = TargetsOf(slices, runs);
    }

    /// <summary>Slices of 8 or 16 rows that have weights.</summary>
    public int Slices { get; }

    /// <summary>Steps of all slices, padding included.</summary>
    public int Steps => _bases.Length;

    public override void Multiply(float* x, float* start, float* y)
    {
        CopyStart(start, y, Rows);
        float* sums = _sums.Pointer;
        fixed (int* targets = _targets, bases = _bases)
        {
            fixed (byte* offsets = _offsets)
            {
                int* target = targets;
                foreach (Run run in _runs)
                {
                    int lanes = run.Slices * _lanes;
                    for (int lane = 0; lane < lanes; lane++)
                    {
                        sums[lane] = y[target[lane]];
                    }

                    RowProductWindow.Run(_values.Pointer + (long)run.FirstEntry * _lanes, offsets + (long)run.FirstEntry * _lanes, bases + run.FirstEntry, x, sums, run.Slices, run.Steps, _lanes, _form);
                    for (int lane = lanes - 1; lane >= 0; lane--)
                    {
                        y[target[lane]] = sums[lane];
                    }

                    target += lanes;
                }
            }
        }
    }

    // A lane without a row names the first row of its group, which is written after it.
    private int[] TargetsOf(Slice[] slices, List<Run> runs)
    {
        var targets = new List<int>();
        int first = 0;
        foreach (Run run in runs)
        {
            for (int lane = 0; lane < run.Slices * _lanes; lane++)
            {
                int slice = first + lane / _lanes;
                int[] rows = slice < slices.Length ? slices[slice].Rows : [];
                targets.Add(lane % _lanes < rows.Length ? rows[lane % _lanes] : slices[first].Rows[0]);
            }

            first += run.Slices;
        }

        return [.. targets];
    }

    private static Slice Cut(int[] chunk, PackedRow[] rows, int columns, int lanes)
    {
        int window = RowProductWindow.WindowOf(lanes);
        var slice = new Slice(chunk, [], [], []);
        int[] next = new int[chunk.Length];
        while (true)
        {
            int first = int.MaxValue;
            for (int lane = 0; lane < chunk.Length; lane++)
            {
                int[] inputs = rows[chunk[lane]].Columns;
                first = next[lane] < inputs.Length ? Math.Min(first, inputs[next[lane]]) : first;
            }

            if (first == int.MaxValue)
            {
                return slice;
            }

            first = Math.Min(first, Math.Max(0, columns - window));
            slice.Bases.Add(first);
            for (int lane = 0; lane < lanes; lane++)
            {
                PackedRow row = lane < chunk.Length ? rows[chunk[lane]] : PackedRow.Empty;
                bool takes = lane < chunk.Length && next[lane] < row.Columns.Length && row.Columns[next[lane]] < first + window;
                slice.Offsets.Add(takes ? (byte)(row.Columns[next[lane]] - first) : (byte)0);
                slice.Values.Add(takes ? row.Values[next[lane]++] : 0f);
            }
        }
    }
}
