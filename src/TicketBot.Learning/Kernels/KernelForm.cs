using System.Runtime.Intrinsics.X86;

namespace TicketBot.Learning.Kernels;

/// <summary>The form a kernel runs in. All forms give the same bits; only their speed differs.</summary>
internal enum KernelForm
{
    /// <summary>Plain loops over single floats.</summary>
    Scalar = 0,

    /// <summary>Eight floats at once.</summary>
    Vector256 = 1,

    /// <summary>Sixteen floats at once where a kernel has such a form, else eight.</summary>
    Vector512 = 2,
}

/// <summary>The form this machine runs best. Asked of AVX-512 itself: the runtime keeps <c>Vector512.IsHardwareAccelerated</c> false on processors
/// whose wide registers it thinks slow, where these kernels still gain by them.</summary>
internal static class KernelForms
{
    public static readonly KernelForm Best = Avx512F.IsSupported ? KernelForm.Vector512 : KernelForm.Vector256;
}
