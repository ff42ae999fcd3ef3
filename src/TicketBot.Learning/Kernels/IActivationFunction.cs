using System.Runtime.CompilerServices;

namespace TicketBot.Learning.Kernels;

/// <summary>An activation as a type, so that each loop over it is compiled without a branch inside.</summary>
internal interface IActivationFunction
{
    static abstract T Of<T>(T x)
        where T : struct, ILanes<T>;

    /// <summary>A gradient by the output times the slope that follows from the output.</summary>
    static abstract T TimesSlope<T>(T gradient, T output)
        where T : struct, ILanes<T>;
}

internal readonly struct ReluFunction : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x)
        where T : struct, ILanes<T> => T.WhereBelow(x, T.All(0f), T.All(0f), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T TimesSlope<T>(T gradient, T output)
        where T : struct, ILanes<T> => T.WhereBelow(T.All(0f), output, gradient, T.All(0f));
}

internal readonly struct LeakyReluFunction : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x)
        where T : struct, ILanes<T> => T.WhereBelow(x, T.All(0f), x * T.All(Activations.LeakySlope), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T TimesSlope<T>(T gradient, T output)
        where T : struct, ILanes<T> => T.WhereBelow(T.All(0f), output, gradient, gradient * T.All(Activations.LeakySlope));
}

internal readonly struct TanhFunction : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x)
        where T : struct, ILanes<T> => Exponential.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T TimesSlope<T>(T gradient, T output)
        where T : struct, ILanes<T> => gradient * T.FusedMultiplyAdd(-output, output, T.All(1f));
}

internal readonly struct SigmoidFunction : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x)
        where T : struct, ILanes<T> => Exponential.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T TimesSlope<T>(T gradient, T output)
        where T : struct, ILanes<T> => gradient * T.FusedMultiplyAdd(-output, output, output);
}

/// <summary>Stands for GELU on the way back: what is read as output is the slope itself.</summary>
internal readonly struct StoredSlope : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x)
        where T : struct, ILanes<T> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T TimesSlope<T>(T gradient, T output)
        where T : struct, ILanes<T> => gradient * output;
}
