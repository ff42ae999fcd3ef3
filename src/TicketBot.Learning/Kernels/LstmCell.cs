using System.Runtime.CompilerServices;

namespace TicketBot.Learning.Kernels;

/// <summary>The element-wise half of a long short-term memory step (Hochreiter and Schmidhuber 1997; forget gate: Gers et al. 2000), in one pass over
/// <c>[hidden][64]</c>; lanes are samples, or all elements where the tile is full. With gates i, f, g, o: c = f c' + i g, h = o tanh(c).</summary>
internal static unsafe class LstmCell
{
    /// <summary>Cell states and gate gradients smaller than this are zero. Saturated gates shrink both at each step, in and below the denormal range after a few dozen
    /// steps; the optimiser takes a whole gradient below 1e-15 for zero anyway.</summary>
    public const float Floor = 1e-18f;

    /// <summary>Where one step of one tile lies.</summary>
    /// <param name="Gates">Rows i, f, g, o <c>[4 hidden][64]</c>: sums, after the forward pass gates, after the backward pass gradients of the sums.</param>
    /// <param name="Cell">Cell state c <c>[hidden][64]</c>.</param>
    /// <param name="CellBefore">Cell state of the step before, or null at the first.</param>
    /// <param name="CellTanh">tanh(c).</param>
    /// <param name="Output">h on the way forward, its gradient on the way back.</param>
    public readonly record struct Memory(nint Gates, nint Cell, nint CellBefore, nint CellTanh, nint Output);

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

    /// <summary>The way back.</summary>
    /// <param name="memory">As the forward pass left it, with the complete gradient of h.</param>
    /// <param name="carry">Gradient of c that comes from the step after, zero at the last step; leaves as that of the step before.</param>
    /// <param name="hidden">Channels.</param>
    /// <param name="lanes">Samples rounded up to 16.</param>
    /// <param name="form">Which form runs.</param>
    public static void Backward(in Memory memory, float* carry, int hidden, int lanes, KernelForm form)
    {
        switch (form)
        {
            case KernelForm.Vector512:
                Backward<SixteenLanes>(memory, carry, hidden, lanes);
                break;
            case KernelForm.Vector256:
                Backward<EightLanes>(memory, carry, hidden, lanes);
                break;
            default:
                Backward<OneLane>(memory, carry, hidden, lanes);
                break;
        }
    }

    /// <summary>Elements from one short run to the next: four full rows, or one row of which only the used lanes are touched.</summary>
    public static int Apart(int lanes) => lanes == Tile.Width ? 4 * Tile.Width : Tile.Width;

    /// <summary>Zero below <see cref="Floor"/>, else (NaN too) the value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Cut<T>(T x)
        where T : struct, ILanes<T> => T.WhereBelow(T.Abs(x), T.All(Floor), T.All(0f), x);

    /// <summary>Gate by gate over a few rows that stay in the nearest cache, then the state: the compiler stops expanding a loop that holds five of these
    /// functions at once, which costs seven times the time.</summary>
    private static void Forward<T>(in Memory memory, int hidden, int lanes)
        where T : struct, ILanes<T>
    {
        int gate = hidden * Tile.Width;
        float* gates = (float*)memory.Gates;
        float* before = (float*)memory.CellBefore;
        int apart = Apart(lanes);
        for (int at = 0; at < gate; at += apart)
        {
            int count = Math.Min(gate - at, lanes == Tile.Width ? apart : lanes);
            Activations.Forward<SigmoidFunction, T>(gates + at, 0, count);
            Activations.Forward<SigmoidFunction, T>(gates + gate + at, 0, count);
            Activations.Forward<TanhFunction, T>(gates + 2 * gate + at, 0, count);
            Activations.Forward<SigmoidFunction, T>(gates + 3 * gate + at, 0, count);
            State<T>(gates + at, gate, before == null ? null : before + at, (float*)memory.Cell + at, (float*)memory.CellTanh + at, (float*)memory.Output + at, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void State<T>(float* gates, int gate, float* before, float* cell, float* tanh, float* output, int count)
        where T : struct, ILanes<T>
    {
        for (int at = 0; at < count; at += T.Count)
        {
            T c = T.Load(gates + at) * T.Load(gates + 2 * gate + at);
            c = before == null ? c : T.FusedMultiplyAdd(T.Load(gates + gate + at), T.Load(before + at), c);
            c = Cut(c);
            c.Store(cell + at);
            T tc = Exponential.Tanh(c);
            tc.Store(tanh + at);
            (T.Load(gates + 3 * gate + at) * tc).Store(output + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward<T>(in Memory memory, float* carry, int hidden, int lanes)
        where T : struct, ILanes<T>
    {
        int gate = hidden * Tile.Width;
        float* gates = (float*)memory.Gates;
        float* before = (float*)memory.CellBefore;
        float* tanh = (float*)memory.CellTanh;
        float* outputGradient = (float*)memory.Output;
        T one = T.All(1f);
        for (int row = 0; row < gate; row += Tile.Width)
        {
            for (int at = row; at < row + lanes; at += T.Count)
            {
                T dh = T.Load(outputGradient + at);
                T tc = T.Load(tanh + at);
                T o = T.Load(gates + 3 * gate + at);
                T dc = T.FusedMultiplyAdd(dh * o, T.FusedMultiplyAdd(-tc, tc, one), T.Load(carry + at));
                Cut(SigmoidFunction.TimesSlope(dh * tc, o)).Store(gates + 3 * gate + at);
                T i = T.Load(gates + at);
                T g = T.Load(gates + 2 * gate + at);
                Cut(SigmoidFunction.TimesSlope(dc * g, i)).Store(gates + at);
                Cut(TanhFunction.TimesSlope(dc * i, g)).Store(gates + 2 * gate + at);
                T f = T.Load(gates + gate + at);
                T c = before == null ? T.All(0f) : T.Load(before + at);
                Cut(SigmoidFunction.TimesSlope(dc * c, f)).Store(gates + gate + at);
                Cut(dc * f).Store(carry + at);
            }
        }
    }
}
