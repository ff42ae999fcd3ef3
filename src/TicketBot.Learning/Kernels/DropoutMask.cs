using System.Runtime.Intrinsics;

namespace TicketBot.Learning.Kernels;

/// <summary>Draws and applies dropout masks, 64 bits for a row of a tile: bit = lane, set where the value lives. All 64 lanes of a row are drawn in 16
/// numbers whatever the tile holds, four lanes of 16 bits in each, the lowest first; so a bit depends on stream, row and lane only.</summary>
internal static unsafe class DropoutMask
{
    /// <summary>A rate in steps of 1/65536: a lane is dropped if its 16 bits lie below the threshold.</summary>
    public const int Resolution = 1 << 16;

    private const int DrawsPerRow = Tile.Width / 4;

    public static void Draw(ref Rng stream, int threshold, ulong* masks, int rows, KernelForm form)
    {
        ulong* draws = stackalloc ulong[DrawsPerRow];
        Vector256<ushort> limit = Vector256.Create((ushort)threshold);
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < DrawsPerRow; i++)
            {
                draws[i] = stream.NextUInt64();
            }

            ulong mask = 0;
            if (form == KernelForm.Scalar)
            {
                for (int lane = 0; lane < Tile.Width; lane++)
                {
                    int drawn = (int)((draws[lane / 4] >> (lane % 4 * 16)) & 0xFFFF);
                    mask |= drawn >= threshold ? 1UL << lane : 0UL;
                }
            }
            else
            {
                for (int i = 0; i < 4; i++)
                {
                    Vector256<ushort> lives = Vector256.GreaterThanOrEqual(Vector256.Load((ushort*)draws + 16 * i), limit);
                    mask |= (ulong)lives.ExtractMostSignificantBits() << (16 * i);
                }
            }

            masks[row] = mask;
        }
    }

    /// <summary>y = factor x where the mask is set, else +0.</summary>
    public static void Apply(float* x, float factor, ulong* masks, float* y, int rows, int lanes, KernelForm form)
    {
        Vector256<float> f = Vector256.Create(factor);
        for (int row = 0; row < rows; row++, x += Tile.Width, y += Tile.Width)
        {
            ulong mask = masks[row];
            if (form == KernelForm.Scalar)
            {
                for (int lane = 0; lane < lanes; lane++)
                {
                    y[lane] = (mask >> lane & 1) != 0 ? x[lane] * factor : 0f;
                }

                continue;
            }

            for (int lane = 0; lane < lanes; lane += 8)
            {
                (Vector256.Load(x + lane) * f & Lives(mask, lane)).Store(y + lane);
            }
        }
    }

    /// <summary>dx = dx + factor dy where the mask is set.</summary>
    public static void AddGradient(float* dy, float factor, ulong* masks, float* dx, int rows, int lanes, KernelForm form)
    {
        Vector256<float> f = Vector256.Create(factor);
        for (int row = 0; row < rows; row++, dy += Tile.Width, dx += Tile.Width)
        {
            ulong mask = masks[row];
            if (form == KernelForm.Scalar)
            {
                for (int lane = 0; lane < lanes; lane++)
                {
                    dx[lane] = MathF.FusedMultiplyAdd((mask >> lane & 1) != 0 ? dy[lane] : 0f, factor, dx[lane]);
                }

                continue;
            }

            for (int lane = 0; lane < lanes; lane += 8)
            {
                Vector256.FusedMultiplyAdd(Vector256.Load(dy + lane) & Lives(mask, lane), f, Vector256.Load(dx + lane)).Store(dx + lane);
            }
        }
    }

    private static Vector256<float> Lives(ulong mask, int lane)
    {
        Vector256<int> bits = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
        return Vector256.Equals(Vector256.Create((int)(mask >> lane)) & bits, bits).AsSingle();
    }
}
