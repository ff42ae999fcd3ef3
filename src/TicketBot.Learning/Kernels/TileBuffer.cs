namespace TicketBot.Learning.Kernels;

/// <summary>A zeroed float array that never moves and starts on a 64-byte line; lives as long as its owner.</summary>
internal sealed unsafe class TileBuffer
{
    private readonly float[] _storage;

    public TileBuffer(int length)
    {
        Length = length;
        _storage = GC.AllocateArray<float>(length + 16, pinned: true);
        nuint address = (nuint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _storage[0]);
        Pointer = (float*)((address + 63) & ~(nuint)63);
    }

    public int Length { get; }

    public float* Pointer { get; }

    public Span<float> Span => new(Pointer, Length);
}
