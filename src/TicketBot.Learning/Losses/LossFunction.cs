using TicketBot.Learning.Layers;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Losses;

/// <summary>A loss at work on the outputs of one network.</summary>
internal abstract class LossFunction
{
    /// <summary>Writes the gradient of the loss by the outputs of all tiles, zero in lanes without a sample, and returns the loss of the batch.</summary>
    /// <param name="set">Where the targets are.</param>
    /// <param name="rows">The rows of the set in the batch, in lane order.</param>
    /// <param name="output">Outputs <c>[tile][channel][64]</c>; its gradient is cleared.</param>
    /// <param name="pass">The pass.</param>
    public abstract double Run(TrainingSet set, ReadOnlySpan<int> rows, Flow output, in Pass pass);
}
