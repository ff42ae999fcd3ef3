using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>The surviving weights of a masked matrix, packed: values and gradients one after another by rows, columns ascending, and the same places
/// once more by columns for the way back. While it lives it is the truth; the parameter's own arrays are pictures of it, drawn when somebody asks.
/// <para>Whoever asks for the picture of the values may have written into it, so the next use reads the survivors back from it. Nothing written is
/// lost, and nothing outside the mask is taken over.</para></summary>
internal sealed unsafe class SparseWeights
{
    private readonly float[] _pictureOfValues;
    private readonly float[] _pictureOfGradient;
    private readonly TileBuffer _values;
    private readonly TileBuffer _gradient;
    private readonly TileBuffer _scratch = new(SparseProductGradient.ScratchLength);
    private readonly int _columns;
    private readonly int[] _places;
    private readonly SparseRows _byRows;
    private readonly SparseRows _byColumns;
    private readonly List<int[]> _pinned = [];
    private bool _valuesAreAhead;
    private bool _valuesWereShown = true;
    private bool _gradientIsAhead;

    /// <summary>Packs the survivors of a matrix.</summary>
    /// <param name="values">The parameter's values <c>[rows][columns]</c>, read now and drawn upon later.</param>
    /// <param name="gradient">The parameter's gradient, drawn upon later.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="mask">True where a weight survives.</param>
    public SparseWeights(float[] values, float[] gradient, int columns, ReadOnlySpan<bool> mask)
    {
        _pictureOfValues = values;
        _pictureOfGradient = gradient;
        _columns = columns;
        int rows = mask.Length / columns;
        Count = mask.Count(true);
        _values = new TileBuffer(Padded(Count));
        _gradient = new TileBuffer(Padded(Count));
        _places = new int[Count];
        int* rowStarts = Pinned(rows + 1);
        int* sourceColumns = Pinned(Count);
        int* columnStarts = Pinned(columns + 1);
        int* sourceRows = Pinned(Count);
        int* order = Pinned(Count);
        for (int i = 0, j = 0; i < mask.Length; i++)
        {
            if (mask[i])
            {
                _places[j] = i;
                sourceColumns[j++] = i % columns * Tile.Width;
                rowStarts[i / columns + 1] = j;
                columnStarts[i % columns + 1]++;
            }
        }

        for (int r = 0; r < rows; r++)
        {
            rowStarts[r + 1] = Math.Max(rowStarts[r], rowStarts[r + 1]);
        }

        for (int c = 0; c < columns; c++)
        {
            columnStarts[c + 1] += columnStarts[c];
        }

        int[] next = new ReadOnlySpan<int>(columnStarts, columns).ToArray();
        for (int j = 0; j < Count; j++)
        {
            int entry = next[_places[j] % columns]++;
            sourceRows[entry] = _places[j] / columns * Tile.Width;
            order[entry] = j;
        }

        _byRows = Ordered(rowStarts, sourceColumns, null, rows);
        _byColumns = Ordered(columnStarts, sourceRows, order, columns);
    }

    /// <summary>Surviving weights.</summary>
    public int Count { get; }

    /// <summary>Index in the dense matrix of each survivor, ascending.</summary>
    public ReadOnlySpan<int> Places => _places;

    /// <summary>Gradient of each survivor.</summary>
    public float* Gradient => _gradient.Pointer;

    /// <summary>The survivors, to be read.</summary>
    public float* Values
    {
        get
        {
            if (_valuesWereShown)
            {
                TakeValues();
            }

            return _values.Pointer;
        }
    }

    /// <summary>The survivors, to be changed by an update.</summary>
    public float* ValuesToUpdate
    {
        get
        {
            float* values = Values;
            _valuesAreAhead = true;
            return values;
        }
    }

    /// <summary>y = start + W x; returns the multiply-adds per lane.</summary>
    public long Forward(float* x, float* start, float* y, int lanes, KernelForm form) =>
        SparseProduct.Run(_byRows, Values, x, start, y, lanes, form);

    /// <summary>dx = dx + W' dy; returns the multiply-adds per lane.</summary>
    public long InputGradient(float* dy, float* dx, int lanes, KernelForm form) =>
        SparseProduct.Run(_byColumns, Values, dy, null, dx, lanes, form);

    public void BeginGradient()
    {
        _gradient.Span.Clear();
        _gradientIsAhead = true;
    }

    /// <summary>dW = dW + dy x' over the lanes of the tile, of which those without a sample have dy = 0; returns the multiply-adds per lane.</summary>
    public long WeightGradient(float* x, float* dy, int lanes, KernelForm form)
    {
        _gradientIsAhead = true;
        return SparseProductGradient.Run(_byRows, Count, x, dy, Gradient, _scratch.Pointer, lanes, form);
    }

    /// <summary>Brings the parameter's values up to date; what is outside the mask becomes +0.</summary>
    public void ShowValues()
    {
        if (_valuesAreAhead)
        {
            Spread(_values.Span[..Count], _pictureOfValues);
            _valuesAreAhead = false;
        }

        _valuesWereShown = true;
    }

    /// <summary>Brings the parameter's gradient up to date; what is outside the mask becomes +0.</summary>
    public void ShowGradient()
    {
        if (_gradientIsAhead)
        {
            Spread(_gradient.Span[..Count], _pictureOfGradient);
            _gradientIsAhead = false;
        }
    }

    /// <summary>Writes packed values to their places in a dense array and +0 everywhere else.</summary>
    public void Spread(ReadOnlySpan<float> packed, Span<float> dense)
    {
        dense.Clear();
        for (int j = 0; j < _places.Length; j++)
        {
            dense[_places[j]] = packed[j];
        }
    }

    /// <summary>Takes the survivors' values out of a dense array.</summary>
    public void Collect(ReadOnlySpan<float> dense, Span<float> packed)
    {
        for (int j = 0; j < _places.Length; j++)
        {
            packed[j] = dense[_places[j]];
        }
    }

    private static int Padded(int count) => (count + 7) & ~7;

    private void TakeValues()
    {
        Collect(_pictureOfValues, _values.Span);
        _valuesWereShown = false;
        // Whatever was written outside the mask disappears from the picture when it is drawn next.
        _valuesAreAhead = true;
    }

    // Those without entries come first, so that a product which continues can skip them.
    private SparseRows Ordered(int* starts, int* sources, int* order, int count)
    {
        int dead = 0;
        for (int t = 0; t < count; t++)
        {
            dead += starts[t] == starts[t + 1] ? 1 : 0;
        }

        int* targets = Pinned(count);
        int nextDead = 0;
        int nextLive = dead;
        for (int t = 0; t < count; t++)
        {
            targets[starts[t] == starts[t + 1] ? nextDead++ : nextLive++] = t;
        }

        return new SparseRows(targets, starts, sources, order, count, dead);
    }

    private int* Pinned(int length)
    {
        int[] array = GC.AllocateArray<int>(Math.Max(length, 1), pinned: true);
        _pinned.Add(array);
        return (int*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref array[0]);
    }
}
