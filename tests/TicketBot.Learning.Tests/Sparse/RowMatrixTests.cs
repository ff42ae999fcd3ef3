using System.Runtime.InteropServices;
using TicketBot.Learning.Kernels;
using TicketBot.Learning.Sparse;

namespace TicketBot.Learning.Tests.Sparse;

/// <summary>Every packed form, in every kernel form, gives the bits of the plain loop: start, plus products with inputs ascending, each rounded once. The windows
/// of sixteen rows run here through their plain twin where the machine has no such registers, and through them where it has.</summary>
public unsafe class RowMatrixTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_packing_has_the_bits_of_the_plain_loop(int formNumber)
    {
        var form = (KernelForm)formNumber;
        var rng = new Rng(5);
        foreach (int rows in (int[])[1, 7, 8, 9, 16, 31, 33, 48, 64, 100, 129])
        {
            foreach (int columns in (int[])[0, 1, 7, 8, 9, 31, 33, 70, 1003])
            {
                foreach (double density in (double[])[0.0, 0.03, 0.3, 1.0])
                {
                    PackedRow[] packed = Draw(rows, columns, density, ref rng);
                    var x = new TileBuffer(columns + RowMatrix.ReadAhead);
                    var start = new TileBuffer(rows + RowMatrix.RowGroup);
                    Fill(x.Span[..columns], ref rng);
                    Fill(start.Span[..rows], ref rng);
                    float[] expected = Plain(packed, x.Span, start.Span);
                    RowMatrix[] forms = [new DenseMatrix(packed, columns, hasZeroInputs: true, form), new DenseMatrix(packed, columns, hasZeroInputs: false, form), new WindowMatrix(packed, columns, form), new ListMatrix(packed, columns), RowMatrix.Pack(packed, columns, form)];
                    foreach (RowMatrix matrix in forms)
                    {
                        var y = new TileBuffer(rows + RowMatrix.RowGroup);
                        matrix.Multiply(x.Pointer, start.Pointer, y.Pointer);
                        string what = $"{matrix.GetType().Name}, {form}, {rows} x {columns}, density {density}";
                        Assert.True(MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes(y.Span[..rows])), what);
                        // In place: the sums continue what stands there.
                        start.Span.CopyTo(y.Span);
                        matrix.Multiply(x.Pointer, y.Pointer, y.Pointer);
                        Assert.True(MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes(y.Span[..rows])), what + ", in place");
                        Assert.Equal(packed.Sum(row => row.Columns.Length), matrix.Count);
                    }
                }
            }
        }
    }

    [Fact]
    public void Windows_of_sixteen_rows_need_fewer_steps_than_half_of_those_of_eight()
    {
        var rng = new Rng(6);
        PackedRow[] rows = Draw(512, 512, 0.1, ref rng);
        var eight = new WindowMatrix(rows, 512, KernelForm.Vector256);
        var sixteen = new WindowMatrix(rows, 512, KernelForm.Vector512);
        // A step of eight rows that wasted nothing would add eight products.
        Assert.InRange(eight.Steps, eight.Count / 8, eight.Count / 3);
        Assert.InRange(sixteen.Steps, sixteen.Count / 16, eight.Steps / 2);
    }

    [Fact]
    public void The_packing_follows_shape_and_density()
    {
        var rng = new Rng(7);
        Assert.IsType<DenseMatrix>(RowMatrix.Pack(Draw(512, 512, 1.0, ref rng), 512, KernelForm.Vector256));
        Assert.IsType<WindowMatrix>(RowMatrix.Pack(Draw(512, 512, 0.1, ref rng), 512, KernelForm.Vector256));
        Assert.IsType<ListMatrix>(RowMatrix.Pack(Draw(2, 256, 0.05, ref rng), 256, KernelForm.Vector256));
    }

    private static PackedRow[] Draw(int rows, int columns, double density, ref Rng rng)
    {
        var packed = new PackedRow[rows];
        for (int r = 0; r < rows; r++)
        {
            var at = new List<int>();
            var values = new List<float>();
            for (int c = 0; c < columns; c++)
            {
                if (rng.NextDouble() < density)
                {
                    at.Add(c);
                    values.Add((float)rng.NextGaussian());
                }
            }

            packed[r] = new PackedRow([.. at], [.. values]);
        }

        return packed;
    }

    // Some inputs are zero, as behind a ReLU.
    private static void Fill(Span<float> values, ref Rng rng)
    {
        foreach (ref float value in values)
        {
            value = rng.NextInt(3) == 0 ? 0f : (float)rng.NextGaussian();
        }
    }

    private static float[] Plain(PackedRow[] rows, ReadOnlySpan<float> x, ReadOnlySpan<float> start)
    {
        float[] y = new float[rows.Length];
        for (int r = 0; r < rows.Length; r++)
        {
            y[r] = start[r];
            for (int i = 0; i < rows[r].Columns.Length; i++)
            {
                y[r] = MathF.FusedMultiplyAdd(rows[r].Values[i], x[rows[r].Columns[i]], y[r]);
            }
        }

        return y;
    }
}
