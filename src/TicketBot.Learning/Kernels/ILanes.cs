namespace TicketBot.Learning.Kernels;

/// <summary>One or more floats that are worked on at once. A formula written over it runs in every form of <see cref="KernelForm"/> with the same
/// operations in the same order, each exact by IEEE 754, so the forms agree in every bit (payloads of NaN aside).</summary>
/// <typeparam name="T">The implementing type itself.</typeparam>
internal unsafe interface ILanes<T>
    where T : struct, ILanes<T>
{
    /// <summary>Floats at once.</summary>
    static abstract int Count { get; }

    static abstract T Load(float* from);

    static abstract T All(float value);

    void Store(float* to);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    static abstract T operator -(T a);

    /// <summary>a b + c, rounded once.</summary>
    static abstract T FusedMultiplyAdd(T a, T b, T c);

    static abstract T Abs(T a);

    /// <summary>The larger of the two; the second if either is NaN.</summary>
    static abstract T Max(T a, T b);

    /// <summary>The smaller of the two; the second if either is NaN.</summary>
    static abstract T Min(T a, T b);

    /// <summary>Where a is below b the first choice, else (NaN too) the second.</summary>
    static abstract T WhereBelow(T a, T b, T below, T otherwise);

    /// <summary>2^n, where n between -126 and 127 stands in the lowest bits of the float's pattern.</summary>
    static abstract T PowerOfTwo(T bits);
}
