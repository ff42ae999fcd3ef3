using System.Runtime.CompilerServices;

namespace TicketBot.Learning.Kernels;

/// <summary>Activations and their derivatives, in place over tiles. Lanes are independent elements; what a wide form leaves over is done one by one.
/// A NaN passes through, so that divergence is seen at the loss and not hidden by a ReLU. The slope follows from the output, except for GELU, which is not
/// monotone: there the forward run writes the slopes down.</summary>
internal static unsafe class Activations
{
    /// <summary>Slope of the leaky ReLU below zero (Maas et al. 2013).</summary>
    public const float LeakySlope = 0.01f;

    /// <summary>True if the backward run needs the slopes of the forward run.</summary>
    public static bool NeedsSlopes(Activation activation) => activation == Activation.Gelu;

    public static float Of(Activation activation, float x)
    {
        Apply(activation, &x, null, 1, KernelForm.Scalar);
        return x;
    }

    /// <summary>Applies the function in place.</summary>
    /// <param name="activation">The function.</param>
    /// <param name="values">Arguments in, values out.</param>
    /// <param name="slopes">Takes the derivative per element if <see cref="NeedsSlopes"/>; null where no backward run follows.</param>
    /// <param name="count">Elements.</param>
    /// <param name="form">Which form runs.</param>
    public static void Apply(Activation activation, float* values, float* slopes, int count, KernelForm form)
    {
        switch (activation)
        {
            case Activation.Relu:
                Forward<ReluFunction>(values, count, form);
                break;
            case Activation.LeakyRelu:
                Forward<LeakyReluFunction>(values, count, form);
                break;
            case Activation.Tanh:
                Forward<TanhFunction>(values, count, form);
                break;
            case Activation.Sigmoid:
                Forward<SigmoidFunction>(values, count, form);
                break;
            case Activation.Gelu:
                Gelu(values, slopes, count, form);
                break;
        }
    }

    /// <summary>Multiplies the gradient by the slope; at the kink of the ReLU family the slope is the lower one.</summary>
    public static void Backward(Activation activation, float* outputs, float* slopes, float* gradient, int count, KernelForm form)
    {
        switch (activation)
        {
            case Activation.Relu:
                Backward<ReluFunction>(outputs, gradient, count, form);
                break;
            case Activation.LeakyRelu:
                Backward<LeakyReluFunction>(outputs, gradient, count, form);
                break;
            case Activation.Tanh:
                Backward<TanhFunction>(outputs, gradient, count, form);
                break;
            case Activation.Sigmoid:
                Backward<SigmoidFunction>(outputs, gradient, count, form);
                break;
            case Activation.Gelu:
                Backward<StoredSlope>(slopes, gradient, count, form);
                break;
        }
    }

    /// <summary>Applies to <c>rows</c> rows of a tile; a full tile is one run, a short one leaves the unused lanes of each row alone.</summary>
    public static void ApplyRows(Activation activation, float* values, float* slopes, int rows, int lanes, KernelForm form)
    {
        (int runs, int count) = lanes == Tile.Width ? (1, rows * Tile.Width) : (rows, lanes);
        for (int run = 0; run < runs; run++)
        {
            int at = run * Tile.Width;
            Apply(activation, values + at, slopes == null ? null : slopes + at, count, form);
        }
    }

    /// <summary>The backward form of <see cref="ApplyRows"/>.</summary>
    public static void BackwardRows(Activation activation, float* outputs, float* slopes, float* gradient, int rows, int lanes, KernelForm form)
    {
        (int runs, int count) = lanes == Tile.Width ? (1, rows * Tile.Width) : (rows, lanes);
        for (int run = 0; run < runs; run++)
        {
            int at = run * Tile.Width;
            Backward(activation, outputs + at, slopes == null ? null : slopes + at, gradient + at, count, form);
        }
    }

    private static void Forward<TFunction>(float* values, int count, KernelForm form)
        where TFunction : struct, IActivationFunction
    {
        int done = form switch
        {
            KernelForm.Vector512 => Forward<TFunction, SixteenLanes>(values, 0, count),
            KernelForm.Vector256 => Forward<TFunction, EightLanes>(values, 0, count),
            _ => 0,
        };
        Forward<TFunction, OneLane>(values, done, count);
    }

    /// <summary>Applies a function from element i on while there are enough for its lanes; returns where it stopped.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static int Forward<TFunction, T>(float* values, int i, int count)
        where TFunction : struct, IActivationFunction
        where T : struct, ILanes<T>
    {
        for (; i + T.Count <= count; i += T.Count)
        {
            TFunction.Of(T.Load(values + i)).Store(values + i);
        }

        return i;
    }

    private static void Backward<TFunction>(float* outputs, float* gradient, int count, KernelForm form)
        where TFunction : struct, IActivationFunction
    {
        int done = form switch
        {
            KernelForm.Vector512 => Backward<TFunction, SixteenLanes>(outputs, gradient, 0, count),
            KernelForm.Vector256 => Backward<TFunction, EightLanes>(outputs, gradient, 0, count),
            _ => 0,
        };
        Backward<TFunction, OneLane>(outputs, gradient, done, count);
    }

    private static int Backward<TFunction, T>(float* outputs, float* gradient, int i, int count)
        where TFunction : struct, IActivationFunction
        where T : struct, ILanes<T>
    {
        for (; i + T.Count <= count; i += T.Count)
        {
            TFunction.TimesSlope(T.Load(gradient + i), T.Load(outputs + i)).Store(gradient + i);
        }

        return i;
    }

    private static void Gelu(float* values, float* slopes, int count, KernelForm form)
    {
        int done = form switch
        {
            KernelForm.Vector512 => Gelu<SixteenLanes>(values, slopes, 0, count),
            KernelForm.Vector256 => Gelu<EightLanes>(values, slopes, 0, count),
            _ => 0,
        };
        Gelu<OneLane>(values, slopes, done, count);
    }

    private static int Gelu<T>(float* values, float* slopes, int i, int count)
        where T : struct, ILanes<T>
    {
        for (; i + T.Count <= count; i += T.Count)
        {
            Exponential.Gelu(T.Load(values + i), out T slope).Store(values + i);
            if (slopes != null)
            {
                slope.Store(slopes + i);
            }
        }

        return i;
    }
}
