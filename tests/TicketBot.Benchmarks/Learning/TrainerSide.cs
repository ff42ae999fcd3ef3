using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Benchmarks.Learning;

/// <summary>The public trainer on a thread of its own, stopped between two updates while the others have their turn. Shuffle, gather, forward,
/// loss, backward and update are all inside.</summary>
internal sealed class TrainerSide : Side
{
    private readonly SliceCounter _counter = new();
    private readonly SemaphoreSlim _go = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private readonly Thread _thread;
    private double _milliseconds;
    private bool _isOpen;
    private volatile bool _ends;
    private Exception? _fault;

    public TrainerSide(Network network, MaskSet mask, TrainingSet set, TrainingOptions options)
    {
        _thread = new Thread(() => Train(network, mask, set, options with { Steps = int.MaxValue })) { IsBackground = true, Name = "benchmark trainer" };
        _thread.Start();
    }

    public override void Begin(double milliseconds)
    {
        _milliseconds = milliseconds;
        _go.Release();
    }

    public override Slice End()
    {
        _done.Wait();
        return _fault is null ? _counter.Result : throw new InvalidOperationException(_fault.Message, _fault);
    }

    public override void Dispose()
    {
        _ends = true;
        _go.Release();
        _thread.Join();
        _go.Dispose();
        _done.Dispose();
        base.Dispose();
    }

    private void Train(Network network, MaskSet mask, TrainingSet set, TrainingOptions options)
    {
        try
        {
            Trainer.Train(network, mask, set, null, options, new Rng(7), _ => After());
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or TrainingDivergedException)
        {
            _fault = fault;
            _done.Release();
        }
    }

    private bool After()
    {
        if (_isOpen)
        {
            if (!_counter.IsOver(1))
            {
                return true;
            }

            _done.Release();
        }

        _go.Wait();
        _isOpen = true;
        if (_ends)
        {
            return false;
        }

        _counter.Start(_milliseconds);
        return true;
    }
}
