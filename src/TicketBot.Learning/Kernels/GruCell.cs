using System.Runtime.CompilerServices;

namespace TicketBot.Learning.Kernels;

/// <summary>The element-wise half of a gated recurrent step (Cho et al. 2014; the reset gate acts after the recurrent product), in one pass over
/// <c>[hidden][64]</c>; lanes are samples. With gates r, z and the two sums a (inputs) and q (recurrent): n = tanh(a + r q), h = (1 - z) n + z h'.</summary>
internal static unsafe class GruCell
{
    /// <summary>Where one step of one tile lies; each block is <c>[3 hidden][64]</c>.</summary>
    /// <param name="InputSums">Rows r, z, a of the input product; after the forward pass n stands in a; after the backward pass the gradients of r, z, a.</param>
    /// <param name="RecurrentSums">Rows r, z (input product and recurrent product) and q; after the forward pass the gates r, z and q; after the backward pass the gradients of r, z, q.</param>
    /// <param name="OutputBefore">h of the step before, or null at the first.</param>
    /// <param name="Output">h on the way forward, its gradient on the way back.</param>
    /// <param name="OutputGradientBefore">On the way back the gradient of h of the step before, to which is added; or null.</param>
    public readonly record struct Memory(nint InputSums, nint RecurrentSums, nint OutputBefore, nint Output, nint OutputGradientBefore = 0);

    public static void Forward(in Memory memory, int hidden, int lanes, KernelForm form)
    {
        switch (form)
        {
            case KernelForm.Vector512:
                Forward<SixteenLanes>(memory, hidden, lanes);
                break;
            case KernelForm.Vector256:
                Forward<EightLanes>(memory, hidden, lanes);
                break;
            default:
                Forward<OneLane>(memory, hidden, lanes);
                break;
        }
    }

    public static void Backward(in Memory memory, int hidden, int lanes, KernelForm form)
    {
        switch (form)
        {
            case KernelForm.Vector512:
                Backward<SixteenLanes>(memory, hidden, lanes);
                break;
            case KernelForm.Vector256:
                Backward<EightLanes>(memory, hidden, lanes);
                break;
            default:
                Backward<OneLane>(memory, hidden, lanes);
                break;
        }
    }

    /// <summary>Gate by gate over a few rows that stay in the nearest cache, as in <see cref="LstmCell"/>.</summary>
    private static void Forward<T>(in Memory memory, int hidden, int lanes)
        where T : struct, ILanes<T>
    {
        int gate = hidden * Tile.Width;
        float* recurrent = (float*)memory.RecurrentSums;
        float* before = (float*)memory.OutputBefore;
        int apart = LstmCell.Apart(lanes);
        for (int at = 0; at < gate; at += apart)
        {
            int count = Math.Min(gate - at, lanes == Tile.Width ? apart : lanes);
            Activations.Forward<SigmoidFunction, T>(recurrent + at, 0, count);
            Activations.Forward<SigmoidFunction, T>(recurrent + gate + at, 0, count);
            State<T>(recurrent + at, (float*)memory.InputSums + 2 * gate + at, gate, before == null ? null : before + at, (float*)memory.Output + at, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void State<T>(float* recurrent, float* sums, int gate, float* before, float* output, int count)
        where T : struct, ILanes<T>
    {
        for (int at = 0; at < count; at += T.Count)
        {
            T n = Exponential.Tanh(T.FusedMultiplyAdd(T.Load(recurrent + at), T.Load(recurrent + 2 * gate + at), T.Load(sums + at)));
            n.Store(sums + at);
            T z = T.Load(recurrent + gate + at);
            T h = (T.All(1f) - z) * n;
            h = before == null ? h : T.FusedMultiplyAdd(z, T.Load(before + at), h);
            LstmCell.Cut(h).Store(output + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward<T>(in Memory memory, int hidden, int lanes)
        where T : struct, ILanes<T>
    {
        int gate = hidden * Tile.Width;
        float* sums = (float*)memory.InputSums;
        float* recurrent = (float*)memory.RecurrentSums;
        float* before = (float*)memory.OutputBefore;
        float* outputGradient = (float*)memory.Output;
        float* gradientBefore = (float*)memory.OutputGradientBefore;
        for (int row = 0; row < gate; row += Tile.Width)
        {
            for (int at = row; at < row + lanes; at += T.Count)
            {
                T dh = T.Load(outputGradient + at);
                T z = T.Load(recurrent + gate + at);
                T n = T.Load(sums + 2 * gate + at);
                T h = before == null ? T.All(0f) : T.Load(before + at);
                T dz = LstmCell.Cut(SigmoidFunction.TimesSlope(dh * (h - n), z));
                T da = LstmCell.Cut(TanhFunction.TimesSlope(dh * (T.All(1f) - z), n));
                if (before != null)
                {
                    LstmCell.Cut(T.FusedMultiplyAdd(dh, z, T.Load(gradientBefore + at))).Store(gradientBefore + at);
                }

                T r = T.Load(recurrent + at);
                T dr = LstmCell.Cut(SigmoidFunction.TimesSlope(da * T.Load(recurrent + 2 * gate + at), r));
                dr.Store(sums + at);
                dz.Store(sums + gate + at);
                da.Store(sums + 2 * gate + at);
                dr.Store(recurrent + at);
                dz.Store(recurrent + gate + at);
                LstmCell.Cut(da * r).Store(recurrent + 2 * gate + at);
            }
        }
    }
}
