using System.Runtime.CompilerServices;

namespace TicketBot.Learning.Kernels;

/// <summary>The element-wise half of recurrent steps for one row; lanes are units. The operations of <see cref="LstmCell"/> and <see cref="GruCell"/> in their
/// order, without what a backward pass needs. Strides are multiples of 16, so there is no remainder.</summary>
internal static unsafe class RecurrentRow
{
    /// <summary>c = f c + i g, h = o tanh(c).</summary>
    /// <param name="sums">i, f, g, o, <c>[4][stride]</c>.</param>
    /// <param name="cell">c <c>[stride]</c>, zero before the first step.</param>
    /// <param name="output">h <c>[stride]</c>.</param>
    /// <param name="stride">Units rounded up to 16.</param>
    /// <param name="form">Which form runs.</param>
    public static void Lstm(float* sums, float* cell, float* output, int stride, KernelForm form)
    {
        switch (form)
        {
            case KernelForm.Vector512:
                Lstm<SixteenLanes>(sums, cell, output, stride);
                break;
            case KernelForm.Vector256:
                Lstm<EightLanes>(sums, cell, output, stride);
                break;
            default:
                Lstm<OneLane>(sums, cell, output, stride);
                break;
        }
    }

    /// <summary>n = tanh(a + r q), h = (1 - z) n + z h'.</summary>
    /// <param name="inputSum">a <c>[stride]</c>.</param>
    /// <param name="sums">r, z, q, <c>[3][stride]</c>.</param>
    /// <param name="before">h of the step before, or null at the first.</param>
    /// <param name="output">h <c>[stride]</c>.</param>
    /// <param name="stride">Units rounded up to 16.</param>
    /// <param name="form">Which form runs.</param>
    public static void Gru(float* inputSum, float* sums, float* before, float* output, int stride, KernelForm form)
    {
        switch (form)
        {
            case KernelForm.Vector512:
                Gru<SixteenLanes>(inputSum, sums, before, output, stride);
                break;
            case KernelForm.Vector256:
                Gru<EightLanes>(inputSum, sums, before, output, stride);
                break;
            default:
                Gru<OneLane>(inputSum, sums, before, output, stride);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Lstm<T>(float* sums, float* cell, float* output, int stride)
        where T : struct, ILanes<T>
    {
        for (int at = 0; at < stride; at += T.Count)
        {
            T c = Exponential.Sigmoid(T.Load(sums + at)) * Exponential.Tanh(T.Load(sums + 2 * stride + at));
            c = LstmCell.Cut(T.FusedMultiplyAdd(Exponential.Sigmoid(T.Load(sums + stride + at)), T.Load(cell + at), c));
            c.Store(cell + at);
            (Exponential.Sigmoid(T.Load(sums + 3 * stride + at)) * Exponential.Tanh(c)).Store(output + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gru<T>(float* inputSum, float* sums, float* before, float* output, int stride)
        where T : struct, ILanes<T>
    {
        for (int at = 0; at < stride; at += T.Count)
        {
            T n = Exponential.Tanh(T.FusedMultiplyAdd(Exponential.Sigmoid(T.Load(sums + at)), T.Load(sums + 2 * stride + at), T.Load(inputSum + at)));
            T z = Exponential.Sigmoid(T.Load(sums + stride + at));
            T h = (T.All(1f) - z) * n;
            h = before == null ? h : T.FusedMultiplyAdd(z, T.Load(before + at), h);
            LstmCell.Cut(h).Store(output + at);
        }
    }
}
