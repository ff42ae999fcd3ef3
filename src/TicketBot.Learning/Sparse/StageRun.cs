namespace TicketBot.Learning.Sparse;

/// <summary>A stage at work on the signals of one evaluation.</summary>
internal abstract class StageRun(Signal output)
{
    public Signal Output { get; } = output;

    /// <summary>Floats of a step rounded up to whole vectors; what lies behind a step may be overwritten, since steps are computed in ascending order.</summary>
    protected int PaddedWidth { get; } = (output.Width + 7) & ~7;

    /// <summary>Computes the steps <c>from .. to - 1</c>.</summary>
    public abstract void Run(int from, int to);

    /// <summary>Products with surviving weights, and between activations, that <see cref="Run"/> executes.</summary>
    public virtual long MultiplyAdds(int from, int to) => 0;
}
