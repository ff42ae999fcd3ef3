using System.Runtime.CompilerServices;

namespace TicketBot.Learning.Kernels;

/// <summary>A single float: the plain form of every formula.</summary>
internal readonly unsafe struct OneLane(float value) : ILanes<OneLane>
{
    public static int Count => 1;

    public float Value { get; } = value;

    public static OneLane operator +(OneLane a, OneLane b) => new(a.Value + b.Value);

    public static OneLane operator -(OneLane a, OneLane b) => new(a.Value - b.Value);

    public static OneLane operator *(OneLane a, OneLane b) => new(a.Value * b.Value);

    public static OneLane operator /(OneLane a, OneLane b) => new(a.Value / b.Value);

    public static OneLane operator -(OneLane a) => new(-a.Value);

    public static OneLane Load(float* from) => new(*from);

    public static OneLane All(float value) => new(value);

    public void Store(float* to) => *to = Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane FusedMultiplyAdd(OneLane a, OneLane b, OneLane c) => new(MathF.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    public static OneLane Abs(OneLane a) => new(MathF.Abs(a.Value));

    public static OneLane Max(OneLane a, OneLane b) => a.Value > b.Value ? a : b;

    public static OneLane Min(OneLane a, OneLane b) => a.Value < b.Value ? a : b;

    public static OneLane WhereBelow(OneLane a, OneLane b, OneLane below, OneLane otherwise) => a.Value < b.Value ? below : otherwise;

    public static OneLane PowerOfTwo(OneLane bits) => new(BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(bits.Value) + 127) << 23));
}
