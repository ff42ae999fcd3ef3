using System.Runtime.InteropServices;
using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Tests.Reference;

namespace TicketBot.Learning.Tests.Layers;

/// <summary>A packed matrix gives the bits of the masked dense one, in every form and at every lane count, however often it is used in a pass; its weight
/// gradients are those of plain loops in the stated order.</summary>
public unsafe class WeightMatrixTests
{
    private const int Uses = 3;

    public static TheoryData<int, int, double, int> Shapes => new()
    {
        { 1, 1, 1.0, 1 },
        { 5, 7, 0.5, 16 },
        { 9, 24, 0.2, 17 },
        { 33, 65, 0.1, 48 },
        { 64, 128, 0.1, 64 },
        { 130, 70, 0.45, 64 },
        { 3, 400, 0.9, 64 },
        { 250, 300, 0.02, 64 },
        { 200, 200, 0.5, 10 },
        { 3, 400, 0.9, 30 },
        { 40, 40, 0.0, 64 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Outputs_and_input_gradients_are_those_of_the_masked_dense_matrix(int rows, int columns, double density, int count)
    {
        (WeightMatrix dense, WeightMatrix packed, _) = Draw(rows, columns, density);
        int lanes = Tile.RoundUp(count);
        foreach (KernelForm form in Enum.GetValues<KernelForm>())
        {
            float[][] expected = Run(dense, count, lanes, KernelForm.Scalar, continues: false);
            float[][] actual = Run(packed, count, lanes, form, continues: false);
            AssertSameBits(expected[0], actual[0]);
            AssertSameBits(expected[1], actual[1]);
            AssertSameBits(Run(dense, count, lanes, KernelForm.Scalar, continues: true)[0], Run(packed, count, lanes, form, continues: true)[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Weight_gradients_are_those_of_plain_loops(int rows, int columns, double density, int count)
    {
        (_, WeightMatrix packed, bool[] mask) = Draw(rows, columns, density);
        int lanes = Tile.RoundUp(count);
        float[] expected = new float[rows * columns];
        for (int use = 0; use < Uses; use++)
        {
            (float[] x, float[] dy) = Tiles(rows, columns, count, use);
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] += mask[i] ? PlainSums.LaneTree(dy.AsSpan(i / columns * 64, lanes), x.AsSpan(i % columns * 64, lanes)) : 0f;
            }
        }

        foreach (KernelForm form in Enum.GetValues<KernelForm>())
        {
            AssertSameBits(expected, Run(packed, count, lanes, form, continues: false)[2]);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Multiply_adds_are_the_survivors_times_the_uses(int rows, int columns, double density, int count)
    {
        foreach (KernelForm form in Enum.GetValues<KernelForm>())
        {
            (WeightMatrix dense, WeightMatrix packed, bool[] mask) = Draw(rows, columns, density);
            Run(packed, count, Tile.RoundUp(count), form, continues: false);
            Run(dense, count, Tile.RoundUp(count), form, continues: false);
            long survivors = Uses * mask.Count(live => live);
            Assert.Equal((survivors, survivors, survivors), (packed.Work.Forward, packed.Work.InputGradient, packed.Work.WeightGradient));
            Assert.Equal(Uses * rows * columns, dense.Work.Forward);
        }
    }

    [Fact]
    public void Where_nothing_survives_nothing_is_touched()
    {
        (_, WeightMatrix packed, _) = Draw(20, 30, 0.0);
        foreach (KernelForm form in Enum.GetValues<KernelForm>())
        {
            // A read or write of any row would fail.
            packed.Forward(null, null, null, 64, form);
            packed.InputGradient(null, null, 64, form);
            packed.WeightGradient(null, null, 0, null, 64, form);
        }

        Assert.Equal(0, packed.Work.Forward + packed.Work.InputGradient + packed.Work.WeightGradient);
    }

    // Forward outputs, input gradients and the weight gradient after several uses on different tiles.
    private static float[][] Run(WeightMatrix matrix, int count, int lanes, KernelForm form, bool continues)
    {
        var outputs = new List<float>();
        var inputGradients = new List<float>();
        var inputRows = new TransposedRows(matrix.Columns);
        float[] start = Normal(matrix.Rows, 50);
        matrix.BeginGradient();
        for (int use = 0; use < Uses; use++)
        {
            (float[] x, float[] dy) = Tiles(matrix.Rows, matrix.Columns, count, use);
            float[] y = Normal(matrix.Rows * 64, 60);
            float[] dx = Normal(matrix.Columns * 64, 70);
            fixed (float* px = x, pdy = dy, py = y, pdx = dx, ps = start)
            {
                matrix.Forward(px, continues ? null : ps, py, lanes, form);
                matrix.InputGradient(pdy, pdx, lanes, form);
                if (matrix.NeedsTransposedInput)
                {
                    inputRows.Fill(px, matrix.Columns, count);
                }

                matrix.WeightGradient(px, inputRows.Pointer, inputRows.Stride, pdy, count, form);
            }

            outputs.AddRange(y);
            inputGradients.AddRange(dx);
        }

        matrix.FinishGradient();
        return [[.. outputs], [.. inputGradients], (float[])matrix.Parameter.Gradient.Clone()];
    }

    private static (WeightMatrix Dense, WeightMatrix Packed, bool[] Mask) Draw(int rows, int columns, double density)
    {
        var rng = new Rng(7);
        bool[] mask = [.. Enumerable.Range(0, rows * columns).Select(i => i < density * rows * columns)];
        rng.Shuffle(mask.AsSpan());
        Parameter dense = LayerCheck.DrawParameter("w", rows, columns, ParameterKind.Weight, ref rng);
        Parameter packed = new(dense.Shape);
        for (int i = 0; i < mask.Length; i++)
        {
            packed.Values[i] = dense.Values[i];
            dense.Values[i] = mask[i] ? dense.Values[i] : 0f;
        }

        packed.Pack(mask);
        return (new WeightMatrix(dense), new WeightMatrix(packed), mask);
    }

    private static (float[] X, float[] Dy) Tiles(int rows, int columns, int count, int use)
    {
        float[] x = Normal(columns * 64, (ulong)(10 + use));
        float[] dy = Normal(rows * 64, (ulong)(20 + use));
        for (int i = 0; i < dy.Length; i++)
        {
            dy[i] = i % 64 < count ? dy[i] : 0f;
        }

        return (x, dy);
    }

    private static float[] Normal(int count, ulong seed)
    {
        var rng = new Rng(seed);
        float[] values = new float[count];
        foreach (ref float value in values.AsSpan())
        {
            value = (float)rng.NextGaussian();
        }

        return values;
    }

    private static void AssertSameBits(float[] expected, float[] actual) =>
        Assert.True(MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(actual)));
}
