using System.Runtime.Intrinsics;
using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Sparse;

/// <summary>An activation by itself.</summary>
internal sealed unsafe class ActivationStage(Stage input, Activation activation) : Stage(input.Shape, input)
{
    private KernelForm _form;

    public override void FindConstants()
    {
        for (int c = 0; c < Constants.Length; c++)
        {
            Constants[c] = Input.Constants[c] is { } value ? Activations.Of(activation, value) : null;
        }
    }

    public override void RequireInputs() => RequireSame(Input);

    public override void Lay() => LayAs(Input);

    public override void Pack(KernelForm form) => _form = form;

    public override int SettledFrom(int[] inputs) => inputs[0];

    public override StageRun Attach(Signal[] inputs, Signal output) => new ActivationRun(this, activation, inputs[0], output);

    private sealed class ActivationRun(ActivationStage stage, Activation activation, Signal input, Signal output) : StageRun(output)
    {
        public override void Run(int from, int to)
        {
            for (int t = from; t < to; t++)
            {
                float* y = Output.At(t);
                new ReadOnlySpan<float>(input.At(t), Output.Width).CopyTo(new Span<float>(y, Output.Width));
                Activations.Apply(activation, y, null, PaddedWidth, stage._form);
            }
        }
    }
}

/// <summary>Batch normalisation with its running statistics, y = (x - mean) factor + shift with factor = scale / sqrt(variance + epsilon), in the operations of the
/// trained layer. Where the layer before is linear it is folded into that instead.</summary>
internal sealed unsafe class BatchNormStage(Stage input, float[] mean, float[] factor, float[] shift) : Stage(input.Shape, input)
{
    private TileBuffer _mean = new(0);
    private TileBuffer _factor = new(0);
    private TileBuffer _shift = new(0);

    /// <summary>Scale over the running deviation.</summary>
    public static float[] FactorOf(float[] scale, float[] variance) =>
        [.. scale.Select((s, c) => s * (1f / MathF.Sqrt(variance[c] + Normalization.Epsilon)))];

    public override void FindConstants()
    {
        for (int c = 0; c < Constants.Length; c++)
        {
            Constants[c] = Input.Constants[c] is { } value ? MathF.FusedMultiplyAdd(value - mean[c], factor[c], shift[c]) : null;
        }
    }

    public override void RequireInputs() => RequireSame(Input);

    public override void Lay() => LayAs(Input);

    public override void Pack(KernelForm form)
    {
        _mean = BySlot(c => mean[c]);
        _factor = BySlot(c => factor[c]);
        _shift = BySlot(c => shift[c]);
    }

    public override int SettledFrom(int[] inputs) => inputs[0];

    public override StageRun Attach(Signal[] inputs, Signal output) => new BatchNormRun(this, inputs[0], output);

    private sealed class BatchNormRun(BatchNormStage stage, Signal input, Signal output) : StageRun(output)
    {
        public override void Run(int from, int to)
        {
            for (int t = from; t < to; t++)
            {
                float* x = input.At(t);
                float* y = Output.At(t);
                for (int i = 0; i < Output.Width; i += 8)
                {
                    Vector256.FusedMultiplyAdd(
                        Vector256.Load(x + i) - Vector256.Load(stage._mean.Pointer + i), Vector256.Load(stage._factor.Pointer + i), Vector256.Load(stage._shift.Pointer + i)).Store(y + i);
                }
            }
        }
    }
}
