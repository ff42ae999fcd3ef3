using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>The surviving weights of a masked matrix, packed: values and gradients one after another by blocks of columns and in them by rows,
/// and the same places once more by blocks of rows and in them by columns for the way back. While it lives it is the truth; the parameter's own arrays are pictures of it, drawn when somebody asks.
/// <para>Whoever asks for the picture of the values may have written into it, so the next use reads the survivors back from it. Nothing written is
/// lost, and nothing outside the mask is taken over.</para></summary>
internal sealed unsafe class SparseWeights
{
    /// <summary>Source rows of a run: 24 KB of a tile, which leaves room for the target in a first-level cache of 32 KB. Changes no bit, only speed.</summary>
    private const int SourcesAtOnce = 96;

    private readonly float[] _pictureOfValues;
    private readonly float[] _pictureOfGradient;
    private readonly TileBuffer _values;
    private readonly TileBuffer _gradient;
    private readonly TileBuffer _scratch = new(SparseProductGradient.ScratchLength);
    private readonly int _columns;
    private readonly int[] _places;
    private readonly int[]? _denseOrder;
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
        int[] indices = new int[mask.Length];
        _byRows = Runs(rows, columns, columns, 1, mask, indices, first: true);
        _byColumns = Runs(columns, rows, 1, columns, mask, indices, first: false);
        for (int i = 0; i < mask.Length; i++)
        {
            if (mask[i])
            {
                _places[indices[i]] = i;
            }
        }

        if (columns > SourcesAtOnce)
        {
            _denseOrder = [.. Enumerable.Range(0, Count).OrderBy(j => _places[j])];
        }
    }

    /// <summary>Surviving weights.</summary>
    public int Count { get; }

    /// <summary>Index in the dense matrix of each survivor.</summary>
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

    /// <summary>Adds the squares of the gradient in the order of the dense matrix.</summary>
    public double AddSquares(double sum)
    {
        for (int i = 0; i < Count; i++)
        {
            float g = Gradient[_denseOrder is null ? i : _denseOrder[i]];
            sum += (double)g * g;
        }

        return sum;
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

    // Cuts the sources into blocks; within a block every target with entries has one run. Sets the indices of the weights or, the second time, uses them.
    private SparseRows Runs(int targets, int sources, int targetStep, int sourceStep, ReadOnlySpan<bool> mask, int[] indices, bool first)
    {
        int blocks = (sources + SourcesAtOnce - 1) / SourcesAtOnce;
        int* runTargets = Pinned(targets * blocks);
        int* ends = Pinned(targets * blocks);
        int* offsets = Pinned(Count);
        int* order = first ? null : Pinned(Count);
        int run = 0;
        int empty = 0;
        int entry = 0;
        for (int from = 0; from < sources; from += SourcesAtOnce)
        {
            int to = Math.Min(from + SourcesAtOnce, sources);
            for (int t = 0; t < targets; t++)
            {
                int begin = entry;
                for (int s = from; s < to; s++)
                {
                    int place = t * targetStep + s * sourceStep;
                    if (!mask[place])
                    {
                        continue;
                    }

                    offsets[entry] = s * Tile.Width;
                    if (first)
                    {
                        indices[place] = entry;
                    }
                    else
                    {
                        order[entry] = indices[place];
                    }

                    entry++;
                }

                if (entry > begin)
                {
                    runTargets[run] = t;
                    ends[run++] = entry;
                }
                else if (from == 0)
                {
                    // The first block names every target; those without entries go before the others.
                    new Span<int>(runTargets + empty, run - empty).CopyTo(new Span<int>(runTargets + empty + 1, run - empty));
                    new Span<int>(ends + empty, run - empty).CopyTo(new Span<int>(ends + empty + 1, run - empty));
                    runTargets[empty] = t;
                    ends[empty++] = 0;
                    run++;
                }
            }
        }

        return new SparseRows(runTargets, ends, offsets, order, run, targets, empty);
    }

    private int* Pinned(int length)
    {
        int[] array = GC.AllocateArray<int>(Math.Max(length, 1), pinned: true);
        _pinned.Add(array);
        return (int*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref array[0]);
    }
}
