using System.Runtime.Intrinsics;
using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Sparse;

/// <summary>Layer normalisation in the operations of the trained layer. Its mean is over all channels, so all are needed, constant or not.</summary>
internal sealed unsafe class LayerNormStage(Stage input, float[] scale, float[] shift) : Stage(input.Shape, input)
{
    private TileBuffer _scale = new(0);
    private TileBuffer _shift = new(0);

    public override void RequireInputs()
    {
        for (int c = 0; c < Shape.Channels; c++)
        {
            Input.Require(c, First);
        }
    }

    public override void Lay() => LayAs(Input);

    public override void Pack(KernelForm form)
    {
        _scale = BySlot(c => scale[c]);
        _shift = BySlot(c => shift[c]);
    }

    public override int SettledFrom(int[] inputs) => inputs[0];

    public override StageRun Attach(Signal[] inputs, Signal output) => new LayerNormRun(this, inputs[0], output);

    private sealed class LayerNormRun(LayerNormStage stage, Signal input, Signal output) : StageRun(output)
    {
        public override void Run(int from, int to)
        {
            for (int t = from; t < to; t++)
            {
                Normalize(input.At(t), Output.At(t));
            }
        }

        private void Normalize(float* x, float* y)
        {
            int[] slots = stage.Slots;
            float sum = 0f;
            foreach (int slot in slots)
            {
                sum += x[slot];
            }

            float channels = slots.Length;
            float mean = sum / channels;
            float square = Normalization.SquareStart;
            sum = 0f;
            foreach (int slot in slots)
            {
                float d = x[slot] - mean;
                sum += d;
                square = MathF.FusedMultiplyAdd(d, d, square);
            }

            float variance = (square - sum * (sum / channels)) / channels;
            variance = variance < Normalization.VarianceFloor ? 0f : variance;
            mean += sum / channels;
            Vector256<float> center = Vector256.Create(mean);
            Vector256<float> inverse = Vector256.Create(1f / MathF.Sqrt(variance + Normalization.Epsilon));
            for (int i = 0; i < Output.Width; i += 8)
            {
                Vector256.FusedMultiplyAdd((Vector256.Load(x + i) - center) * inverse, Vector256.Load(stage._scale.Pointer + i), Vector256.Load(stage._shift.Pointer + i)).Store(y + i);
            }
        }
    }
}
