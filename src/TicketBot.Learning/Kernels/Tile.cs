using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TicketBot.Learning.Kernels;

/// <summary>The shape of a batch tile: up to 64 samples side by side, <c>[feature][64]</c>; and the ways into and out of it. Values are only moved, so
/// blocks of 8 x 8 in registers and single floats give the same result.</summary>
internal static unsafe class Tile
{
    /// <summary>Samples of a tile.</summary>
    public const int Width = 64;

    /// <summary>Lanes that kernels handle at once; lane counts are rounded up to it.</summary>
    public const int LaneGroup = 16;

    public static int RoundUp(int count) => (count + LaneGroup - 1) & ~(LaneGroup - 1);

    /// <summary>Writes <c>source [rows][sourceStride]</c> transposed into <c>destination [columns][destinationStride]</c>.</summary>
    public static void Transpose(float* source, int sourceStride, int rows, int columns, float* destination, int destinationStride)
    {
        int r = 0;
        if (Avx.IsSupported)
        {
            long* offsets = stackalloc long[8];
            for (; r + 8 <= rows; r += 8)
            {
                for (int i = 0; i < 8; i++)
                {
                    offsets[i] = (long)(r + i) * sourceStride;
                }

                TransposeEight(source, offsets, columns, destination + r, destinationStride);
            }
        }

        for (; r < rows; r++)
        {
            TransposeOne(source + (long)r * sourceStride, columns, destination + r, destinationStride);
        }
    }

    /// <summary>Writes rows from anywhere into a tile: row i of <paramref name="length"/> values, at <c>source + offsets[i]</c>, becomes lane i.</summary>
    public static void Gather(float* source, long* offsets, int count, int length, float* destination)
    {
        int i = 0;
        if (Avx.IsSupported)
        {
            for (; i + 8 <= count; i += 8)
            {
                TransposeEight(source, offsets + i, length, destination + i, Width);
            }
        }

        for (; i < count; i++)
        {
            TransposeOne(source + offsets[i], length, destination + i, Width);
        }
    }

    private static void TransposeOne(float* from, int columns, float* to, int stride)
    {
        for (int c = 0; c < columns; c++)
        {
            to[(long)c * stride] = from[c];
        }
    }

    // Turns 8 rows x 8 columns at a time: pairs of rows are interleaved, pairs of pairs, then the halves of the registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeEight(float* source, long* offsets, int columns, float* to, nint stride)
    {
        float* s0 = source + offsets[0];
        float* s1 = source + offsets[1];
        float* s2 = source + offsets[2];
        float* s3 = source + offsets[3];
        float* s4 = source + offsets[4];
        float* s5 = source + offsets[5];
        float* s6 = source + offsets[6];
        float* s7 = source + offsets[7];
        int c = 0;
        for (; c + 8 <= columns; c += 8)
        {
            // Register i holds half rows i and i + 4, so that interleaving within halves ends in whole columns.
            Vector256<float> r0 = Vector256.Create(Vector128.Load(s0 + c), Vector128.Load(s4 + c));
            Vector256<float> r1 = Vector256.Create(Vector128.Load(s1 + c), Vector128.Load(s5 + c));
            Vector256<float> r2 = Vector256.Create(Vector128.Load(s2 + c), Vector128.Load(s6 + c));
            Vector256<float> r3 = Vector256.Create(Vector128.Load(s3 + c), Vector128.Load(s7 + c));
            StoreFourColumns(r0, r1, r2, r3, to, stride);
            r0 = Vector256.Create(Vector128.Load(s0 + c + 4), Vector128.Load(s4 + c + 4));
            r1 = Vector256.Create(Vector128.Load(s1 + c + 4), Vector128.Load(s5 + c + 4));
            r2 = Vector256.Create(Vector128.Load(s2 + c + 4), Vector128.Load(s6 + c + 4));
            r3 = Vector256.Create(Vector128.Load(s3 + c + 4), Vector128.Load(s7 + c + 4));
            StoreFourColumns(r0, r1, r2, r3, to + 4 * stride, stride);
            to += 8 * stride;
        }

        for (; c < columns; c++)
        {
            to[0] = s0[c];
            to[1] = s1[c];
            to[2] = s2[c];
            to[3] = s3[c];
            to[4] = s4[c];
            to[5] = s5[c];
            to[6] = s6[c];
            to[7] = s7[c];
            to += stride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreFourColumns(Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3, float* to, nint stride)
    {
        Vector256<double> low01 = Avx.UnpackLow(r0, r1).AsDouble();
        Vector256<double> high01 = Avx.UnpackHigh(r0, r1).AsDouble();
        Vector256<double> low23 = Avx.UnpackLow(r2, r3).AsDouble();
        Vector256<double> high23 = Avx.UnpackHigh(r2, r3).AsDouble();
        Avx.UnpackLow(low01, low23).AsSingle().Store(to);
        Avx.UnpackHigh(low01, low23).AsSingle().Store(to + stride);
        Avx.UnpackLow(high01, high23).AsSingle().Store(to + 2 * stride);
        Avx.UnpackHigh(high01, high23).AsSingle().Store(to + 3 * stride);
    }
}
