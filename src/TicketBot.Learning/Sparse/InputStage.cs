using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Sparse;

/// <summary>The features of the window.</summary>
internal sealed class InputStage(LayerShape shape) : Stage(shape)
{
    public override void RequireInputs()
    {
    }

    /// <summary>Steps stay what they are when the window moves on.</summary>
    public override int SettledFrom(int[] inputs) => 0;

    public override StageRun Attach(Signal[] inputs, Signal output) => throw new InvalidOperationException("Invariant: the input is written, not computed.");
}
