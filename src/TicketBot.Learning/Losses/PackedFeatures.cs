using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Losses;

/// <summary>Samples side by side without tiles, <c>[features][stride]</c>, zero beyond the last: the form in which pairs of samples meet. Grows to the largest
/// set seen, then allocates nothing.</summary>
internal sealed unsafe class PackedFeatures
{
    private TileBuffer _buffer = new(0);
    private TileBuffer _row = new(0);

    public float* Pointer => _buffer.Pointer;

    public int Count { get; private set; }

    /// <summary>Samples rounded up to 16.</summary>
    public int Lanes { get; private set; }

    /// <summary>An odd number of cache lines, so that the rows of a column do not compete for one cache set.</summary>
    public int Stride { get; private set; }

    public Span<float> RowSpan => new(_row.Pointer, Lanes);

    /// <summary>Room for one row.</summary>
    public float* Row => _row.Pointer;

    public void Reserve(int features, int count)
    {
        Count = count;
        Lanes = Tile.RoundUp(count);
        Stride = (Lanes & Tile.LaneGroup) != 0 ? Lanes : Lanes + Tile.LaneGroup;
        if (_buffer.Length < features * Stride)
        {
            _buffer = new TileBuffer(checked(features * Stride));
        }

        if (_row.Length < Stride)
        {
            _row = new TileBuffer(Stride);
        }

        _buffer.Span[..(features * Stride)].Clear();
    }

    /// <summary>Takes samples of a flow, from <paramref name="first"/> on.</summary>
    public void Fill(Flow flow, int first, int count)
    {
        int features = flow.Shape.Rows;
        Reserve(features, count);
        for (int i = 0; i < count; i++)
        {
            float* from = flow.Values((first + i) / Tile.Width) + (first + i) % Tile.Width;
            for (int c = 0; c < features; c++)
            {
                Pointer[c * Stride + i] = from[c * Tile.Width];
            }
        }
    }

    /// <summary>Takes rows <c>[count, features]</c> at lane <paramref name="first"/>, after <see cref="Reserve"/>.</summary>
    public void Put(ReadOnlySpan<float> rows, int features, int first)
    {
        for (int i = 0; i < rows.Length / features; i++)
        {
            for (int c = 0; c < features; c++)
            {
                Pointer[c * Stride + first + i] = rows[i * features + c];
            }
        }
    }

    /// <summary>Adds one number per sample times <paramref name="scale"/> to the gradient of one feature of a flow; parts below the floor are zero.</summary>
    public void AddRow(float* row, Flow flow, int feature, int first, float scale)
    {
        for (int i = 0; i < Count; i++)
        {
            float g = row[i] * scale;
            if (!(MathF.Abs(g) < SoftmaxCrossEntropy.GradientFloor))
            {
                flow.Gradient((first + i) / Tile.Width)[feature * Tile.Width + (first + i) % Tile.Width] += g;
            }
        }
    }
}
