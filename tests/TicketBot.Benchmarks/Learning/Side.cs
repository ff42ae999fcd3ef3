namespace TicketBot.Benchmarks.Learning;

/// <summary>One of the things that are compared: it works when asked and stands still otherwise.</summary>
internal abstract class Side : IDisposable
{
    /// <summary>Works for about so long, at least one step.</summary>
    public Slice Run(double milliseconds)
    {
        Begin(milliseconds);
        return End();
    }

    /// <summary>Starts a slice, so that two sides can work at the same time.</summary>
    public abstract void Begin(double milliseconds);

    /// <summary>Waits for the slice to end.</summary>
    public abstract Slice End();

    public virtual void Dispose()
    {
    }
}

/// <summary>Several sides at once: their steps add up, their wall time is the longest.</summary>
internal sealed class TogetherSide(params Side[] sides) : Side
{
    public override void Begin(double milliseconds)
    {
        foreach (var side in sides)
        {
            side.Begin(milliseconds);
        }
    }

    public override Slice End()
    {
        var total = default(Slice);
        foreach (var side in sides)
        {
            var slice = side.End();
            total = new Slice(total.Steps + slice.Steps, Math.Max(total.WallSeconds, slice.WallSeconds), total.CpuSeconds + slice.CpuSeconds);
        }

        return total;
    }

    public override void Dispose()
    {
        foreach (var side in sides)
        {
            side.Dispose();
        }

        base.Dispose();
    }
}

/// <summary>Repeats an action on the driver's own thread.</summary>
internal sealed class LoopSide(Action<int> repeat) : Side
{
    private readonly SliceCounter _counter = new();
    private double _milliseconds;

    public override void Begin(double milliseconds) => _milliseconds = milliseconds;

    public override Slice End()
    {
        _counter.Start(_milliseconds);
        do
        {
            repeat(_counter.Ask);
        }
        while (!_counter.IsOver(_counter.Ask));
        return _counter.Result;
    }
}

/// <summary>Counts the steps of a slice on the thread that does them, and asks the clocks only about ten times a slice.</summary>
internal sealed class SliceCounter
{
    private double _seconds;
    private double _wall;
    private double _cpu;
    private long _steps;
    private long _next;

    /// <summary>Steps to do before the clock is asked again.</summary>
    public int Ask { get; private set; } = 1;

    public Slice Result { get; private set; }

    public void Start(double milliseconds)
    {
        _seconds = milliseconds / 1000.0;
        _steps = 0;
        _next = Ask;
        _wall = CpuClock.WallSeconds;
        _cpu = CpuClock.ThreadSeconds;
    }

    public bool IsOver(int stepsDone)
    {
        _steps += stepsDone;
        if (_steps < _next)
        {
            return false;
        }

        var wall = CpuClock.WallSeconds - _wall;
        Ask = (int)Math.Clamp(_steps / Math.Max(wall, 1e-7) * _seconds / 10.0, 1.0, 1e6);
        _next = _steps + Ask;
        if (wall < _seconds)
        {
            return false;
        }

        Result = new Slice(_steps, wall, CpuClock.ThreadSeconds - _cpu);
        return true;
    }
}
