using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>Copies and sums of rows of a tile, <c>[rows][64]</c>. Lanes are independent elements, <c>lanes</c> a multiple of 16; rows of a full tile are one
/// run, of a short one the unused lanes stay alone.</summary>
internal static unsafe class TileRows
{
    /// <summary>y = x.</summary>
    public static void Copy(float* x, float* y, int rows, int lanes)
    {
        if (lanes == Tile.Width)
        {
            new ReadOnlySpan<float>(x, rows * Tile.Width).CopyTo(new Span<float>(y, rows * Tile.Width));
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            new ReadOnlySpan<float>(x + row * Tile.Width, lanes).CopyTo(new Span<float>(y + row * Tile.Width, lanes));
        }
    }

    /// <summary>y = y + x.</summary>
    public static void Add(float* x, float* y, int rows, int lanes, KernelForm form)
    {
        (int runs, int length) = lanes == Tile.Width ? (1, rows * Tile.Width) : (rows, lanes);
        for (int run = 0; run < runs; run++, x += Tile.Width, y += Tile.Width)
        {
            for (int i = 0; i < length; i += 8)
            {
                if (form == KernelForm.Scalar)
                {
                    for (int j = i; j < i + 8; j++)
                    {
                        y[j] += x[j];
                    }
                }
                else
                {
                    (Vector256.Load(y + i) + Vector256.Load(x + i)).Store(y + i);
                }
            }
        }
    }

    /// <summary>y = y + factor x in one rounding.</summary>
    public static void AddScaled(float* x, float factor, float* y, int rows, int lanes, KernelForm form)
    {
        (int runs, int length) = lanes == Tile.Width ? (1, rows * Tile.Width) : (rows, lanes);
        Vector256<float> f = Vector256.Create(factor);
        for (int run = 0; run < runs; run++, x += Tile.Width, y += Tile.Width)
        {
            for (int i = 0; i < length; i += 8)
            {
                if (form == KernelForm.Scalar)
                {
                    for (int j = i; j < i + 8; j++)
                    {
                        y[j] = MathF.FusedMultiplyAdd(factor, x[j], y[j]);
                    }
                }
                else
                {
                    Vector256.FusedMultiplyAdd(f, Vector256.Load(x + i), Vector256.Load(y + i)).Store(y + i);
                }
            }
        }
    }

    /// <summary>y = y / divisor, exactly rounded.</summary>
    public static void Divide(float* y, float divisor, int rows, int lanes, KernelForm form)
    {
        (int runs, int length) = lanes == Tile.Width ? (1, rows * Tile.Width) : (rows, lanes);
        Vector256<float> d = Vector256.Create(divisor);
        for (int run = 0; run < runs; run++, y += Tile.Width)
        {
            for (int i = 0; i < length; i += 8)
            {
                if (form == KernelForm.Scalar)
                {
                    for (int j = i; j < i + 8; j++)
                    {
                        y[j] /= divisor;
                    }
                }
                else
                {
                    (Vector256.Load(y + i) / d).Store(y + i);
                }
            }
        }
    }
}
