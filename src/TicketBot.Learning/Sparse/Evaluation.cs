namespace TicketBot.Learning.Sparse;

/// <summary>A compiled network at work: the signals between its stages and what fills them. Either each window is computed by itself, or the window slides by
/// one candle at a time and only what is new or depends on its start is computed. Both give the same bits.</summary>
internal sealed unsafe class Evaluation
{
    private readonly StageGraph _graph;
    private readonly Signal[] _signals;
    private readonly List<(StageRun Run, int First)> _runs = [];
    private readonly int[] _inputs;
    private readonly Signal _input;
    private readonly Signal _output;

    /// <param name="graph">The compiled stages.</param>
    /// <param name="slides">True for windows that slide.</param>
    public Evaluation(StageGraph graph, bool slides)
    {
        _graph = graph;
        _inputs = [.. Enumerable.Range(0, graph.Input.Shape.Channels).Where(c => graph.Input.Slots[c] >= 0)];
        var settled = new Dictionary<Stage, int>();
        foreach (Stage stage in graph.Stages.Prepend(graph.Input))
        {
            settled[stage] = !slides ? stage.Shape.Steps : stage is InputStage ? 0 : stage.SettledFrom([.. stage.Inputs.Select(input => settled.GetValueOrDefault(input))]);
        }

        var borrowed = new Dictionary<Stage, int>();
        foreach (Stage stage in graph.Stages)
        {
            int wanted = stage.Borrowed(settled[stage]);
            foreach (Stage input in wanted > 0 ? stage.Inputs : [])
            {
                borrowed[input] = Math.Max(borrowed.GetValueOrDefault(input), wanted);
            }
        }

        var signals = new Dictionary<Stage, Signal>();
        _input = signals[graph.Input] = SignalOf(graph.Input);
        foreach (Stage stage in graph.Stages)
        {
            if (stage is InputStage)
            {
                continue;
            }

            Signal[] inputs = [.. stage.Inputs.Select(input => signals.GetValueOrDefault(input) ?? _input)];
            if (stage.ViewOf(inputs[0]) is { } view)
            {
                signals[stage] = view;
                continue;
            }

            signals[stage] = SignalOf(stage);
            _runs.Add((stage.Attach(inputs, signals[stage]), stage.First));
        }

        _output = signals[graph.Output];
        _signals = [.. signals.Values.Distinct()];

        Signal SignalOf(Stage stage) => new(stage.Shape.Steps, stage.Width, settled[stage], stage.Leading, borrowed.GetValueOrDefault(stage));
    }

    /// <summary>Multiply-adds of one window, or of one new candle once a window is full.</summary>
    public long MultiplyAdds => _runs.Sum(entry =>
    {
        (StageRun run, int first) = entry;
        int settled = run.Output.Settled;
        return (first < settled ? run.MultiplyAdds(first, settled) : 0) + (settled < run.Output.Steps ? run.MultiplyAdds(run.Output.Steps - 1, run.Output.Steps) : 0);
    });

    /// <summary>The outputs after <see cref="Evaluate"/> or <see cref="Advance"/>.</summary>
    public ReadOnlySpan<float> Outputs => new(_output.At(0), _graph.Output.Shape.Channels);

    /// <summary>Computes a whole window.</summary>
    /// <param name="features"><c>[window][inputs]</c>.</param>
    public void Evaluate(ReadOnlySpan<float> features)
    {
        int channels = _graph.Input.Shape.Channels;
        for (int t = _graph.Input.First; t < _input.Steps; t++)
        {
            Take(features.Slice(t * channels, channels), _input.At(t));
        }

        foreach ((StageRun run, int first) in _runs)
        {
            run.Run(first, run.Output.Steps);
        }
    }

    /// <summary>Moves the window on by one candle.</summary>
    /// <param name="features"><c>[inputs]</c>.</param>
    /// <param name="isFull">True if the window is full with it, so that the outputs are wanted.</param>
    public void Advance(ReadOnlySpan<float> features, bool isFull)
    {
        _input.Slide();
        Take(features, _input.At(_input.Steps - 1));
        _input.Borrow();
        foreach ((StageRun run, int first) in _runs)
        {
            Signal output = run.Output;
            output.Slide();
            // What depends on the start of a window that is not full yet is read by nobody.
            if (isFull && first < output.Settled)
            {
                run.Run(first, output.Settled);
            }

            if (output.Settled < output.Steps)
            {
                run.Run(output.Steps - 1, output.Steps);
            }

            output.Borrow();
        }
    }

    /// <summary>Forgets all candles.</summary>
    public void Clear()
    {
        foreach (Signal signal in _signals)
        {
            signal.Clear();
        }
    }

    private void Take(ReadOnlySpan<float> step, float* to)
    {
        if (_inputs.Length == step.Length)
        {
            step.CopyTo(new Span<float>(to, step.Length));
            return;
        }

        for (int i = 0; i < _inputs.Length; i++)
        {
            to[i] = step[_inputs[i]];
        }
    }
}
