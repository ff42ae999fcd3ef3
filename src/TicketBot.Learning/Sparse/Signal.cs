using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Sparse;

/// <summary>What a stage hands on for one window, <c>[step][width]</c>, from its step 0 to its last, which always belongs to the window's newest candle. Steps below
/// <see cref="Settled"/> depend on where the window begins and lie in a block that every window writes anew, behind zero rows for convolutions. The
/// others depend on their candles alone: each is computed once, in a strip along which the window slides. Without history every step lies in the block.</summary>
internal sealed unsafe class Signal
{
    private readonly Signal? _parent;
    private readonly int _parentStep;
    private readonly TileBuffer _block;
    private readonly TileBuffer _strip;
    private readonly float* _blockStart;
    private readonly int _capacity;
    private readonly int _borrowed;
    private int _start;

    /// <param name="steps">Steps of the window, at least 1.</param>
    /// <param name="width">Floats of a step.</param>
    /// <param name="settled">First step that does not depend on where the window begins; <paramref name="steps"/> if all do.</param>
    /// <param name="leading">Zero rows before step 0.</param>
    /// <param name="borrowed">Settled steps that are wanted in the block too, behind the others.</param>
    public Signal(int steps, int width, int settled, int leading, int borrowed)
    {
        Steps = steps;
        Width = width;
        Settled = settled;
        _borrowed = Math.Min(borrowed, steps - settled);
        int slack = RowMatrix.RowGroup + RowMatrix.ReadAhead;
        _block = new TileBuffer((leading + settled + _borrowed) * width + slack);
        _blockStart = _block.Pointer + leading * width;
        _capacity = settled < steps ? 2 * steps + 16 : 0;
        _strip = new TileBuffer(_capacity == 0 ? 0 : _capacity * width + slack);
    }

    /// <summary>A view of one step: a step of the parent, and what follows it there.</summary>
    public Signal(Signal parent, int step, int width, int settled)
    {
        _parent = parent;
        _parentStep = step;
        _block = _strip = new TileBuffer(0);
        Steps = 1;
        Width = width;
        Settled = settled;
    }

    public int Steps { get; }

    public int Width { get; }

    public int Settled { get; }

    /// <summary>A step; those before 0 are zeros. The steps that follow lie behind it as far as they were borrowed or are settled too.</summary>
    public float* At(int step) => _parent is not null ? _parent.At(_parentStep + step)
        : step < Settled ? _blockStart + (long)step * Width
        : _strip.Pointer + (long)(_start + step) * Width;

    /// <summary>Moves the window on by one candle.</summary>
    public void Slide()
    {
        if (_capacity == 0)
        {
            return;
        }

        if (_start + Steps + 1 > _capacity)
        {
            int kept = (Steps - 1) * Width;
            new ReadOnlySpan<float>(_strip.Pointer + (long)(_start + 1) * Width, kept).CopyTo(new Span<float>(_strip.Pointer, kept));
            _start = -1;
        }

        _start++;
    }

    /// <summary>Copies the borrowed steps into the block.</summary>
    public void Borrow()
    {
        if (_borrowed > 0)
        {
            int length = _borrowed * Width;
            new ReadOnlySpan<float>(At(Settled), length).CopyTo(new Span<float>(_blockStart + (long)Settled * Width, length));
        }
    }

    /// <summary>Forgets all candles.</summary>
    public void Clear()
    {
        _strip.Span.Clear();
        _start = 0;
    }
}
