using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>The values between two layers and their gradients: <c>[tile][step][channel][64]</c>. Zero rows may lie before step 0 of each tile, so that
/// a causal convolution reads its padding like any other step. A view shows the same memory in another shape.</summary>
internal sealed unsafe class Flow
{
    private readonly Flow? _parent;
    private TileBuffer _values = new(0);
    private TileBuffer _gradient = new(0);
    private int _leadingRows;
    private int _tiles;
    private bool _wantsGradient = true;

    public Flow(LayerShape shape) => Shape = shape;

    private Flow(Flow parent, LayerShape shape)
    {
        _parent = parent;
        Shape = shape;
    }

    public LayerShape Shape { get; }

    /// <summary>False where no trainable layer lies before, so that nobody reads the gradient.</summary>
    public bool WantsGradient
    {
        get => _parent?.WantsGradient ?? _wantsGradient;
        set
        {
            if (_parent is null)
            {
                _wantsGradient = value;
            }
            else
            {
                _parent.WantsGradient = value;
            }
        }
    }

    private int Stride => (_leadingRows + Shape.Rows) * Tile.Width;

    /// <summary>Returns the same values in another shape of equal size.</summary>
    public Flow As(LayerShape shape) => shape.Rows == Shape.Rows
        ? new Flow(this, shape)
        : throw new ArgumentException($"expected a shape of {Shape.Rows} rows, found {shape}");

    /// <summary>Asks for zero rows before step 0; to be called before <see cref="Reserve"/>.</summary>
    public void RequireLeadingRows(int rows)
    {
        if (_parent is not null)
        {
            _parent.RequireLeadingRows(rows);
            return;
        }

        _leadingRows = Math.Max(_leadingRows, rows);
    }

    /// <summary>Makes room for so many tiles.</summary>
    public void Reserve(int tiles)
    {
        if (_parent is not null)
        {
            _parent.Reserve(tiles);
            return;
        }

        if (tiles > _tiles)
        {
            _values = new TileBuffer(tiles * Stride);
            _tiles = tiles;
        }

        if (WantsGradient && _gradient.Length < _tiles * Stride)
        {
            _gradient = new TileBuffer(_tiles * Stride);
        }
    }

    /// <summary>Step 0 of a tile.</summary>
    public float* Values(int tile) => _parent is not null ? _parent.Values(tile) : _values.Pointer + (long)tile * Stride + _leadingRows * Tile.Width;

    /// <summary>Gradient of the loss by <see cref="Values"/>; leading rows collect what nobody reads.</summary>
    public float* Gradient(int tile) => _parent is not null ? _parent.Gradient(tile) : _gradient.Pointer + (long)tile * Stride + _leadingRows * Tile.Width;

    public void ClearGradient(int tiles)
    {
        if (_parent is null && WantsGradient)
        {
            new Span<float>(_gradient.Pointer, tiles * Stride).Clear();
        }
    }
}
