using System.Runtime.Intrinsics;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Sparse;

/// <summary>The mean or the largest over steps, per channel.</summary>
internal sealed unsafe class PoolStage(Stage input, Pooling pooling) : Stage(new LayerShape(1, input.Shape.Channels), input)
{
    public override void RequireInputs()
    {
        for (int c = 0; c < Needed.Length; c++)
        {
            if (Needed[c])
            {
                Input.Require(c, 0);
            }
        }
    }

    public override void Lay() => LayAs(Input);

    public override int SettledFrom(int[] inputs) => 1;

    public override StageRun Attach(Signal[] inputs, Signal output) => new PoolRun(pooling, inputs[0], output);

    private sealed class PoolRun(Pooling pooling, Signal input, Signal output) : StageRun(output)
    {
        public override void Run(int from, int to)
        {
            float* y = Output.At(0);
            new ReadOnlySpan<float>(input.At(0), Output.Width).CopyTo(new Span<float>(y, Output.Width));
            for (int t = 1; t < input.Steps; t++)
            {
                float* x = input.At(t);
                for (int i = 0; i < PaddedWidth; i += 8)
                {
                    Vector256<float> value = Vector256.Load(x + i);
                    Vector256<float> pooled = Vector256.Load(y + i);
                    // A NaN passes, so that the wall at the outputs sees it.
                    (pooling == Pooling.Mean ? pooled + value
                        : Vector256.ConditionalSelect(Vector256.GreaterThan(value, pooled) | ~Vector256.Equals(value, value), value, pooled)).Store(y + i);
                }
            }

            for (int i = 0; pooling == Pooling.Mean && i < PaddedWidth; i += 8)
            {
                (Vector256.Load(y + i) / Vector256.Create((float)input.Steps)).Store(y + i);
            }
        }
    }
}
